import { randomUUID } from 'node:crypto';
import { createWriteStream, mkdirSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { Readable } from 'node:stream';
import { MODEL_VERSION } from '../../model/migrations.ts';
import type { Author } from './author.ts';
import { writeChangedTree, type TreeChange } from './changed-trees.ts';
import { CommitLog, MODEL_TRAILER } from './commit-log.ts';
import { isDiskFull } from './disk-full-error.ts';
import { Git, GitError, GitUnreadable, NO_TIMEOUT } from './git.ts';
import { packsWithoutIndex, removeLeftovers } from './stale-files.ts';
import { fileIn } from './git-tree.ts';

/** The ref of the published version. */
export const MAIN = 'refs/heads/main';
/** Refs that only protect objects from maintenance; no entry is in them. */
export const KEPT = 'refs/upkeep/';
const NOTHING = '0'.repeat(40);
const ID = /^[0-9a-f]{40}(?:[0-9a-f]{24})?$/u;
/** Stores bytes as they are. */
const HASH_OBJECT = ['hash-object', '-w', '--no-filters'];

/** A file in a commit's tree. */
export interface TreeFile {
  path: string;
  blob: string;
}

/** The move of a ref that still is at `from`; undefined means no such ref, before or after. */
export interface RefUpdate {
  ref: string;
  from: string | undefined;
  to: string | undefined;
}

export type { Author, TreeChange };

export interface CommitMessage {
  subject: string;
  /** Lines at the end for programs, such as `Desk-State: draft`; a list makes a line of each value. */
  trailers: Readonly<Record<string, string | readonly string[]>>;
}

/** Returns a text as one line of at most 200 characters, without anything that git reads as structure, or U+2028. */
function oneLine(text: string): string {
  return text
    .replace(/[\p{Cc}\p{Zl}\p{Zp}<>]+/gu, ' ')
    .trim()
    .slice(0, 200);
}

export interface RepositoryOptions {
  /** The version of the model in which new commits are written. */
  model?: number;
  /** How long a git command may take, in milliseconds. */
  timeout?: number | undefined;
}

/**
 * A bare repository. Every write makes new objects and then moves some refs together, each only if it still is where
 * the writer found it. So writers never wait for one another, and a kill leaves the old state or the new one.
 */
export class Repository {
  /** The history of its commits. */
  readonly log: CommitLog;
  readonly #git: Git;
  readonly #temporary: string;
  readonly #model: number;
  readonly #observers: ((refs: readonly string[]) => void)[] = [];

  private constructor(folder: string, { model = MODEL_VERSION, timeout }: RepositoryOptions = {}) {
    this.#git = new Git(folder, timeout);
    this.log = new CommitLog(this.#git);
    this.#model = model;
    this.#temporary = join(folder, 'desk-tmp');
  }

  /** Creates an empty repository and opens it. */
  static async make(folder: string, options: RepositoryOptions = {}): Promise<Repository> {
    mkdirSync(folder, { recursive: true });
    const git = new Git(folder, options.timeout);
    await git.run(['init', '--bare', '--initial-branch=main', '--quiet', folder]);
    return Repository.open(folder, options);
  }

  /** Opens a repository and removes what a kill has left. The caller is its only writer. */
  static async open(folder: string, options: RepositoryOptions = {}): Promise<Repository> {
    const repository = new Repository(folder, options);
    rmSync(repository.#temporary, { recursive: true, force: true });
    mkdirSync(repository.#temporary);
    removeLeftovers(folder);
    for (const pack of packsWithoutIndex(folder)) await repository.#index(pack);
    return repository;
  }

  /** Opens a repository that another process may be writing: nothing is removed. */
  static async join(folder: string): Promise<Repository> {
    const repository = new Repository(folder);
    mkdirSync(repository.#temporary, { recursive: true });
    return repository;
  }

  /**
   * Makes the index of a pack that has none: it was lost, or a kill came before it was written. If none can be made,
   * the pack stays; git ignores it.
   */
  async #index(pack: string): Promise<void> {
    await this.#git.run(['index-pack', pack], { timeout: NO_TIMEOUT }).catch((error: unknown) => {
      if (!(error instanceof GitError) || isDiskFull(error)) throw error;
    });
  }

  get folder(): string {
    return this.#git.folder;
  }

  close(): void {
    this.#git.close();
  }

  /** Returns the commit id of a ref or other name, or undefined if it names no commit. */
  async commitAt(name: string): Promise<string | undefined> {
    const found = await this.#git.resolve(name);
    return found?.type === 'commit' ? found.id : undefined;
  }

  /** Returns the published commit. @throws GitUnreadable if there is none: every repository has one from the start. */
  async head(): Promise<string> {
    const head = await this.commitAt(MAIN);
    if (head === undefined) throw new GitUnreadable(`${this.#git.folder} has no ${MAIN}.`);
    return head;
  }

  /** Returns the text of a commit object: headers, an empty line, the message. */
  async commitText(commit: string): Promise<string> {
    return (await this.#git.read(commit))?.content.toString() ?? '';
  }

  /** Returns the id of the file or folder at a path of a commit, or undefined. */
  async idAt(commit: string, path: string): Promise<string | undefined> {
    return (await this.#git.resolve(`${commit}:${path}`))?.id;
  }

  /** Returns the id of a commit's tree. */
  async treeOf(commit: string): Promise<string> {
    return (await this.#git.resolve(`${commit}^{tree}`))?.id ?? '';
  }

  /**
   * Returns the blob of the file at a path of a commit; undefined if there is none, or it is a folder, a symbolic link
   * or a submodule. (git's own `<commit>:<path>` also gives the text of a link. It does not follow links in the path.)
   */
  async blobAt(commit: string, path: string): Promise<string | undefined> {
    const border = path.lastIndexOf('/');
    const tree = await this.#git.read(`${commit}:${path.slice(0, Math.max(0, border))}`);
    return tree?.type === 'tree' ? fileIn(tree, path.slice(border + 1)) : undefined;
  }

  /** Returns whether there is an object of this id. */
  async has(id: string): Promise<boolean> {
    return (await this.#git.resolve(id)) !== undefined;
  }

  /** Returns whether the object of a name exists and cannot be read. */
  async isDamaged(name: string): Promise<boolean> {
    return this.#git.read(name).then(
      () => false,
      () => true,
    );
  }

  /** Returns the ids of all objects that refs reach, except refs below `KEPT`. Takes long in a large repository. */
  async reached(): Promise<Set<string>> {
    const args = ['rev-list', '--objects', '--no-object-names', `--exclude=${KEPT}*`, '--all'];
    const { stdout } = await this.#git.run(args, { timeout: NO_TIMEOUT });
    return new Set(stdout.split('\n'));
  }

  /** Returns the bytes of a blob. @throws GitUnreadable if there is none. */
  async bytes(blob: string): Promise<Buffer> {
    const found = await this.#git.read(blob);
    if (found?.type !== 'blob') throw new GitUnreadable(`Blob ${blob} is missing from ${this.#git.folder}.`);
    return found.content;
  }

  /**
   * Runs `work` with a function that writes a blob into a file and returns its path. The file is deleted afterwards.
   * The bytes are never whole in the memory of this process.
   */
  async inFile<T>(blob: string, work: (file: () => Promise<string>) => Promise<T>): Promise<T> {
    const path = join(this.#temporary, randomUUID());
    try {
      return await work(async () => {
        await this.#git.run(['cat-file', 'blob', blob], { output: () => createWriteStream(path) });
        return path;
      });
    } finally {
      rmSync(path, { force: true });
    }
  }

  /** Returns the files of a commit's tree below a folder ('': all), without symbolic links and submodules. */
  async files(commit: string, folder = ''): Promise<TreeFile[]> {
    const below = folder === '' ? [] : ['--', `${folder}/`];
    const { stdout } = await this.#git.run(['ls-tree', '-r', '-z', '--full-tree', commit, ...below]);
    return stdout.split('\0').flatMap((line) => {
      if (line === '') return [];
      const [, mode, id, path] = /^(\d{6}) (?:blob|commit) ([0-9a-f]+)\t(.+)$/su.exec(line) ?? [];
      if (id === undefined || path === undefined) throw new GitError('ls-tree', `answered “${line}”`);
      return mode === '100644' || mode === '100755' ? [{ path, blob: id }] : [];
    });
  }

  /**
   * Returns the files that differ between two commits, with their blobs in the second one; undefined: there is no such
   * file, or it is a link or a submodule. @throws GitError if one of the commits is missing
   */
  async changedFiles(from: string, to: string): Promise<TreeChange[]> {
    const { stdout } = await this.#git.run(['diff-tree', '-r', '-z', '--raw', '--no-renames', from, to]);
    const fields = stdout.split('\0');
    return Array.from({ length: Math.floor(fields.length / 2) }, (_, number) => {
      const [, mode = '', , id] = (fields[2 * number] ?? '').split(' ');
      const isFile = mode === '100644' || mode === '100755';
      return { path: fields[2 * number + 1] ?? '', blob: isFile ? id : undefined };
    });
  }

  /** Stores bytes as a blob and returns its id. */
  async write(content: string | Uint8Array): Promise<string> {
    const { stdout } = await this.#git.run([...HASH_OBJECT, '--stdin'], { input: content });
    return idIn('hash-object', stdout);
  }

  /**
   * Stores the bytes of a file as a blob and returns its id. git reads the file itself: they never pass through here.
   */
  async writeFile(path: string): Promise<string> {
    const { stdout } = await this.#git.run([...HASH_OBJECT, '--', resolve(path)]);
    return idIn('hash-object', stdout);
  }

  /**
   * Stores what `read` returns for each item as a blob, and returns the ids in the same order. One git writes all of
   * them; only about two contents are in memory at once.
   * @throws the error of `read`
   */
  async writeAll<Item>(items: readonly Item[], read: (item: Item) => Promise<Uint8Array>): Promise<string[]> {
    let failure: { error: unknown } | undefined;
    const input = async function* (): AsyncGenerator<string | Uint8Array> {
      try {
        for (const item of items) {
          const content = await read(item);
          yield `blob\nmark :1\ndata ${content.length}\n`;
          yield content;
          yield '\nget-mark :1\n';
        }
        yield 'done\n';
      } catch (error) {
        failure = { error };
        throw error;
      }
    };
    // Without `done`, an input that ends early would count as complete.
    const args = ['fast-import', '--quiet', '--depth=0', '--done'];
    const given = { input: () => Readable.from(input()), timeout: NO_TIMEOUT };
    const { stdout } = await this.#git.run(args, given).catch((error: unknown) => {
      throw failure ? failure.error : error;
    });
    const ids = stdout.split('\n').filter((line) => line !== '');
    if (ids.length !== items.length) throw new GitError('fast-import', `wrote ${ids.length} blobs of ${items.length}`);
    return ids.map((id) => idIn('fast-import', id));
  }

  /**
   * Writes the tree of a commit or tree (undefined: an empty one) with some paths changed, and returns its id: see
   * `writeChangedTree`. @throws Error if git refuses a path, GitError, GitUnreadable
   */
  async tree(base: string | undefined, changes: readonly TreeChange[]): Promise<string> {
    const scratch = join(this.#temporary, randomUUID());
    mkdirSync(scratch);
    try {
      return await writeChangedTree(this.#git, base, changes, scratch);
    } finally {
      rmSync(scratch, { recursive: true, force: true });
    }
  }

  /** Returns the tree of the merge of two commits, or undefined if there are conflicts. */
  async mergedTree(one: string, other: string): Promise<string | undefined> {
    const { code, stdout } = await this.#git.run(['merge-tree', '--write-tree', '--name-only', one, other], {
      expected: [0, 1],
    });
    // git writes a tree in both cases: with conflict markers if there are conflicts.
    const tree = idIn('merge-tree', stdout.split('\n')[0] ?? '');
    return code === 0 ? tree : undefined;
  }

  /** Writes a commit and returns its id; no ref is moved. */
  async commit(
    tree: string,
    parents: readonly string[],
    author: Author,
    { subject, trailers }: CommitMessage,
  ): Promise<string> {
    // Without a body, a subject that looks like a trailer would be read as one.
    const first = oneLine(subject).replace(/^Desk-/iu, 'desk ') || '保存';
    const all = { ...trailers, [MODEL_TRAILER]: String(this.#model) };
    const last = Object.entries(all).flatMap(([name, values]) =>
      [values].flat().map((value) => `${name}: ${oneLine(value)}\n`),
    );
    const { stdout } = await this.#git.run(['commit-tree', tree, ...parents.flatMap((parent) => ['-p', parent])], {
      input: `${first}\n\n${last.join('')}`,
      environment: {
        // git refuses a name without a letter or digit.
        GIT_AUTHOR_NAME: /[\p{L}\p{N}]/u.test(author.name) ? oneLine(author.name) : 'desk',
        GIT_AUTHOR_EMAIL: `${oneLine(author.login).replace(/\s/gu, '-') || 'desk'}@desk.invalid`,
      },
    });
    return idIn('commit-tree', stdout);
  }

  /** Calls `observer` with the names of refs after they have moved. It must not throw. */
  observeMoves(observer: (refs: readonly string[]) => void): void {
    this.#observers.push(observer);
  }

  /** Moves refs together. Returns false if one of them is no longer where it was: then none has moved. */
  async move(updates: readonly RefUpdate[]): Promise<boolean> {
    const moved = await this.#move(updates);
    if (moved) for (const observe of this.#observers) observe(updates.map(({ ref }) => ref));
    return moved;
  }

  async #move(updates: readonly RefUpdate[]): Promise<boolean> {
    const lines = updates.map(({ ref, from, to }) =>
      to === undefined ? `delete ${ref}\0${from ?? NOTHING}\0` : `update ${ref}\0${to}\0${from ?? NOTHING}\0`,
    );
    const options = { input: `start\0${lines.join('')}prepare\0commit\0`, expected: [0, 1, 128] };
    const ended = await this.#git.run(['update-ref', '-z', '--stdin'], options).catch(async (error: unknown) => {
      // If git was killed, it may have moved all of them before, or some.
      const left = await this.#pending(updates);
      if (left.length === updates.length) throw error;
      return left;
    });
    if ('length' in ended) return ended.length === 0 || this.#move(ended);
    const { code, stdout, stderr } = ended;
    if (code === 0 && stdout.includes('commit: ok')) return true;
    const failure = new GitError('update-ref', stderr || `answered “${stdout}”`);
    if (code === 0 || isDiskFull(failure)) throw failure;
    if (/is at|already exists|unable to resolve|cannot lock|Unable to create/u.test(stderr)) return false;
    throw failure;
  }

  /** Returns those of some moves that are not done. */
  async #pending(updates: readonly RefUpdate[]): Promise<RefUpdate[]> {
    const found = await Promise.all(updates.map(async (update) => ({ update, at: await this.commitAt(update.ref) })));
    return found.flatMap(({ update, at }) => (at === update.to ? [] : [update]));
  }

  /**
   * Returns the broken refs below a prefix: git cannot read them, or their commit is missing or damaged. `refs` does
   * not return those that git cannot read.
   */
  async brokenRefs(prefix: string): Promise<string[]> {
    const { stderr } = await this.#git.run(['for-each-ref', '--format=%(refname)', prefix]);
    const unread = Array.from(
      stderr.matchAll(/ignoring (?:broken|dangling symbolic) ref (\S+)/gu),
      ([, ref = '']) => ref,
    );
    const refs = [...(await this.refs(prefix))];
    const readable = await Promise.all(refs.map(async ([, commit]) => this.#git.read(commit).catch(() => undefined)));
    return [...unread, ...refs.flatMap(([ref], index) => (readable[index]?.type === 'commit' ? [] : [ref]))];
  }

  /** Returns the id in a ref, even if there is no such object; empty if there is no such ref. */
  async idOf(ref: string): Promise<string> {
    return (await this.refs(ref)).get(ref) ?? '';
  }

  /** Deletes a broken ref if it still exists. */
  async dropRef(ref: string): Promise<void> {
    await this.#git.run(['update-ref', '-d', ref], { expected: [0, 1, 128] });
  }

  /** Returns the refs below a prefix with their commits; with `merged` only those whose commit is in main. */
  async refs(prefix: string, { merged = false } = {}): Promise<Map<string, string>> {
    const { stdout } = await this.#git.run([
      'for-each-ref',
      '--format=%(refname) %(objectname)',
      ...(merged ? [`--merged=${MAIN}`] : []),
      prefix,
    ]);
    const lines = stdout.split('\n').filter((line) => line !== '');
    return new Map(
      lines.map((line) => {
        const [ref = '', commit = ''] = line.split(' ');
        return [ref, idIn('for-each-ref', commit)] as const;
      }),
    );
  }
}

/** Returns the object id that a command has written. @throws GitError if it wrote anything else. */
function idIn(command: string, output: string): string {
  const id = output.trim();
  if (ID.test(id)) return id;
  throw new GitError(command, `answered “${output.trim()}”`);
}

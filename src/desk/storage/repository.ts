import { isUtf8 } from 'node:buffer';
import { randomUUID } from 'node:crypto';
import { createWriteStream, mkdirSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { Readable } from 'node:stream';
import { MODEL_VERSION } from '../../model/migrations.ts';
import type { Author } from './author.ts';
import { writeChangedTree, type TreeChange } from './changed-trees.ts';
import { CommitLog, MODEL_TRAILER } from './commit-log.ts';
import { isDiskFull } from './disk-full-error.ts';
import { BACKGROUND, Git, GitError, GitUnreadable, NO_TIMEOUT } from './git.ts';
import { packsWithoutIndex, removeLeftovers } from './stale-files.ts';
import { fileIn, fileOf, FOLDER_MODE, treeEntries, type TreeEntry } from './git-tree.ts';

/** The ref of the published version. */
export const MAIN = 'refs/heads/main';
/** Prefix of refs that only protect objects from being deleted by maintenance. These refs contain no entries. */
export const KEPT = 'refs/upkeep/';
const NOTHING = '0'.repeat(40);
const ID = /^[0-9a-f]{40}(?:[0-9a-f]{24})?$/u;
/** Arguments of the git command that stores bytes as a blob, without changing them. */
const HASH_OBJECT = ['hash-object', '-w', '--no-filters'];

/** A file in a commit's tree. */
export interface TreeFile {
  path: string;
  blob: string;
}

/**
 * An update of a ref from the commit `from` to the commit `to`. It is only made if the ref still is at `from`. If
 * `from` is undefined, the ref must not exist yet; if `to` is undefined, the ref is deleted.
 */
export interface RefUpdate {
  ref: string;
  from: string | undefined;
  to: string | undefined;
}

export type { Author, TreeChange };

export interface CommitMessage {
  subject: string;
  /**
   * Lines at the end of the message, for programs to read, such as `Desk-State: draft`. If a value is a list, each of
   * its items gets a line.
   */
  trailers: Readonly<Record<string, string | readonly string[]>>;
}

/**
 * Returns a text as one line of at most 200 characters. Replaces control characters, all kinds of line ends, `<` and
 * `>` by spaces, because git would read some of them as structure.
 */
function oneLine(text: string): string {
  return text
    .replace(/[\p{Cc}\p{Zl}\p{Zp}<>]+/gu, ' ')
    .trim()
    .slice(0, 200);
}

export interface RepositoryOptions {
  /** The version of the content model in which the entries of new commits are written. */
  model?: number;
  /** Time limit of a git command, in milliseconds. */
  timeout?: number | undefined;
}

/**
 * A bare git repository. Every write first stores new objects and then moves refs, all in one call. A ref is only moved
 * if it still is at the commit that the writer has read. So writers never wait for one another. If the process is
 * killed, each ref is at its old or its new commit.
 */
export class Repository {
  /** The history of this repository's commits. */
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

  /** Opens a repository. Removes what a killed process has left in it. The caller must be its only writer. */
  static async open(folder: string, options: RepositoryOptions = {}): Promise<Repository> {
    const repository = new Repository(folder, options);
    rmSync(repository.#temporary, { recursive: true, force: true });
    mkdirSync(repository.#temporary);
    removeLeftovers(folder);
    for (const pack of packsWithoutIndex(folder)) await repository.#index(pack);
    return repository;
  }

  /** Opens a repository to which another process may be writing. Removes nothing from it. */
  static async join(folder: string): Promise<Repository> {
    const repository = new Repository(folder);
    mkdirSync(repository.#temporary, { recursive: true });
    return repository;
  }

  /**
   * Creates the index of a pack that has no index. The index was lost, or the process was killed before it wrote the
   * index. If git cannot create it, the pack stays without an index, and git ignores the pack.
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

  /**
   * Resolves to the id of the commit with a name, such as a ref. Resolves to undefined if the name is not the name of a
   * commit.
   */
  async commitAt(name: string): Promise<string | undefined> {
    const found = await this.#git.resolve(name);
    return found?.type === 'commit' ? found.id : undefined;
  }

  /**
   * Resolves to the id of the published commit.
   * @throws GitUnreadable if there is none. Every repository has one from the start, so it was lost.
   */
  async head(): Promise<string> {
    const head = await this.commitAt(MAIN);
    if (head === undefined) throw new GitUnreadable(`${this.#git.folder} has no ${MAIN}.`);
    return head;
  }

  /**
   * Resolves to the text of a commit object: headers, an empty line, and the message. Empty if there is no such commit.
   */
  async commitText(commit: string): Promise<string> {
    return (await this.#git.read(commit))?.content.toString() ?? '';
  }

  /**
   * Resolves to the git id of the file or folder at a path of a commit, or to undefined if the commit has no such path.
   */
  async idAt(commit: string, path: string): Promise<string | undefined> {
    return (await this.#git.resolve(`${commit}:${path}`))?.id;
  }

  /** Resolves to the id of a commit's tree; empty if there is no such commit. */
  async treeOf(commit: string): Promise<string> {
    return (await this.#git.resolve(`${commit}^{tree}`))?.id ?? '';
  }

  /** Resolves to the names of the folders in a folder of a commit. Empty if there is no such folder. */
  async foldersIn(commit: string, folder: string): Promise<string[]> {
    const tree = await this.#git.read(`${commit}:${folder}`);
    const entries = (tree && treeEntries(tree)) ?? new Map<string, TreeEntry>();
    const folders = [...entries].filter(([, { mode }]) => mode === FOLDER_MODE);
    return folders.map(([name]) => Buffer.from(name, 'latin1').toString('utf8'));
  }

  /**
   * Resolves to the id of the blob of the file at a path of a commit. Resolves to undefined if there is no such path,
   * or if a folder, a symbolic link or a submodule is at the path. The name `<commit>:<path>` would also return the
   * text of a symbolic link. Git does not follow links inside the path.
   */
  async blobAt(commit: string, path: string): Promise<string | undefined> {
    const border = path.lastIndexOf('/');
    const tree = await this.#git.read(`${commit}:${path.slice(0, Math.max(0, border))}`);
    return tree?.type === 'tree' ? fileIn(tree, path.slice(border + 1)) : undefined;
  }

  /** Resolves to whether the repository has an object with this id. */
  async has(id: string): Promise<boolean> {
    return (await this.#git.resolve(id)) !== undefined;
  }

  /** Resolves to those of some ids whose objects exist. One git process checks all of them. */
  async present(ids: readonly string[]): Promise<Set<string>> {
    const check = ['cat-file', '--batch-check=%(objectname)', '--buffer'];
    const { stdout } = await this.#git.run(check, { input: ids.map((id) => `${id}\n`).join(''), timeout: NO_TIMEOUT });
    return new Set(stdout.split('\n').filter((line) => ID.test(line)));
  }

  /** Resolves to the size of a blob in bytes, or to undefined if there is no such blob. */
  async sizeOf(blob: string): Promise<number | undefined> {
    const found = await this.#git.resolve(blob);
    return found?.type === 'blob' ? found.size : undefined;
  }

  /** Resolves to whether the object with a name exists but cannot be read. */
  async isDamaged(name: string): Promise<boolean> {
    return this.#git.read(name).then(
      () => false,
      () => true,
    );
  }

  /**
   * Resolves to the ids of all objects that can be reached from refs, except from refs below `KEPT`. Takes long in a
   * large repository.
   */
  async reached(): Promise<Set<string>> {
    const args = ['rev-list', '--objects', '--no-object-names', `--exclude=${KEPT}*`, '--all'];
    const { stdout } = await this.#git.run(args, { timeout: NO_TIMEOUT });
    return new Set(stdout.split('\n'));
  }

  /**
   * Resolves to the ids of all blobs with a size in a range of bytes that refs reach, also refs below `KEPT`. Takes long
   * in a large repository.
   */
  async reachedBlobs(sizes: { from: number; to: number }): Promise<string[]> {
    const options = { timeout: NO_TIMEOUT, niceness: BACKGROUND };
    const listed = await this.#git.run(['rev-list', '--objects', '--no-object-names', '--all'], options);
    const check = ['cat-file', '--batch-check=%(objecttype) %(objectsize) %(objectname)', '--buffer'];
    const { stdout } = await this.#git.run(check, { ...options, input: listed.stdout });
    return stdout.split('\n').flatMap((line) => {
      const [type, size, id = ''] = line.split(' ');
      return type === 'blob' && Number(size) >= sizes.from && Number(size) <= sizes.to ? [id] : [];
    });
  }

  /**
   * Resolves to the bytes of a blob.
   * @throws GitUnreadable if there is no such blob.
   */
  async bytes(blob: string): Promise<Buffer> {
    const found = await this.#git.read(blob);
    if (found?.type !== 'blob') throw new GitUnreadable(`Blob ${blob} is missing from ${this.#git.folder}.`);
    return found.content;
  }

  /**
   * Runs `work` and resolves to its result. `work` receives a function that writes the blob into a temporary file and
   * resolves to the path of that file. The file is deleted when `work` has ended. The bytes are never in the memory of
   * this process as a whole.
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

  /**
   * Resolves to all files of a commit's tree below a folder, without symbolic links and submodules. An empty `folder`
   * means the whole tree.
   */
  async files(commit: string, folder = ''): Promise<TreeFile[]> {
    if (folder !== '') {
      const found = await this.#filesDirectlyIn(commit, folder);
      if (found) return found;
    }
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
   * Resolves to the files that differ between two commits, each with its blob in `to`. The blob is undefined if `to`
   * has no such file, or has a symbolic link or a submodule in its place.
   * @throws GitError if one of the commits is missing
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

  /**
   * Resolves to all files in a folder, which needs no process, or to undefined if the folder has folders in it or names
   * that are not UTF-8.
   */
  async #filesDirectlyIn(commit: string, folder: string): Promise<TreeFile[] | undefined> {
    const tree = await this.#git.read(`${commit}:${folder}`);
    if (tree?.type !== 'tree') return [];
    const entries = treeEntries(tree);
    if (!entries) throw new GitUnreadable(`The tree ${commit}:${folder} is malformed`);
    const files: TreeFile[] = [];
    for (const [name, entry] of entries) {
      const bytes = Buffer.from(name, 'latin1');
      if (entry.mode === FOLDER_MODE || !isUtf8(bytes)) return undefined;
      const blob = fileOf(entry);
      if (blob !== undefined) files.push({ path: `${folder}/${bytes.toString('utf8')}`, blob });
    }
    return files;
  }

  /** Stores bytes as a blob and resolves to the blob's id. */
  async write(content: string | Uint8Array): Promise<string> {
    const { stdout } = await this.#git.run([...HASH_OBJECT, '--stdin'], { input: content });
    return idIn('hash-object', stdout);
  }

  /**
   * Stores the bytes of a file as a blob and resolves to the blob's id. Git reads the file itself, so the bytes do not
   * pass through this process.
   */
  async writeFile(path: string): Promise<string> {
    const { stdout } = await this.#git.run([...HASH_OBJECT, '--', resolve(path)]);
    return idIn('hash-object', stdout);
  }

  /**
  /**
   * Stores what `read` returns for each item as a blob, and resolves to the ids in the same order. One git process
   * writes all of them; at most about two contents are in memory at once.
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
   * Stores a tree and resolves to its id. The tree is a copy of `base`, which is a commit or a tree, with some paths
   * changed. If `base` is undefined, the tree contains only the changes.
   * @throws Error if git refuses a path, GitError, GitUnreadable
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

  /** Merges two commits and resolves to the id of the merged tree, or to undefined if there are conflicts. */
  async mergedTree(one: string, other: string): Promise<string | undefined> {
    const { code, stdout } = await this.#git.run(['merge-tree', '--write-tree', '--name-only', one, other], {
      expected: [0, 1],
    });
    // git writes a tree in both cases: with conflict markers if there are conflicts.
    const tree = idIn('merge-tree', stdout.split('\n')[0] ?? '');
    return code === 0 ? tree : undefined;
  }

  /** Stores a commit and resolves to its id. Moves no ref. */
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

  /** Calls `observer` with the names of refs after they have moved. `observer` must not throw. */
  observeMoves(observer: (refs: readonly string[]) => void): void {
    this.#observers.push(observer);
  }

  /**
   * Moves several refs together and resolves to true. If one of the refs is no longer at its `from`, moves none of them
   * and resolves to false.
   */
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

  /** Resolves to those of the given updates whose ref is not at `to` yet. */
  async #pending(updates: readonly RefUpdate[]): Promise<RefUpdate[]> {
    const found = await Promise.all(updates.map(async (update) => ({ update, at: await this.commitAt(update.ref) })));
    return found.flatMap(({ update, at }) => (at === update.to ? [] : [update]));
  }

  /**
   * Resolves to the names of the broken refs below a prefix. A ref is broken if git cannot read it, or if its commit is
   * missing or damaged. `refs` leaves out the refs that git cannot read.
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

  /** Resolves to the id that a ref contains, even if there is no object with this id. Empty if there is no such ref. */
  async idOf(ref: string): Promise<string> {
    return (await this.refs(ref)).get(ref) ?? '';
  }

  /** Deletes a broken ref if it still exists. */
  async dropRef(ref: string): Promise<void> {
    await this.#git.run(['update-ref', '-d', ref], { expected: [0, 1, 128] });
  }

  /**
   * Resolves to the ids of the commits of all refs below a prefix, by the name of the ref. If `merged` is true, only
   * refs whose commit is already in main are included.
   */
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

/**
 * Returns the object id in the output of a git command.
 * @throws GitError if the output is not an object id.
 */
function idIn(command: string, output: string): string {
  const id = output.trim();
  if (ID.test(id)) return id;
  throw new GitError(command, `answered “${output.trim()}”`);
}

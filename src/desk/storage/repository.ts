import { randomUUID } from 'node:crypto';
import { createWriteStream, existsSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { MODEL_VERSION } from '../../model/migrations.ts';
import { CommitLog, MODEL_TRAILER } from './commit-log.ts';
import { isDiskFull } from './disk-full-error.ts';
import { Git, GitError, GitUnreadable, UNHURRIED } from './git.ts';
import { packsWithoutIndex, removeLeftovers } from './stale-files.ts';
import { fileIn } from './tree-entries.ts';

/** What is published. */
export const MAIN = 'refs/heads/main';
/** Refs that hold what maintenance must keep, and that no entry is in. */
export const KEPT = 'refs/upkeep/';
const NOTHING = '0'.repeat(40);
const ID = /^[0-9a-f]{40}(?:[0-9a-f]{24})?$/u;

/** A file of a commit's tree. */
export interface TreeFile {
  path: string;
  blob: string;
}

/** What becomes of one path; `blob` undefined: it goes. */
export interface TreeChange {
  path: string;
  blob: string | undefined;
}

/** What becomes of one ref, if it still is what it was; undefined: it is not there. */
export interface RefUpdate {
  ref: string;
  from: string | undefined;
  to: string | undefined;
}

/** Who a commit is by. */
export interface Author {
  name: string;
  login: string;
}

export interface CommitMessage {
  subject: string;
  /** Lines at the end that programs read: `Desk-State: draft`; a list makes a line of each. */
  trailers: Readonly<Record<string, string | readonly string[]>>;
}

/** One line without anything that git or a pattern of lines (U+2028 ends one) would read as structure. */
function oneLine(text: string): string {
  return text
    .replace(/[\p{Cc}\p{Zl}\p{Zp}<>]+/gu, ' ')
    .trim()
    .slice(0, 200);
}

export interface RepositoryOptions {
  /** The version of the model that commits are written by. */
  model?: number;
  /** How long a git may take, in milliseconds. */
  patience?: number | undefined;
}

/**
 * A bare repository without a work tree: every write makes new objects and then moves some refs together, each only
 * if it still is where the writer found it. So writers never wait for one another, and a kill leaves the old or the new.
 */
export class Repository {
  /** What its commits say. */
  readonly log: CommitLog;
  readonly #git: Git;
  readonly #temporary: string;
  readonly #model: number;

  private constructor(folder: string, { model = MODEL_VERSION, patience }: RepositoryOptions = {}) {
    this.#git = new Git(folder, patience);
    this.log = new CommitLog(this.#git);
    this.#model = model;
    this.#temporary = join(folder, 'desk-tmp');
  }

  /** Makes a repository without anything in it and opens it. */
  static async make(folder: string, options: RepositoryOptions = {}): Promise<Repository> {
    mkdirSync(folder, { recursive: true });
    const git = new Git(folder, options.patience);
    await git.run(['init', '--bare', '--initial-branch=main', '--quiet', folder]);
    return Repository.open(folder, options);
  }

  /** Opens a repository and clears away what a kill has left. The caller is its only writer. */
  static async open(folder: string, options: RepositoryOptions = {}): Promise<Repository> {
    const repository = new Repository(folder, options);
    rmSync(repository.#temporary, { recursive: true, force: true });
    mkdirSync(repository.#temporary);
    removeLeftovers(folder);
    for (const pack of packsWithoutIndex(folder)) await repository.#index(pack);
    return repository;
  }

  /** Opens a repository that another process may be writing: nothing is cleared away. */
  static async join(folder: string): Promise<Repository> {
    const repository = new Repository(folder);
    mkdirSync(repository.#temporary, { recursive: true });
    return repository;
  }

  /**
   * Makes the index of a pack: it was lost, or a kill came before it was written. The pack of which none can be made is
   * left where it is; git does not look at it.
   */
  async #index(pack: string): Promise<void> {
    await this.#git.run(['index-pack', pack], { patience: UNHURRIED }).catch((error: unknown) => {
      if (!(error instanceof GitError) || isDiskFull(error)) throw error;
    });
  }

  get folder(): string {
    return this.#git.folder;
  }

  close(): void {
    this.#git.close();
  }

  /** The commit a ref or name leads to; undefined: none. */
  async commitAt(name: string): Promise<string | undefined> {
    const found = await this.#git.look(name);
    return found?.type === 'commit' ? found.id : undefined;
  }

  /** The published commit. Throws a GitUnreadable where there is none: a repository comes with its first commit. */
  async head(): Promise<string> {
    const head = await this.commitAt(MAIN);
    if (head === undefined) throw new GitUnreadable(`${this.#git.folder} has no ${MAIN}.`);
    return head;
  }

  /** The text of a commit object: its headers, an empty line, its message. */
  async commitText(commit: string): Promise<string> {
    return (await this.#git.read(commit))?.content.toString() ?? '';
  }

  /** The id of what is at a path of a commit, file or folder; undefined: there is nothing. */
  async idAt(commit: string, path: string): Promise<string | undefined> {
    return (await this.#git.look(`${commit}:${path}`))?.id;
  }

  /** The id of a commit's tree. */
  async treeOf(commit: string): Promise<string> {
    return (await this.#git.look(`${commit}^{tree}`))?.id ?? '';
  }

  /**
   * The id of the file at a path of a commit; undefined: there is none, or it is a folder, a symbolic link or a
   * submodule. git itself answers with a link's own text, and follows none on the way.
   */
  async blobAt(commit: string, path: string): Promise<string | undefined> {
    const border = path.lastIndexOf('/');
    const tree = await this.#git.read(`${commit}:${path.slice(0, Math.max(0, border))}`);
    return tree?.type === 'tree' ? fileIn(tree, path.slice(border + 1)) : undefined;
  }

  /** Whether there is an object of this id. */
  async has(id: string): Promise<boolean> {
    return (await this.#git.look(id)) !== undefined;
  }

  /** Whether the object of a name is there and cannot be read whole. */
  async isDamaged(name: string): Promise<boolean> {
    return this.#git.read(name).then(
      () => false,
      () => true,
    );
  }

  /** The ids of every object that a ref reaches, those apart that only maintenance keeps. It takes as long as it takes. */
  async reached(): Promise<Set<string>> {
    const asked = ['rev-list', '--objects', '--no-object-names', `--exclude=${KEPT}*`, '--all'];
    const { stdout } = await this.#git.run(asked, { patience: UNHURRIED });
    return new Set(stdout.split('\n'));
  }

  /** The bytes of a blob. Rejects where there is none. */
  async bytes(blob: string): Promise<Buffer> {
    const found = await this.#git.read(blob);
    if (found?.type !== 'blob') throw new GitUnreadable(`Blob ${blob} is missing from ${this.#git.folder}.`);
    return found.content;
  }

  /**
   * Does something with the bytes of a blob in a file, which is written when it is asked for and gone afterwards: they
   * are never whole in the memory of this process.
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

  /** The files of a commit's tree below a folder (all: ''). Symbolic links and submodules are not files. */
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

  /** Stores bytes; answers their id. */
  async write(content: string | Uint8Array | (() => Readable)): Promise<string> {
    const { stdout } = await this.#git.run(['hash-object', '-w', '--no-filters', '--stdin'], { input: content });
    return idIn('hash-object', stdout);
  }

  /**
   * A tree like that of a commit or tree (undefined: an empty one), with some paths changed. Throws where git refuses
   * a path: it says so, leaves it out and is content (measured with git 2.39).
   */
  async tree(base: string | undefined, changes: readonly TreeChange[]): Promise<string> {
    const index = join(this.#temporary, randomUUID());
    const environment = { GIT_INDEX_FILE: index };
    const lines = changes.map(({ path, blob }) =>
      blob === undefined ? `0 ${NOTHING}\t${path}\0` : `100644 ${blob}\t${path}\0`,
    );
    try {
      await this.#git.run(['read-tree', base ?? '--empty'], { environment });
      if (!existsSync(index)) throw new GitError('read-tree', 'made no index');
      const { stderr } = await this.#git.run(['update-index', '-z', '--index-info'], {
        environment,
        input: lines.join(''),
      });
      if (stderr.trim() !== '') throw new Error(`git update-index: ${stderr.trim()}`);
      const tree = idIn('write-tree', (await this.#git.run(['write-tree'], { environment })).stdout);
      const made = changes.map(async ({ path, blob }) => (await this.blobAt(tree, path)) === blob);
      if ((await Promise.all(made)).includes(false)) throw new GitError('write-tree', 'left changes out');
      return tree;
    } finally {
      rmSync(index, { force: true });
    }
  }

  /** The tree of two commits merged; undefined: they contradict one another. */
  async mergedTree(one: string, other: string): Promise<string | undefined> {
    const { code, stdout } = await this.#git.run(['merge-tree', '--write-tree', '--name-only', one, other], {
      expected: [0, 1],
    });
    // A tree is named in both cases: that of a conflict has the marks of it.
    const tree = idIn('merge-tree', stdout.split('\n')[0] ?? '');
    return code === 0 ? tree : undefined;
  }

  async commit(
    tree: string,
    parents: readonly string[],
    author: Author,
    { subject, trailers }: CommitMessage,
  ): Promise<string> {
    // A subject that looks like a trailer would be read as one where nothing follows it.
    const first = oneLine(subject).replace(/^Desk-/iu, 'desk ') || '保存';
    const all = { ...trailers, [MODEL_TRAILER]: String(this.#model) };
    const last = Object.entries(all).flatMap(([name, values]) =>
      [values].flat().map((value) => `${name}: ${oneLine(value)}\n`),
    );
    const { stdout } = await this.#git.run(['commit-tree', tree, ...parents.flatMap((parent) => ['-p', parent])], {
      input: `${first}\n\n${last.join('')}`,
      environment: {
        // git takes no name without a letter or digit.
        GIT_AUTHOR_NAME: /[\p{L}\p{N}]/u.test(author.name) ? oneLine(author.name) : 'desk',
        GIT_AUTHOR_EMAIL: `${oneLine(author.login).replace(/\s/gu, '-') || 'desk'}@desk.invalid`,
      },
    });
    return idIn('commit-tree', stdout);
  }

  /** Moves refs together; false: one of them is no longer what it was, and none has moved. */
  async move(updates: readonly RefUpdate[]): Promise<boolean> {
    const lines = updates.map(({ ref, from, to }) =>
      to === undefined ? `delete ${ref}\0${from ?? NOTHING}\0` : `update ${ref}\0${to}\0${from ?? NOTHING}\0`,
    );
    const asked = { input: `start\0${lines.join('')}prepare\0commit\0`, expected: [0, 1, 128] };
    const ended = await this.#git.run(['update-ref', '-z', '--stdin'], asked).catch(async (error: unknown) => {
      // Ended from outside, it may have moved all of them before, or some.
      const left = await this.#notYet(updates);
      if (left.length === updates.length) throw error;
      return left;
    });
    if ('length' in ended) return ended.length === 0 || this.move(ended);
    const { code, stdout, stderr } = ended;
    if (code === 0 && stdout.includes('commit: ok')) return true;
    const failure = new GitError('update-ref', stderr || `answered “${stdout}”`);
    if (code === 0 || isDiskFull(failure)) throw failure;
    if (/is at|already exists|unable to resolve|cannot lock|Unable to create/u.test(stderr)) return false;
    throw failure;
  }

  /** Of some moves, those that have not been made. */
  async #notYet(updates: readonly RefUpdate[]): Promise<RefUpdate[]> {
    const found = await Promise.all(updates.map(async (update) => ({ update, at: await this.commitAt(update.ref) })));
    return found.flatMap(({ update, at }) => (at === update.to ? [] : [update]));
  }

  /**
   * Refs below a prefix that lead nowhere: git cannot make out where to, or the commit is not there or damaged. `refs`
   * does not name the former.
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

  /** The id that a ref says, whether there is such an object or not; empty: there is no such ref. */
  async idOf(ref: string): Promise<string> {
    return (await this.refs(ref)).get(ref) ?? '';
  }

  /** Removes a ref that leads to nothing, if it is still there. */
  async dropRef(ref: string): Promise<void> {
    await this.#git.run(['update-ref', '-d', ref], { expected: [0, 1, 128] });
  }

  /** Refs below a prefix with the commits they lead to; `merged`: only those that are in main already. */
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

/** The object that a command names. Throws a GitError where it says anything else. */
function idIn(command: string, output: string): string {
  const id = output.trim();
  if (ID.test(id)) return id;
  throw new GitError(command, `answered “${output.trim()}”`);
}

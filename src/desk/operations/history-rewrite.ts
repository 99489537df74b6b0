import { isPhotoPath } from '../domain/entry-ref.ts';
import { FOLDER_MODE, fileOf, treeEntries, treeObject, type TreeEntries } from '../storage/git-tree.ts';
import { GitUnreadable, type Git } from '../storage/git.ts';
import { KEPT } from '../storage/repository.ts';
import type { MigrationMap } from './migration-map.ts';
import type { PackWriter } from './pack-writer.ts';

/**
 * Stands for the path of the root of a tree whose files are all photos, whatever their names: the trees of refs below
 * `KEPT`. No folder has this name.
 */
const UPLOADS_ROOT = '\n';

/** Matches trailers whose value is the id of a commit or a blob. */
const TRAILER = /^(Desk-[A-Za-z-]+: )([0-9a-f]{40})$/gmu;

/** A commit that a migration rewrites. */
export interface HistoryCommit {
  id: string;
  /** The path of its tree: '' or `UPLOADS_ROOT`. */
  root: string;
}

/** Resolves to all commits that can be reached from refs, parents before children. */
export async function allCommits(git: Git): Promise<HistoryCommit[]> {
  const list = async (...args: string[]): Promise<string[]> => {
    const { stdout } = await git.run(['rev-list', '--topo-order', '--reverse', ...args]);
    return stdout.split('\n').filter((id) => id !== '');
  };
  const kept = await list(`--glob=${KEPT}*`);
  const others = await list(`--exclude=${KEPT}*`, '--all');
  const own = new Set(others);
  const uploads = kept.filter((id) => !own.has(id)).map((id) => ({ id, root: UPLOADS_ROOT }));
  return [...uploads, ...others.map((id) => ({ id, root: '' }))];
}

/** Returns the key of a tree in a MigrationMap. The same tree may be rewritten in one folder and not in another. */
function treeKey(path: string, id: string): string {
  return `${id} ${path}`;
}

/** Returns the path of the entry `name` of a folder. Names have one character for each byte (latin1). */
function below(path: string, name: string): string {
  return path === '' || path === UPLOADS_ROOT ? path + name : `${path}/${name}`;
}

/** Returns whether the file `name` of a folder is a photo. */
function isPhoto(path: string, name: string): boolean {
  return path.startsWith(UPLOADS_ROOT) || isPhotoPath(Buffer.from(below(path, name), 'latin1').toString());
}

/** Returns the header lines and the rest of a commit object, with one character for each byte (latin1). */
function parseCommit(content: Buffer): { headers: string[]; message: string } {
  const text = content.toString('latin1');
  const end = text.indexOf('\n\n');
  return { headers: text.slice(0, Math.max(0, end)).split('\n'), message: text.slice(end) };
}

/** Reads objects. The methods throw GitUnreadable if the object is missing or of another type. */
class Objects {
  readonly #git: Git;

  constructor(git: Git) {
    this.#git = git;
  }

  async tree(id: string): Promise<TreeEntries> {
    const found = await this.#git.read(id);
    const entries = found && treeEntries(found);
    if (!entries) throw new GitUnreadable(`Tree ${id} is missing from ${this.#git.folder}.`, { object: id });
    return entries;
  }

  async commit(id: string): Promise<{ headers: string[]; message: string }> {
    const found = await this.#git.read(id);
    if (found?.type !== 'commit') {
      throw new GitUnreadable(`Commit ${id} is missing from ${this.#git.folder}.`, { object: id });
    }
    return parseCommit(found.content);
  }

  async treeOf(commit: string): Promise<string> {
    const { headers } = await this.commit(commit);
    return headers.find((line) => line.startsWith('tree '))?.slice('tree '.length) ?? '';
  }
}

/** Resolves to the blobs of all files at paths of photos, in all commits. These may already be pointers. */
export async function photoBlobs(git: Git, commits: readonly HistoryCommit[]): Promise<Set<string>> {
  const objects = new Objects(git);
  const blobs = new Set<string>();
  const seen = new Set<string>();
  const walk = async (path: string, id: string): Promise<void> => {
    for (const [name, entry] of await objects.tree(id)) {
      const blob = fileOf(entry);
      if (blob !== undefined && isPhoto(path, name)) blobs.add(blob);
      if (entry.mode !== FOLDER_MODE) continue;
      const key = treeKey(below(path, name), entry.id);
      if (seen.has(key)) continue;
      seen.add(key);
      await walk(below(path, name), entry.id);
    }
  };
  for (const { id, root } of commits) await walk(root, await objects.treeOf(id));
  return blobs;
}

/** Rewrites trees and commits, with the pointers of a MigrationMap instead of the photos. */
export class HistoryRewrite {
  readonly #objects: Objects;
  readonly #map: MigrationMap;
  readonly #writer: PackWriter;

  constructor(git: Git, map: MigrationMap, writer: PackWriter) {
    this.#objects = new Objects(git);
    this.#map = map;
    this.#writer = writer;
  }

  /**
   * Rewrites commits, which must be sorted parents before children. Changes the ids of trees and parents, and ids in
   * trailers. Every other byte stays: author, dates, message.
   */
  async run(commits: readonly HistoryCommit[], onCommit: (done: number) => void): Promise<void> {
    for (const [index, { id, root }] of commits.entries()) {
      if (!this.#map.commits.has(id)) await this.#commit(id, root);
      if (this.#writer.isFull) await this.flush();
      onCommit(index + 1);
    }
    await this.flush();
  }

  async flush(): Promise<void> {
    await this.#writer.flush();
    this.#map.save();
  }

  async #commit(id: string, root: string): Promise<void> {
    const { headers, message } = await this.#objects.commit(id);
    const rewritten: string[] = [];
    for (const line of headers) {
      const [, kind, old = ''] = /^(tree|parent) ([0-9a-f]{40})$/u.exec(line) ?? [];
      if (kind === 'tree') rewritten.push(`tree ${await this.#tree(root, old)}`);
      else rewritten.push(kind === 'parent' ? `parent ${this.#map.commits.get(old) ?? old}` : line);
    }
    const content = Buffer.from(rewritten.join('\n') + translated(message, this.#map), 'latin1');
    this.#map.add('commits', id, this.#writer.add('commit', content));
  }

  async #tree(path: string, id: string): Promise<string> {
    const key = treeKey(path, id);
    const known = this.#map.trees.get(key);
    if (known !== undefined) return known;
    const entries = await this.#objects.tree(id);
    let changed = false;
    for (const [name, entry] of entries) {
      const blob = fileOf(entry);
      const to =
        entry.mode === FOLDER_MODE
          ? await this.#tree(below(path, name), entry.id)
          : blob !== undefined && isPhoto(path, name)
            ? (this.#map.photos.get(blob)?.blob ?? blob)
            : entry.id;
      if (to === entry.id) continue;
      changed = true;
      entries.set(name, { mode: entry.mode, id: to });
    }
    const result = changed ? this.#writer.add('tree', treeObject(entries).content) : id;
    this.#map.add('trees', key, result);
    return result;
  }
}

/** Returns a message with the new ids in its trailers. */
function translated(message: string, map: MigrationMap): string {
  return message.replaceAll(TRAILER, (line, key: string, id: string) => {
    const to = map.commits.get(id) ?? map.photos.get(id)?.blob;
    return to === undefined ? line : key + to;
  });
}

/**
 * Reads every commit and every tree from both repositories and compares them: files and modes are the same, texts have
 * the same blobs, photos have the blobs of their pointers, headers and messages are the same except for ids.
 * @throws Error that names the first difference.
 */
export async function verifyHistory(
  before: Git,
  after: Git,
  map: MigrationMap,
  commits: readonly HistoryCommit[],
  onCommit: (done: number) => void,
): Promise<void> {
  const [old, rewritten] = [new Objects(before), new Objects(after)];
  const seen = new Set<string>();
  const compareTrees = async (path: string, one: string, other: string): Promise<void> => {
    const key = `${one} ${other} ${path}`;
    if (seen.has(key)) return;
    seen.add(key);
    const [left, right] = [await old.tree(one), await rewritten.tree(other)];
    if (left.size !== right.size) throw different(`${path}/`);
    for (const [name, entry] of left) {
      const found = right.get(name);
      if (found?.mode !== entry.mode) throw different(below(path, name));
      const blob = fileOf(entry);
      if (entry.mode === FOLDER_MODE) {
        if (!seen.has(`${entry.id} ${found.id} ${below(path, name)}`)) {
          await compareTrees(below(path, name), entry.id, found.id);
        }
      } else {
        const photo = blob !== undefined && isPhoto(path, name) ? map.photos.get(blob)?.blob : undefined;
        if (found.id !== (photo ?? entry.id)) throw different(below(path, name));
      }
    }
  };
  for (const [index, { id, root }] of commits.entries()) {
    const to = map.commits.get(id) ?? '';
    const [left, right] = [await old.commit(id), await rewritten.commit(to)];
    if (translated(left.message, map) !== right.message) throw different(`commit ${id}`);
    for (const [line, header] of left.headers.entries()) {
      const other = right.headers[line] ?? '';
      const [, kind, named = ''] = /^(tree|parent) ([0-9a-f]{40})$/u.exec(header) ?? [];
      if (kind === 'tree') await compareTrees(root, named, other.slice('tree '.length));
      else if (other !== (kind === 'parent' ? `parent ${map.commits.get(named) ?? ''}` : header)) {
        throw different(`commit ${id}`);
      }
    }
    if (left.headers.length !== right.headers.length) throw different(`commit ${id}`);
    onCommit(index + 1);
  }
}

function different(where: string): Error {
  return new Error(`The rewritten history differs from the old one: ${where}`);
}

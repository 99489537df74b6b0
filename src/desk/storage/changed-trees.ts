import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { GitError, GitUnreadable, type Git } from './git.ts';
import { FOLDER_MODE, fileOf, treeEntries, treeObject, type TreeEntries, type TreeEntry } from './git-tree.ts';

/** The change of a path; `blob` undefined deletes it. */
export interface TreeChange {
  path: string;
  blob: string | undefined;
}

/** A change with its path as names of `TreeEntries`. */
interface NamedChange {
  names: readonly string[];
  blob: string | undefined;
}

/** A folder on the path of a change. */
interface OpenFolder {
  /** Its tree before the changes; undefined: it is new. */
  id: string | undefined;
  items: Map<string, TreeEntry | OpenFolder>;
}

/** No such object: the id that `git update-index` takes for a deleted path. */
const NOTHING = '0'.repeat(40);
const BLOB = /^[0-9a-f]{40}(?:[0-9a-f]{24})?$/u;

/**
 * Writes the tree of a commit or tree (undefined: an empty one) with some paths changed, and returns its id. Only
 * folders on the paths of changes are read and written, so the cost does not grow with the number of entries.
 *
 * Changes are made one after another, as `git update-index` makes them: a file takes the place of a folder, and a
 * folder that of a file, a link or a submodule; the deletion of something that is no file, link or submodule does
 * nothing; empty folders vanish.
 *
 * @param scratch an empty folder for temporary files.
 * @throws Error if git refuses a path (`.git`, `..` and other names that are no files on some systems).
 * @throws GitError if a change is not in the tree in the end, because another one contradicts it.
 * @throws GitUnreadable if a blob of a change is missing, or a tree is missing or damaged.
 */
export async function writeChangedTree(
  git: Git,
  base: string | undefined,
  changes: readonly TreeChange[],
  scratch: string,
): Promise<string> {
  const named = changes.map(({ path, blob }) => ({ names: bytesOf(path).split('/'), blob }));
  const paths = named.map(({ names }) => names);
  await requirePaths(git, changes, join(scratch, 'index'));
  await requireBlobs(git, changes);
  const root = await opened(git, base === undefined ? undefined : `${base}^{tree}`, paths);
  for (const change of named) make(change, root);
  const trees = new Map<string, Buffer>();
  const tree = added(root, entriesOf(root, trees), trees);
  if (trees.size > 0) await write(git, trees, scratch);
  await requireChanges(git, tree, changes);
  return tree;
}

/** Returns the UTF-8 bytes of a text as characters. */
function bytesOf(text: string): string {
  return Buffer.from(text).toString('latin1');
}

/**
 * Asks git whether it accepts some paths. Deleting them from an empty index checks them and writes nothing.
 * @throws Error if git refuses one: then git only prints a message and exits with 0 (measured with git 2.39).
 */
async function requirePaths(git: Git, changes: readonly TreeChange[], index: string): Promise<void> {
  if (changes.some(({ path }) => path.includes('\0'))) throw new Error('A path contains a NUL.');
  const { stdout, stderr } = await git.run(['update-index', '-z', '--index-info'], {
    environment: { GIT_INDEX_FILE: index },
    input: changes.map(({ path }) => `0 ${NOTHING}\t${path}\0`).join(''),
  });
  if (stderr.trim() !== '') throw new Error(`git update-index: ${stderr.trim()}`);
  if (stdout !== '') throw new GitError('update-index', `answered “${stdout}”`);
}

/**
 * Requires the blobs of changes to exist. A damaged one counts: a withdrawal also names photos that it does not change.
 * @throws GitUnreadable if a blob does not exist, or is not named by its full id.
 */
async function requireBlobs(git: Git, changes: readonly TreeChange[]): Promise<void> {
  const blobs = new Set(changes.flatMap(({ blob }) => blob ?? []));
  await Promise.all(
    Array.from(blobs, async (blob) => {
      if (!(await isBlob(git, blob))) throw new GitUnreadable(`There is no blob ${blob}.`);
    }),
  );
}

async function isBlob(git: Git, id: string): Promise<boolean> {
  const found = await git.resolve(id).catch((error: unknown) => {
    if (!(error instanceof GitUnreadable)) throw error;
  });
  if (found) return found.id === id && found.type === 'blob';
  // The running cat-file calls a damaged object missing.
  return BLOB.test(id) && (await git.run(['cat-file', '-e', id], { expected: [0, 1] })).code === 0;
}

/**
 * Reads a tree and all folders that lead to some paths.
 * @param name undefined: a new folder.
 */
async function opened(git: Git, name: string | undefined, paths: readonly (readonly string[])[]): Promise<OpenFolder> {
  if (name === undefined) return { id: undefined, items: new Map() };
  const tree = await git.read(name);
  const items: OpenFolder['items'] | undefined = tree && treeEntries(tree);
  if (!items) throw new GitUnreadable(`Tree ${name} is missing from ${git.folder}, or is none.`);
  const below = Map.groupBy(
    paths.filter((path) => path.length > 1),
    ([first = '']) => first,
  );
  await Promise.all(
    Array.from(below, async ([first, group]) => {
      const entry = items.get(first);
      if (!entry || isOpen(entry) || entry.mode !== FOLDER_MODE) return;
      const rest = group.map((path) => path.slice(1));
      items.set(first, await opened(git, entry.id, rest));
    }),
  );
  return { id: tree?.id, items };
}

function isOpen(item: TreeEntry | OpenFolder | undefined): item is OpenFolder {
  return item !== undefined && 'items' in item;
}

/** Makes one change in the folders that lead to it. */
function make({ names, blob }: NamedChange, root: OpenFolder): void {
  let { items } = root;
  for (const name of names.slice(0, -1)) {
    const found = items.get(name);
    if (isOpen(found)) ({ items } = found);
    else {
      if (blob === undefined) return;
      const made: OpenFolder = { id: undefined, items: new Map() };
      items.set(name, made);
      ({ items } = made);
    }
  }
  const name = names.at(-1) ?? '';
  const found = items.get(name);
  if (blob !== undefined) items.set(name, { mode: '100644', id: blob });
  else if (found && !isOpen(found) && found.mode !== FOLDER_MODE) items.delete(name);
}

/** Returns the entries of a changed folder, without empty folders; adds the inner trees that have to be written. */
function entriesOf({ items }: OpenFolder, trees: Map<string, Buffer>): TreeEntries {
  const entries: TreeEntries = new Map();
  for (const [name, item] of items) {
    if (!isOpen(item)) entries.set(name, item);
    else {
      const inner = entriesOf(item, trees);
      if (inner.size > 0) entries.set(name, { mode: FOLDER_MODE, id: added(item, inner, trees) });
    }
  }
  return entries;
}

/** Returns the id of a folder's tree; adds the tree if it has changed. */
function added({ id: before }: OpenFolder, entries: TreeEntries, trees: Map<string, Buffer>): string {
  const { id, content } = treeObject(entries);
  if (id !== before) trees.set(id, content);
  return id;
}

/** Writes trees. @throws GitError if git does not write exactly these. */
async function write(git: Git, trees: ReadonlyMap<string, Buffer>, scratch: string): Promise<void> {
  const paths = await Promise.all(
    Array.from(trees, async ([id, content]) => {
      const path = join(scratch, id);
      await writeFile(path, content);
      return path;
    }),
  );
  // Not git mktree: it exits with 0 if it could not write a tree (git 2.39), and fails at a damaged photo beside.
  const args = ['hash-object', '-w', '-t', 'tree', '--stdin-paths', '--no-filters'];
  const { stdout } = await git.run(args, { input: `${paths.join('\n')}\n` });
  if (stdout.trim() !== [...trees.keys()].join('\n')) throw new GitError('hash-object', `answered “${stdout.trim()}”`);
}

/** Reads the changed folders of a written tree. @throws GitError if a change is not there. */
async function requireChanges(git: Git, tree: string, changes: readonly TreeChange[]): Promise<void> {
  const folders = Map.groupBy(changes, ({ path }) => path.slice(0, Math.max(0, path.lastIndexOf('/'))));
  const made = Array.from(folders, async ([folder, group]) => {
    const found = await git.read(`${tree}:${folder}`);
    const entries = found && treeEntries(found);
    return group.every(({ path, blob }) => {
      const name = bytesOf(path.slice(path.lastIndexOf('/') + 1));
      return fileOf(entries?.get(name)) === blob;
    });
  });
  if ((await Promise.all(made)).includes(false)) throw new GitError('hash-object', 'left changes out');
}

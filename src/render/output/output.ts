import {
  copyFileSync,
  existsSync,
  linkSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { mkdir, readdir } from 'node:fs/promises';
import { dirname, join, relative, sep } from 'node:path';
import { copyNames } from './compression.ts';

const TEMPORARY = '.tmp-';

/** Returns the path of the file for a URL path: `/stories/` → `stories/index.html`. */
export function fileOfPage(address: string): string {
  const path = decodeURI(address).slice(1);
  return path === '' || path.endsWith('/') ? `${path}index.html` : path;
}

/**
 * Resolves to the paths of all files below a folder, relative to the folder and with `/`; to none if the folder does
 * not exist.
 */
export async function filesBelow(root: string): Promise<string[]> {
  const found = await readdir(root, { recursive: true, withFileTypes: true }).catch(() => []);
  return found
    .filter((file) => file.isFile())
    .map((file) => relative(root, join(file.parentPath, file.name)).split(sep).join('/'));
}

/**
 * The output: the folder from which readers get the site. A file is replaced as a whole, by a rename, after its
 * compressed copies are removed. So an old copy is never beside a new file. Writing is synchronous: a page has some
 * kilobytes, and asynchronous calls through the thread pool cost more than the write itself.
 */
export class Output {
  readonly root: string;
  readonly #made = new Set<string>();
  #serial = 0;

  constructor(root: string) {
    this.root = root;
  }

  /** Resolves to the paths of all files. Removes temporary files that an interrupted run has left. */
  async list(): Promise<Set<string>> {
    await mkdir(this.root, { recursive: true });
    const files = new Set(await filesBelow(this.root));
    for (const file of files) {
      if (!file.slice(file.lastIndexOf('/') + 1).startsWith(TEMPORARY)) continue;
      rmSync(join(this.root, file), { force: true });
      files.delete(file);
    }
    return files;
  }

  has(path: string): boolean {
    return existsSync(join(this.root, path));
  }

  /**
   * Returns a stamp of a file, made of its modification time, size and inode number: two different files at the same
   * path have different stamps. Returns undefined if there is no file.
   */
  stampOf(path: string): string | undefined {
    const file = statSync(join(this.root, path), { throwIfNoEntry: false });
    return file && `${file.mtimeMs}:${file.size}:${file.ino}`;
  }

  /** Returns the content of a file; undefined if the file cannot be read. */
  read(path: string): Uint8Array | undefined {
    try {
      return readFileSync(join(this.root, path));
    } catch {
      return undefined;
    }
  }

  write(path: string, content: string | Uint8Array): void {
    this.#replace(path, (temporary) => writeFileSync(temporary, content));
  }

  /** Places a file of this machine in the output: as a hard link if the file system allows it, otherwise as a copy. */
  place(path: string, from: string): void {
    this.#replace(path, (temporary) => {
      try {
        linkSync(from, temporary);
      } catch {
        copyFileSync(from, temporary);
      }
    });
  }

  /** Removes a file with its compressed copies, and the folders that become empty. */
  remove(path: string): void {
    this.#removeCopies(path);
    rmSync(join(this.root, path), { force: true });
    for (let folder = dirname(path); folder !== '.'; folder = dirname(folder)) {
      try {
        rmdirSync(join(this.root, folder));
      } catch {
        return;
      }
      this.#made.delete(folder);
    }
  }

  #removeCopies(path: string): void {
    for (const copy of copyNames(path)) rmSync(join(this.root, copy), { force: true });
  }

  #replace(path: string, create: (temporary: string) => void): void {
    const folder = dirname(path);
    if (!this.#made.has(folder)) mkdirSync(join(this.root, folder), { recursive: true });
    this.#made.add(folder);
    this.#serial += 1;
    const temporary = join(this.root, folder, `${TEMPORARY}${process.pid}-${this.#serial}`);
    create(temporary);
    this.#removeCopies(path);
    renameSync(temporary, join(this.root, path));
    // If both names are hard links to the same file, renaming does nothing: the temporary name must be removed.
    rmSync(temporary, { force: true });
  }
}

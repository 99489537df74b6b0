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

/** The file of a page's address: `/stories/` → `stories/index.html`. */
export function fileOfPage(address: string): string {
  const path = decodeURI(address).slice(1);
  return path === '' || path.endsWith('/') ? `${path}index.html` : path;
}

/** Every file below a folder, by path relative to it with `/`; none where there is no folder. */
export async function filesBelow(root: string): Promise<string[]> {
  const found = await readdir(root, { recursive: true, withFileTypes: true }).catch(() => []);
  return found
    .filter((file) => file.isFile())
    .map((file) => relative(root, join(file.parentPath, file.name)).split(sep).join('/'));
}

/**
 * The folder that readers get. Each file is replaced whole, by a rename, after its compressed copies went: a copy of
 * what was there before is never read beside what is there now. Writing is synchronous: a page is some kilobytes, and
 * the calls that wait for a thread pool cost more than the write itself.
 */
export class Output {
  readonly root: string;
  readonly #made = new Set<string>();
  #serial = 0;

  constructor(root: string) {
    this.root = root;
  }

  /** Every file of it; left-over temporary files are removed. */
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

  /** Tells a file from every other that lies there before or after; undefined: there is none. */
  stampOf(path: string): string | undefined {
    const file = statSync(join(this.root, path), { throwIfNoEntry: false });
    return file && `${file.mtimeMs}:${file.size}:${file.ino}`;
  }

  /** The content of a file; undefined: it cannot be read. */
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

  /** Puts a file of the same machine there, without a copy where the file system allows. */
  place(path: string, from: string): void {
    this.#replace(path, (temporary) => {
      try {
        linkSync(from, temporary);
      } catch {
        copyFileSync(from, temporary);
      }
    });
  }

  /** Removes a file with its copies, and the folders that it leaves empty. */
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
    // Renaming one of two hard links to the same file leaves both: the temporary name must not stay.
    rmSync(temporary, { force: true });
  }
}

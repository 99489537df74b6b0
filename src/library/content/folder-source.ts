import { constants } from 'node:fs';
import { access, readFile, readdir, stat } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import pLimit from 'p-limit';
import type { Source } from './content-source.ts';

/** How many files are read at once. A library has tens of thousands of files, more than a process may have open. */
const MOST_OPEN = 64;

/**
 * Content in a plain folder. The stamp of a file is made of its modification time, size and inode number: an editor
 * that writes the file again changes at least one of them. Files whose names begin with a dot are ignored.
 */
export class FolderSource implements Source {
  readonly root: string;
  readonly #open = pLimit(MOST_OPEN);

  constructor(root: string) {
    this.root = root;
  }

  async list(): Promise<Map<string, string>> {
    const found = await readdir(this.root, { recursive: true, withFileTypes: true });
    const paths = found
      .filter((file) => file.isFile() && !file.name.startsWith('.'))
      .map((file) => relative(this.root, join(file.parentPath, file.name)).split(sep).join('/'));
    return this.stamps(paths);
  }

  async stamps(paths: Iterable<string>): Promise<Map<string, string>> {
    const stamps = await Promise.all(Array.from(paths, async (path) => [path, await this.#stamp(path)] as const));
    return new Map(stamps.flatMap(([path, stamp]) => (stamp === undefined ? [] : [[path, stamp] as const])));
  }

  async read(path: string): Promise<Uint8Array> {
    return this.#open(async () => readFile(join(this.root, path)));
  }

  async inFile<T>(path: string, work: (file: () => Promise<string>) => Promise<T>): Promise<T> {
    const file = join(this.root, path);
    return work(async () => access(file, constants.R_OK).then(() => file));
  }

  async #stamp(path: string): Promise<string | undefined> {
    try {
      const file = await stat(join(this.root, path));
      return file.isFile() ? `${file.mtimeMs}:${file.size}:${file.ino}` : undefined;
    } catch {
      return undefined;
    }
  }
}

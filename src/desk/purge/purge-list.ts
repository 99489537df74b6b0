import {
  closeSync,
  existsSync,
  fstatSync,
  fsyncSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';

/** Size from which the list is rotated, in bytes. */
const MOST_BYTES = 1_000_000;

/** Names in the data folder: of the list, and of its older part after a rotation. */
export const PURGE_LIST = 'purge.txt';
const OLDER = 'purge.txt.1';
/** Names of the files with the URLs for the command: those added since its last run, and those of the current run. */
const PENDING = 'purge-pending.txt';
const SENDING = 'purge-sending.txt';

/** Appends lines to a file and flushes them to the disk. Returns the new size of the file in bytes. */
function append(file: string, lines: readonly string[]): number {
  const handle = openSync(file, 'a', 0o600);
  try {
    writeSync(handle, lines.map((line) => `${line}\n`).join(''));
    fsyncSync(handle);
    return fstatSync(handle).size;
  } finally {
    closeSync(handle);
  }
}

/**
 * The URLs of which caches elsewhere may still have copies after a withdrawal: `purge.txt` in the data folder, one full
 * URL a line, oldest first. At 1 MB the file is renamed to `purge.txt.1` and replaces the older `purge.txt.1`.
 *
 * The URLs for a command are also written to two other files, and stay there until a run of the command has succeeded. A
 * kill therefore loses none, but the command may get a URL twice.
 */
export class PurgeList {
  readonly #folder: string;
  readonly #hasCommand: boolean;

  /** @param hasCommand whether a command gets the URLs. */
  constructor(folder: string, hasCommand: boolean) {
    this.#folder = folder;
    this.#hasCommand = hasCommand;
  }

  /** Adds full URLs and flushes them to the disk. */
  add(urls: readonly string[]): void {
    if (urls.length === 0) return;
    if (this.#hasCommand) append(this.#path(PENDING), urls);
    const file = this.#path(PURGE_LIST);
    if (append(file, urls) >= MOST_BYTES) renameSync(file, this.#path(OLDER));
  }

  /**
   * Returns the URLs for the next run of the command, each once, in the order in which they were added. Returns the same
   * URLs again until `taken` is called.
   */
  take(): string[] {
    const [pending, sending] = [this.#path(PENDING), this.#path(SENDING)];
    if (!existsSync(sending) && existsSync(pending)) renameSync(pending, sending);
    if (!existsSync(sending)) return [];
    const lines = readFileSync(sending, 'utf8').split('\n');
    return [...new Set(lines.filter((line) => line !== ''))];
  }

  /** Deletes the URLs that `take` returned, after the command has succeeded with all of them. */
  taken(): void {
    rmSync(this.#path(SENDING), { force: true });
  }

  #path(name: string): string {
    return join(this.#folder, name);
  }
}

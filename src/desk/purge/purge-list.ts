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

/** Name of the list in the data folder, and of the older part after a rotation. */
export const PURGE_LIST = 'purge.txt';
const OLDER = 'purge.txt.1';
/** Names of the files with the addresses that the command has not taken yet: being collected, and being passed. */
const PENDING = 'purge-pending.txt';
const SENDING = 'purge-sending.txt';

/** Appends lines to a file. When this returns, they are on the disk. Returns the size of the file in bytes. */
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
 * The addresses at which caches elsewhere may still hold what was taken back: `purge.txt` in the data folder, one full
 * URL a line, oldest first. At 1 MB the file becomes `purge.txt.1`, which replaces the one before it.
 *
 * Addresses for a command are also kept in files of their own until the command has taken them, so that a kill loses
 * none. An address can be passed twice.
 */
export class PurgeList {
  readonly #folder: string;
  readonly #hasCommand: boolean;

  /** @param hasCommand whether a command is to be called with the addresses. */
  constructor(folder: string, hasCommand: boolean) {
    this.#folder = folder;
    this.#hasCommand = hasCommand;
  }

  /** Adds addresses. When this returns, they are on the disk. */
  add(urls: readonly string[]): void {
    if (urls.length === 0) return;
    if (this.#hasCommand) append(this.#path(PENDING), urls);
    const file = this.#path(PURGE_LIST);
    if (append(file, urls) >= MOST_BYTES) renameSync(file, this.#path(OLDER));
  }

  /** Returns the addresses that the command has to take, each once, in the order in which they were added. */
  take(): string[] {
    const [pending, sending] = [this.#path(PENDING), this.#path(SENDING)];
    if (!existsSync(sending) && existsSync(pending)) renameSync(pending, sending);
    if (!existsSync(sending)) return [];
    const lines = readFileSync(sending, 'utf8').split('\n');
    return [...new Set(lines.filter((line) => line !== ''))];
  }

  /** Forgets the addresses that `take` returned: the command has taken them all. */
  taken(): void {
    rmSync(this.#path(SENDING), { force: true });
  }

  #path(name: string): string {
    return join(this.#folder, name);
  }
}

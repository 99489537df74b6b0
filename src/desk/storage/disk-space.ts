import { statfs } from 'node:fs/promises';
import { Refusal } from '../domain/refusal.ts';

const MEGABYTE = 1024 * 1024;

/** Free disk space that photos must leave for texts, in bytes. */
export const RESERVE = 256 * MEGABYTE;

/** Returns the refusal of a photo for which the disk has no room. */
export function photoDiskFull(): Refusal {
  return new Refusal(507, '服务器的磁盘快满了，照片没有上传。文字还可以保存；请联系管理员清理磁盘，之后再传这张照片。');
}

/** Measures the free space on the disk of a folder, and refuses large data that would not leave the reserve free. */
export class DiskSpace {
  readonly #folder: string;
  readonly #reserve: number;
  /** Number of bytes that the work in progress will write at most, in total. */
  #expected = 0;

  constructor(folder: string, reserve = RESERVE) {
    this.#folder = folder;
    this.#reserve = reserve;
  }

  /** Resolves to the free space that this process may use, in bytes. */
  async free(): Promise<number> {
    const { bavail, bsize } = await statfs(this.#folder);
    return bavail * bsize;
  }

  /**
   * Resolves to whether `bytes` more bytes can be written so that the reserve and the space for the work in progress
   * stay free.
   */
  async hasRoom(bytes = 0): Promise<boolean> {
    return (await this.free()) >= this.#reserve + this.#expected + bytes;
  }

  /**
   * Runs work that writes at most `bytes` bytes, and resolves to its result. @throws Refusal 507, before the work
   * starts, if the disk is too full.
   */
  async during<T>(bytes: number, work: () => Promise<T>): Promise<T> {
    if (!(await this.hasRoom(bytes))) throw photoDiskFull();
    this.#expected += bytes;
    try {
      return await work();
    } finally {
      this.#expected -= bytes;
    }
  }
}

import { statfs } from 'node:fs/promises';
import { Refusal } from '../domain/refusal.ts';

const MEGABYTE = 1024 * 1024;

/** Disk space that photos may not use, in bytes; texts may. */
export const RESERVE = 256 * MEGABYTE;

/** Returns the refusal of a photo for which the disk has no room. */
export function photoDiskFull(): Refusal {
  return new Refusal(507, '服务器的磁盘快满了，照片没有上传。文字还可以保存；请联系管理员清理磁盘，之后再传这张照片。');
}

/** The free space on the disk of a folder, and how much of it is reserved. */
export class DiskSpace {
  readonly #folder: string;
  readonly #reserve: number;
  /** What the running work will write at most, in bytes. */
  #expected = 0;

  constructor(folder: string, reserve = RESERVE) {
    this.#folder = folder;
    this.#reserve = reserve;
  }

  /** Returns the free space for this process, in bytes. */
  async free(): Promise<number> {
    const { bavail, bsize } = await statfs(this.#folder);
    return bavail * bsize;
  }

  /** Returns whether there is room for `bytes` more than the running work needs, outside the reserve. */
  async hasRoom(bytes = 0): Promise<boolean> {
    return (await this.free()) >= this.#reserve + this.#expected + bytes;
  }

  /** Runs work that writes at most `bytes`. @throws Refusal 507, before it starts, if the disk is too full. */
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

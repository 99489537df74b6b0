import { statfs } from 'node:fs/promises';
import { Refusal } from '../domain/refusal.ts';

const MEGABYTE = 1024 * 1024;

/** How much of the disk is not for photos, in bytes: texts can be saved while there is any of it. */
export const RESERVE = 256 * MEGABYTE;

/** How full the disk of a folder is, and how much of it is kept free. */
export class DiskSpace {
  readonly #folder: string;
  readonly #reserve: number;
  /** What was let in and has not arrived yet, in bytes. */
  #expected = 0;

  constructor(folder: string, reserve = RESERVE) {
    this.#folder = folder;
    this.#reserve = reserve;
  }

  /** What may still be written by us, in bytes. */
  async free(): Promise<number> {
    const { bavail, bsize } = await statfs(this.#folder);
    return bavail * bsize;
  }

  /** Whether there is room for some bytes more, beside those on their way, without touching the reserve. */
  async hasRoom(bytes = 0): Promise<boolean> {
    return (await this.free()) >= this.#reserve + this.#expected + bytes;
  }

  /** Does work that writes so many bytes. Throws a Refusal (507), before it begins, where the disk is too full. */
  async during<T>(bytes: number, work: () => Promise<T>): Promise<T> {
    if (!(await this.hasRoom(bytes))) {
      throw new Refusal(
        507,
        '服务器的磁盘快满了，照片没有上传。文字还可以保存；请联系管理员清理磁盘，之后再传这张照片。',
      );
    }
    this.#expected += bytes;
    try {
      return await work();
    } finally {
      this.#expected -= bytes;
    }
  }
}

import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { role, type Role } from '../../../model/roles.ts';
import { PROJECT_ROOT } from '../../../render/compile/build-cache.ts';
import { readHandbook, type Handbook } from './handbook.ts';

/** Folder of the handbooks: one Markdown file for each role, and the folder `pictures`. */
export const HANDBOOK_FOLDER = join(PROJECT_ROOT, 'docs/handbook');
const PICTURES = join(HANDBOOK_FOLDER, 'pictures');

/** A picture of the handbooks, with its size in pixels. */
export interface HandbookPicture {
  name: string;
  /**
   * First 12 hexadecimal digits of the SHA-256 of the file. They are part of the picture's path, so that browsers can
   * cache it.
   */
  version: string;
  width: number;
  height: number;
}

/** All handbooks by role, and all pictures by file name. */
export interface AllHandbooks {
  byRole: ReadonlyMap<Role, Handbook>;
  pictures: ReadonlyMap<string, HandbookPicture>;
}

async function describePicture(name: string): Promise<HandbookPicture> {
  const bytes = await readFile(join(PICTURES, name));
  const { width, height } = await sharp(bytes).metadata();
  return { name, version: createHash('sha256').update(bytes).digest('hex').slice(0, 12), width, height };
}

async function readAll(): Promise<AllHandbooks> {
  const handbooks = role.options.map(
    async (name) => [name, readHandbook(await readFile(join(HANDBOOK_FOLDER, `${name}.md`), 'utf8'))] as const,
  );
  const pictures = (await readdir(PICTURES)).map(async (name) => [name, await describePicture(name)] as const);
  return { byRole: new Map(await Promise.all(handbooks)), pictures: new Map(await Promise.all(pictures)) };
}

/** Reads the handbooks of the checkout on first use and caches them, except for the bytes of the pictures. */
export class Handbooks {
  #all: Promise<AllHandbooks> | undefined;

  /** Resolves to all handbooks. Rejects if a file cannot be read; the next call then tries again. */
  async all(): Promise<AllHandbooks> {
    this.#all ??= readAll().catch((error: unknown) => {
      this.#all = undefined;
      throw error;
    });
    return this.#all;
  }

  /** Resolves to the bytes of a picture (WebP), or to undefined if no picture has this name and version. */
  async bytesOf(name: string, version: string): Promise<Buffer | undefined> {
    const picture = (await this.all()).pictures.get(name);
    return picture?.version === version ? readFile(join(PICTURES, picture.name)) : undefined;
  }
}

import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { role, type Role } from '../../../model/roles.ts';
import { PROJECT_ROOT } from '../../../render/compile/build-cache.ts';
import { readHandbook, type Handbook } from './handbook.ts';

/** Folder of the handbooks: one Markdown file per role, and `pictures/`. */
export const HANDBOOK_FOLDER = join(PROJECT_ROOT, 'docs/handbook');
const PICTURES = join(HANDBOOK_FOLDER, 'pictures');

/** A picture of the handbooks; `width` and `height` in pixels. */
export interface HandbookPicture {
  name: string;
  /** First 12 hexadecimal digits of the SHA-256 of its bytes; part of its address, which browsers cache. */
  version: string;
  width: number;
  height: number;
}

/** All handbooks and their pictures. */
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

/** Reads the handbooks of the checkout on first use and caches them, except for the bytes of pictures. */
export class Handbooks {
  #all: Promise<AllHandbooks> | undefined;

  /** Returns the handbooks. Rejects if a file cannot be read; then the next call tries again. */
  async all(): Promise<AllHandbooks> {
    this.#all ??= readAll().catch((error: unknown) => {
      this.#all = undefined;
      throw error;
    });
    return this.#all;
  }

  /** Returns the bytes of a picture (WebP); undefined if there is none of that name and version. */
  async bytesOf(name: string, version: string): Promise<Buffer | undefined> {
    const picture = (await this.all()).pictures.get(name);
    return picture?.version === version ? readFile(join(PICTURES, picture.name)) : undefined;
  }
}

// Makes pictures that satisfy the rule for sizes and are cheap to encode: gradients without noise.
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { chanceFrom } from './prose.ts';

/** Writes a JPEG of 1920 × 1080 pixels into a folder; each `serial` gives another picture. Resolves to its path. */
export async function makePicture(folder: string, serial: number): Promise<string> {
  const few = { width: 8, height: 5, channels: 3 } as const;
  const chance = chanceFrom(serial);
  const pixels = Uint8Array.from({ length: few.width * few.height * few.channels }, () => chance.whole(40, 220));
  const smooth = sharp(pixels, { raw: few }).resize(1920, 1080, { fit: 'fill', kernel: 'cubic' });
  const path = join(folder, `${serial}.jpg`);
  await writeFile(path, await smooth.jpeg({ quality: 85 }).toBuffer());
  return path;
}

/** Writes `count` pictures, numbered from 1, into a folder. Resolves to their paths. */
export async function makePictures(folder: string, count: number): Promise<string[]> {
  return Promise.all(Array.from({ length: count }, async (_, index) => makePicture(folder, index + 1)));
}

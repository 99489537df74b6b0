// Pictures that satisfy the size rule and cost little: gradients, free of noise.
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';

/** Makes a JPEG of 1920 × 1080 pixels that no other `serial` makes; returns its path. */
export async function makePicture(folder: string, serial: number): Promise<string> {
  const hue = (serial * 47) % 360;
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="1920" height="1080">
    <linearGradient id="g" x1="0" y1="0" x2="1" y2="${1 + (serial % 1000) / 1000}">
      <stop offset="0" stop-color="hsl(${hue},60%,30%)"/><stop offset="1" stop-color="hsl(${(hue + 90) % 360},60%,70%)"/>
    </linearGradient><rect width="1920" height="1080" fill="url(#g)"/></svg>`;
  const path = join(folder, `${serial}.jpg`);
  await writeFile(path, await sharp(Buffer.from(svg)).jpeg({ quality: 85 }).toBuffer());
  return path;
}

/** Makes some pictures, numbered from 1. */
export async function makePictures(folder: string, count: number): Promise<string[]> {
  return Promise.all(Array.from({ length: count }, async (_, index) => makePicture(folder, index + 1)));
}

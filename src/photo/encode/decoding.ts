import sharp, { type FailOnOptions, type Sharp } from 'sharp';
import { FILE_LIMITS } from '../rules/file-rule.ts';
import { saysOddity, withoutOddities } from '../judging/jpeg-oddities.ts';
import type { Pixels } from '../rules/pixels.ts';

// Photos come from outside. Of all formats that libvips can open, this process opens four; otherwise an SVG named .jpg
// would be rendered. The block holds for the whole process.
sharp.block({ operation: ['VipsForeignLoad'] });
sharp.unblock({
  operation: ['VipsForeignLoadJpeg', 'VipsForeignLoadPng', 'VipsForeignLoadWebp', 'VipsForeignLoadHeif'],
});

/**
 * Reads the header of a photo.
 *
 * @throws Error if the header cannot be read.
 */
export async function readHeader(bytes: Uint8Array) {
  // The caller judges the pixel limit and can say how many there are; damage is found when the pixels are read.
  return sharp(bytes, { limitInputPixels: false, failOn: 'none' }).metadata();
}

/** Opens a photo, upright, for operations on its pixels. */
export function openPhoto(bytes: Uint8Array, failOn: FailOnOptions): Sharp {
  return sharp(bytes, { failOn, limitInputPixels: FILE_LIMITS.pixels, autoOrient: true });
}

async function decode(bytes: Uint8Array, width: number, height: number): Promise<Pixels> {
  const { data, info } = await openPhoto(bytes, 'warning')
    .resize(width, height, { fit: 'fill' })
    .flatten({ background: '#ffffff' })
    .toColourspace('srgb')
    .raw({ depth: 'uchar' })
    .toBuffer({ resolveWithObject: true });
  return { data, width: info.width, height: info.height, channels: info.channels };
}

/**
 * Reads all of a photo and scales it to a size in pixels. A JPEG that may only be odd is read again without its
 * oddities, as strictly as before, because libjpeg reports only its first warning.
 *
 * @throws Error if any part of the photo is damaged or missing.
 */
export async function decodePhoto(bytes: Uint8Array, width: number, height: number): Promise<Pixels> {
  try {
    return await decode(bytes, width, height);
  } catch (error) {
    if (!(error instanceof Error) || !saysOddity(error.message)) throw error;
    return await decode(withoutOddities(bytes), width, height);
  }
}

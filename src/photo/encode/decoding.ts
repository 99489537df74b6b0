import sharp, { type FailOnOptions, type Sharp } from 'sharp';
import { FILE_LIMITS } from '../rules/file-rule.ts';
import { saysOddity, withoutOddities } from '../judging/jpeg-oddities.ts';
import type { Pixels } from '../rules/pixels.ts';

// Photos come from outside. libvips can open many formats, but this process opens only these four: otherwise an SVG
// named .jpg would be rendered. The block applies to the whole process.
sharp.block({ operation: ['VipsForeignLoad'] });
sharp.unblock({
  operation: ['VipsForeignLoadJpeg', 'VipsForeignLoadPng', 'VipsForeignLoadWebp', 'VipsForeignLoadHeif'],
});

/**
 * Reads the header of a photo. Resolves to sharp's metadata.
 *
 * @throws Error if the header cannot be read.
 */
export async function readHeader(bytes: Uint8Array) {
  // No pixel limit here: the caller checks it, so that its message can contain the number of pixels. Damage is found
  // when the pixels are read.
  return sharp(bytes, { limitInputPixels: false, failOn: 'none' }).metadata();
}

/**
 * Opens a photo for operations on its upright pixels. `failOn` says which faults of the photo make these operations
 * fail.
 */
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
 * Reads a whole photo and scales it to a size in pixels. Resolves to its upright pixels in sRGB, with white instead of
 * transparency. libjpeg reports only its first warning. If that warning is harmless, a more serious one may be hidden
 * behind it. So the cause of the harmless warning is removed, and the JPEG is read again as strictly as before.
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

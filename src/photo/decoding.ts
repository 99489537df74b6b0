import sharp, { type FailOnOptions, type Sharp } from 'sharp';
import { FILE_LIMITS } from './file-rule.ts';
import type { Pixels } from './pixels.ts';

// Photos come from outside: of all that libvips can open, this process opens four formats. Otherwise an SVG named .jpg
// would be rendered. The block holds for the whole process.
sharp.block({ operation: ['VipsForeignLoad'] });
sharp.unblock({
  operation: ['VipsForeignLoadJpeg', 'VipsForeignLoadPng', 'VipsForeignLoadWebp', 'VipsForeignLoadHeif'],
});

/**
 * Some Samsung cameras write wrong but harmless scan parameters, of which libjpeg warns
 * (https://github.com/lovell/sharp/issues/1578). Their owners can do nothing about it.
 */
const HARMLESS_WARNING = 'Invalid SOS parameters';

/** What the header of a photo says. Throws where it cannot be read. */
export async function readHeader(bytes: Uint8Array) {
  // The pixel limit is judged by the caller, who can say how many there are.
  return sharp(bytes, { limitInputPixels: false }).metadata();
}

/** The pixels of a photo, upright, to be worked on. */
export function openPhoto(bytes: Uint8Array, failOn: FailOnOptions): Sharp {
  return sharp(bytes, { failOn, limitInputPixels: FILE_LIMITS.pixels, autoOrient: true });
}

async function decode(bytes: Uint8Array, width: number, height: number, failOn: FailOnOptions): Promise<Pixels> {
  const { data, info } = await openPhoto(bytes, failOn)
    .resize(width, height, { fit: 'fill' })
    .flatten({ background: '#ffffff' })
    .toColourspace('srgb')
    .raw({ depth: 'uchar' })
    .toBuffer({ resolveWithObject: true });
  return { data, width: info.width, height: info.height, channels: info.channels };
}

/** Reads all of a photo and scales it to a size in pixels. Throws where any of it is damaged or missing. */
export async function decodePhoto(bytes: Uint8Array, width: number, height: number): Promise<Pixels> {
  try {
    return await decode(bytes, width, height, 'warning');
  } catch (error) {
    if (!(error instanceof Error) || !error.message.includes(HARMLESS_WARNING)) throw error;
    return await decode(bytes, width, height, 'error');
  }
}

import sharp from 'sharp';
import type { Pixels } from '../rules/pixels.ts';
import type { Size } from '../rules/size-rule.ts';

/** What is shown until a photo is loaded. */
export interface Placeholder {
  /** Average colour, `#rrggbb`. */
  colour: string;
  /**
   * A data URL of a tiny WebP of the photo, of some hundred bytes, to be stretched to the photo's size. Empty if the
   * photo cannot be decoded.
   */
  placeholder: string;
}

/** The placeholder of a photo that could not be decoded. */
export const GREY: Placeholder = { colour: '#888888', placeholder: '' };

/** Width and greatest height of a placeholder in pixels, and its WebP quality. */
const PLACEHOLDER = { width: 16, height: 32, quality: 20 } as const;
/**
 * How many times wider and higher the thumbnail is than the placeholder. The average colour and the placeholder are
 * made from the thumbnail.
 */
const THUMBNAIL_SCALE = 2;

function placeholderSize({ width, height }: Size): Size {
  const inProportion = Math.round((PLACEHOLDER.width * height) / width);
  return { width: PLACEHOLDER.width, height: Math.min(PLACEHOLDER.height, Math.max(1, inProportion)) };
}

async function scaled({ data, channels, ...from }: Pixels, { width, height }: Size): Promise<Pixels> {
  const { data: made, info } = await sharp(data, { raw: { ...from, channels } })
    .resize(width, height, { fit: 'fill' })
    .raw()
    .toBuffer({ resolveWithObject: true });
  return { data: made, width: info.width, height: info.height, channels: info.channels };
}

function averageColour({ data, channels }: Pixels): string {
  const grey = channels < 3;
  const averages = [0, grey ? 0 : 1, grey ? 0 : 2].map((channel) => {
    let sum = 0;
    for (let at = channel; at < data.length; at += channels) sum += data[at] ?? 0;
    return Math.round((sum * channels) / data.length);
  });
  return `#${averages.map((average) => average.toString(16).padStart(2, '0')).join('')}`;
}

async function placeholderOf({ data, channels, ...from }: Pixels, { width, height }: Size): Promise<string> {
  const webp = await sharp(data, { raw: { ...from, channels } })
    .resize(width, height, { fit: 'fill' })
    .webp({ quality: PLACEHOLDER.quality })
    .toBuffer();
  return `data:image/webp;base64,${webp.toString('base64')}`;
}

/** Makes the average colour and the placeholder of a picture. */
export async function placeholderFor(pixels: Pixels): Promise<Placeholder> {
  const small = placeholderSize(pixels);
  const thumbnail = await scaled(pixels, {
    width: small.width * THUMBNAIL_SCALE,
    height: small.height * THUMBNAIL_SCALE,
  });
  return { colour: averageColour(thumbnail), placeholder: await placeholderOf(thumbnail, small) };
}

import sharp from 'sharp';
import { decodePhoto } from './decoding.ts';
import type { Pixels } from './pixels.ts';
import type { Size } from './size-rule.ts';
import { ENCODING, variantsOf, type Variant } from './variants.ts';

/** Pixels along the width of a placeholder. */
const PLACEHOLDER_WIDTH = 16;

/** An encoded file of a photo, complete. */
export interface EncodedVariant {
  variant: Variant;
  content: Uint8Array;
}

/**
 * Encodes every variant of a photo of a known upright size, one after the other. The photo is decoded once, to the
 * widest variant; the others are scaled from that. sharp writes no metadata unless it is told to, and from bare pixels
 * it has none to write. Throws where the photo cannot be decoded or encoded.
 */
export async function* encodePhoto(bytes: Uint8Array, size: Size): AsyncGenerator<EncodedVariant> {
  const variants = variantsOf(size);
  const widest = variants.reduce<Variant | undefined>(
    (found, variant) => (found && found.width >= variant.width ? found : variant),
    undefined,
  );
  if (!widest) return;
  const { data, width, height, channels } = await decodePhoto(bytes, widest.width, widest.height);
  for (const variant of variants) {
    const scaled = sharp(data, { raw: { width, height, channels } }).resize(variant.width, variant.height, {
      fit: 'fill',
    });
    const { quality, mozjpeg } = ENCODING.jpeg;
    const encoder = variant.format === 'avif' ? scaled.avif(ENCODING.avif) : scaled.jpeg({ quality, mozjpeg });
    yield { variant, content: await encoder.toBuffer() };
  }
}

/**
 * A photo in 16 pixels of width, as a `data:` URL of about 195 bytes: blurred by being enlarged, it stands in the
 * photo's place until that is there. `pixels`: the whole photo in whatever shape; `size`: the shape it really has.
 */
export async function encodePlaceholder({ data, width, height, channels }: Pixels, size: Size): Promise<string> {
  const lowered = Math.max(1, Math.round((PLACEHOLDER_WIDTH * size.height) / size.width));
  const content = await sharp(data, { raw: { width, height, channels } })
    .resize(PLACEHOLDER_WIDTH, lowered, { fit: 'fill' })
    .webp({ quality: 40 })
    .toBuffer();
  return `data:image/webp;base64,${content.toString('base64')}`;
}

import sharp from 'sharp';
import { decodePhoto, openPhoto } from './decoding.ts';
import type { Size } from '../rules/size-rule.ts';
import { ENCODING, LIGHT, variantsOf, type Variant } from './variants.ts';

/** One complete encoded file of a photo. */
export interface EncodedVariant {
  variant: Variant;
  content: Uint8Array;
}

/**
 * Encodes every variant of a photo and yields the files one after the other. `size` is the upright size of the photo in
 * pixels. The photo is decoded once, to the size of the widest variant; the other variants are scaled from those
 * pixels. The files have no metadata: sharp writes none by default, and raw pixels contain none.
 *
 * @throws Error if the photo cannot be decoded or encoded.
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
    const encoder = variant.format === 'avif' ? scaled.avif(ENCODING.avif) : scaled.jpeg(ENCODING.jpeg.options);
    yield { variant, content: await encoder.toBuffer() };
  }
}

/**
 * Makes a JPEG for the screens of editors, quickly. Resolves to a file of at most LIGHT.width pixels in width. A JPEG
 * is decoded at a fraction of its size: 50 ms for 8 million pixels. Damaged photos are accepted.
 *
 * @throws Error if nothing can be decoded.
 */
export async function encodeLight(bytes: Uint8Array): Promise<Uint8Array> {
  return openPhoto(bytes, 'none')
    .resize({ width: LIGHT.width, withoutEnlargement: true })
    .flatten({ background: '#ffffff' })
    .toColourspace('srgb')
    .jpeg({ quality: LIGHT.quality })
    .toBuffer();
}

import { kindOf } from '../../photo/rules/file-kind.ts';
import { unsupported } from '../../photo/rules/file-rule.ts';
import type { Finding } from '../../photo/rules/finding.ts';
import { isDisplayP3 } from '../../photo/rules/heif-colour.ts';
import { DeskError } from '../backend/desk-client.ts';

/** Number of bytes at the beginning of a file from which its kind is detected. */
const HEAD_BYTES = 4096;
/** Quality of the JPEG from 0 to 1: no visible loss. */
const QUALITY = 0.95;
/** Number of rows of pixels whose colours are converted at once. */
const STRIP = 256;

/** Resolves to whether a file is a HEIC photo, as iPhones take; decided by its bytes, not its name. */
export async function isHeic(file: Blob): Promise<boolean> {
  const kind = kindOf(new Uint8Array(await file.slice(0, HEAD_BYTES).arrayBuffer()));
  return kind.is === 'picture' && kind.name === 'HEIC';
}

/** Returns the file name of the JPEG that is made from a file: the same name with the extension `.jpg`. */
export function jpegName(name: string): string {
  return `${name.replace(/\.(?:heic|heif|hif|jpe?g)$/iu, '')}.jpg`;
}

/**
 * Reinterprets the pixels of a canvas as Display P3; the browser then converts them to sRGB. Without this, the colours
 * would look too pale.
 */
function readAsP3(context: CanvasRenderingContext2D, { width, height }: ImageBitmap): void {
  for (let top = 0; top < height; top += STRIP) {
    const rows = Math.min(STRIP, height - top);
    const { data } = context.getImageData(0, top, width, rows);
    context.putImageData(new ImageData(data, width, rows, { colorSpace: 'display-p3' }), 0, top);
  }
}

/**
 * Encodes a picture as JPEG and frees the bitmap's memory. `p3`: whether the pixels are Display P3 values.
 * @throws Error if the browser has no canvas, or if the picture is too large for one.
 */
async function encode(bitmap: ImageBitmap, p3: boolean): Promise<Blob> {
  const canvas = document.createElement('canvas');
  canvas.width = bitmap.width;
  canvas.height = bitmap.height;
  const context = canvas.getContext('2d', { willReadFrequently: true });
  if (!context) throw new Error('There is no canvas.');
  context.drawImage(bitmap, 0, 0);
  if (p3) readAsP3(context, bitmap);
  bitmap.close();
  return new Promise((resolve, reject) => {
    const take = (blob: Blob | null): void => (blob ? resolve(blob) : reject(new Error('The canvas is too large.')));
    canvas.toBlob(take, 'image/jpeg', QUALITY);
  });
}

/**
 * Converts a HEIC photo to JPEG. Safari decodes HEIC and converts its colours. For other browsers, loads a decoder that
 * does not convert colours.
 * @throws DeskError if the decoder cannot be loaded; Error if the photo cannot be decoded or encoded.
 */
async function convert(file: File): Promise<Blob> {
  const decoded = await createImageBitmap(file).catch(() => undefined);
  if (decoded) return encode(decoded, false);
  // After an update of the desk, the file with the decoder has a new name; a page that was opened before requests the
  // old one.
  const { heicTo } = await import('heic-to/csp').catch(() => {
    throw new DeskError(
      '转换苹果照片用的程序没有取到。请检查网络，再点“再传一次”；还不行，就先点“不要这张”保存文字，再刷新页面。',
      0,
    );
  });
  const bitmap = await heicTo({ blob: file, type: 'bitmap' });
  return encode(bitmap, isDisplayP3(new Uint8Array(await file.arrayBuffer())));
}

/**
 * Converts a HEIC photo to a JPEG file in sRGB. Resolves to the finding to show if the conversion fails.
 * @throws DeskError if the decoder cannot be loaded.
 */
export async function jpegOfHeic(file: File): Promise<File | Finding> {
  try {
    return new File([await convert(file)], jpegName(file.name), { type: 'image/jpeg' });
  } catch (error) {
    if (error instanceof DeskError) throw error;
    return unsupported('HEIC');
  }
}

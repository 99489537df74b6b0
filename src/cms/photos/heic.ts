import { kindOf } from '../../photo/rules/file-kind.ts';
import { unsupported } from '../../photo/rules/file-rule.ts';
import type { Finding } from '../../photo/rules/finding.ts';
import { isDisplayP3 } from '../../photo/rules/heif-colour.ts';
import { DeskError } from '../backend/desk-client.ts';

/** How many bytes from the beginning of a file decide its kind. */
const HEAD_BYTES = 4096;
/** Quality of the JPEG, 0–1: no visible loss. */
const QUALITY = 0.95;
/** Rows whose colours are converted at once. */
const STRIP = 256;

/** Returns whether a file is a HEIC photo, as from an iPhone; its bytes decide, not its name. */
export async function isHeic(file: Blob): Promise<boolean> {
  const kind = kindOf(new Uint8Array(await file.slice(0, HEAD_BYTES).arrayBuffer()));
  return kind.is === 'picture' && kind.name === 'HEIC';
}

/** Returns the name of the JPEG that is made from a file. */
export function jpegName(name: string): string {
  return `${name.replace(/\.(?:heic|heif|hif|jpe?g)$/iu, '')}.jpg`;
}

/** Reinterprets the pixels of a canvas as Display P3: interpreted as sRGB, they would look too pale. */
function readAsP3(context: CanvasRenderingContext2D, { width, height }: ImageBitmap): void {
  for (let top = 0; top < height; top += STRIP) {
    const rows = Math.min(STRIP, height - top);
    const { data } = context.getImageData(0, top, width, rows);
    context.putImageData(new ImageData(data, width, rows, { colorSpace: 'display-p3' }), 0, top);
  }
}

/**
 * Encodes a picture as JPEG and frees its memory. `p3`: its pixels are Display P3.
 * @throws if there is no canvas, or if it is too large.
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
 * Converts a HEIC photo to JPEG. Safari decodes HEIC, colours included; for other browsers, loads a decoder that does
 * not convert colours.
 * @throws DeskError if the decoder cannot be loaded.
 */
async function convert(file: File): Promise<Blob> {
  const decoded = await createImageBitmap(file).catch(() => undefined);
  if (decoded) return encode(decoded, false);
  // After an update of the desk the decoder's file has a new name, which a page that was open before does not know.
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
 * Converts a HEIC photo to a JPEG in sRGB. Returns a finding if that fails.
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

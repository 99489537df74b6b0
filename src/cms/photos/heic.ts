import { kindOf } from '../../photo/rules/file-kind.ts';
import { unsupported } from '../../photo/rules/file-rule.ts';
import type { Finding } from '../../photo/rules/finding.ts';
import { isDisplayP3 } from '../../photo/rules/heif-colour.ts';
import { DeskError } from '../backend/desk-client.ts';

/** How far into a file its kind is looked for. */
const HEAD_BYTES = 4096;
/** Of the JPEG that is made, 0–1: nothing is lost that could be seen. */
const QUALITY = 0.95;
/** Rows whose colours are changed at once. */
const STRIP = 256;

/** Whether a file is one of an iPhone's HEIC photos, whatever its name says. */
export async function isHeic(file: Blob): Promise<boolean> {
  const kind = kindOf(new Uint8Array(await file.slice(0, HEAD_BYTES).arrayBuffer()));
  return kind.is === 'picture' && kind.name === 'HEIC';
}

/** The name of the JPEG that is made of a file. */
export function jpegName(name: string): string {
  return `${name.replace(/\.(?:heic|heif|hif|jpe?g)$/iu, '')}.jpg`;
}

/** Takes the numbers of a picture for those of Display P3: taken for sRGB they are shown paler than they are. */
function readAsP3(context: CanvasRenderingContext2D, { width, height }: ImageBitmap): void {
  for (let top = 0; top < height; top += STRIP) {
    const rows = Math.min(STRIP, height - top);
    const { data } = context.getImageData(0, top, width, rows);
    context.putImageData(new ImageData(data, width, rows, { colorSpace: 'display-p3' }), 0, top);
  }
}

/** Encodes a picture and gives back its memory; `p3`: its numbers are those of Display P3. */
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

/** Safari reads HEIC by itself, colours included. For others a decoder is fetched, which leaves colours as they are. */
async function convert(file: File): Promise<Blob> {
  const own = await createImageBitmap(file).catch(() => undefined);
  if (own) return encode(own, false);
  // After an update of the desk its file has another name, of which a page that is open does not know.
  const { heicTo } = await import('heic-to/csp').catch(() => {
    throw new DeskError(
      '转换苹果照片用的程序没有取到。请检查网络，再点“再传一次”；还不行，就先点“不要这张”保存文字，再刷新页面。',
      0,
    );
  });
  const bitmap = await heicTo({ blob: file, type: 'bitmap' });
  return encode(bitmap, isDisplayP3(new Uint8Array(await file.arrayBuffer())));
}

/** A HEIC photo as a JPEG in sRGB, or why there is none. Rejects with a DeskError where the decoder cannot be fetched. */
export async function jpegOfHeic(file: File): Promise<File | Finding> {
  try {
    return new File([await convert(file)], jpegName(file.name), { type: 'image/jpeg' });
  } catch (error) {
    if (error instanceof DeskError) throw error;
    return unsupported('HEIC');
  }
}

import { kindOf } from '../photo/file-kind.ts';
import { unsupported } from '../photo/file-rule.ts';
import type { Finding } from '../photo/finding.ts';

/** How far into a file its kind is looked for. */
const HEAD_BYTES = 4096;
/** Of the JPEG that is made, 0–1: nothing is lost that could be seen. */
const QUALITY = 0.95;

/** Whether a file is one of an iPhone's HEIC photos, whatever its name says. */
export async function isHeic(file: Blob): Promise<boolean> {
  const kind = kindOf(new Uint8Array(await file.slice(0, HEAD_BYTES).arrayBuffer()));
  return kind.is === 'picture' && kind.name === 'HEIC';
}

/** The name of the JPEG that is made of a file. */
export function jpegName(name: string): string {
  return `${name.replace(/\.(?:heic|heif|hif)$/iu, '')}.jpg`;
}

/** A HEIC photo as a JPEG, or why there is none. What converts it is fetched by those who need it, and by them once. */
export async function jpegOfHeic(file: File): Promise<File | Finding> {
  try {
    const { heicTo } = await import('heic-to/csp');
    const jpeg = await heicTo({ blob: file, type: 'image/jpeg', quality: QUALITY });
    return new File([jpeg], jpegName(file.name), { type: 'image/jpeg' });
  } catch {
    return unsupported('HEIC');
  }
}

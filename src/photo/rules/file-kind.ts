// Runs in browser and Node: pure.
import { isAnimatedGif, isAnimatedPng, isAnimatedWebp } from './animation.ts';

/** Accepted formats of photos. */
export const PHOTO_FORMATS = ['jpeg', 'png', 'webp', 'avif'] as const;
export type PhotoFormat = (typeof PHOTO_FORMATS)[number];

/**
 * The kind of a file by its first bytes, whatever its name says: a photo of an accepted format, a picture of another
 * format, another file (`what` says in Chinese which), or an empty file.
 */
export type FileKind =
  | { is: 'photo'; format: PhotoFormat; animated: boolean }
  | { is: 'picture'; name: 'HEIC' | 'GIF' | 'TIFF 或 RAW' | 'BMP' | 'JPEG 2000' | 'JPEG XL' | 'PSD'; animated: boolean }
  | { is: 'other'; what: string }
  | { is: 'empty' };

/** Number of bytes at the start of a file that are examined for signatures. */
const HEAD_BYTES = 4096;

/** Converts each byte into the character with the same code, so that signatures can be compared as text. */
function latin1(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) text += String.fromCharCode(byte);
  return text;
}

/**
 * Returns the kind of an ISO base media file by its brands (ISO/IEC 14496-12, `ftyp`). HEIF (ISO/IEC 23008-12) is such
 * a file.
 */
function kindOfBrands(head: string): FileKind {
  const length = Math.min(head.length, head.charCodeAt(2) * 256 + head.charCodeAt(3));
  const major = head.slice(8, 12);
  const brands = new Set([major]);
  for (let at = 16; at + 4 <= length; at += 4) brands.add(head.slice(at, at + 4));
  if (brands.has('avif') || brands.has('avis')) return { is: 'photo', format: 'avif', animated: major === 'avis' };
  if (['heic', 'heix', 'hevc', 'hevx', 'heim', 'heis', 'mif1', 'msf1'].some((brand) => brands.has(brand))) {
    return { is: 'picture', name: 'HEIC', animated: false };
  }
  return { is: 'other', what: '视频或其他文件' };
}

/** Signatures of files that people upload by mistake, with their Chinese names. */
const OTHERS: [signature: string, what: string][] = [
  ['%PDF', 'PDF 文档'],
  ['PK\x03\x04', '压缩包或 Office 文档'],
  ['\xd0\xcf\x11\xe0', 'Office 文档'],
  ['Rar!', '压缩包'],
  ['7z\xbc\xaf', '压缩包'],
];

/** Returns the kind of a file that has no known signature: a web page, an SVG, other text or an unknown file. */
function kindOfText(bytes: Uint8Array, head: string): FileKind {
  const start = head
    .replace(/^\xef\xbb\xbf/u, '')
    .trimStart()
    .toLowerCase();
  if (/^<(?:!doctype html|html|head|body)/u.test(start)) return { is: 'other', what: '网页' };
  if (start.startsWith('<') && start.includes('<svg')) return { is: 'other', what: 'SVG 图形' };
  const binary = bytes.subarray(0, HEAD_BYTES).some((byte) => byte < 0x09 || (byte > 0x0d && byte < 0x20));
  return { is: 'other', what: binary ? '其他文件' : '文本文件' };
}

/** Returns the kind of a file. Examines signatures and flags of animation only: a photo may still be damaged. */
export function kindOf(bytes: Uint8Array): FileKind {
  if (bytes.length === 0) return { is: 'empty' };
  const head = latin1(bytes.subarray(0, HEAD_BYTES));
  const starts = (...signatures: string[]): boolean => signatures.some((signature) => head.startsWith(signature));

  if (starts('\xff\xd8\xff')) return { is: 'photo', format: 'jpeg', animated: false };
  if (starts('\x89PNG\r\n\x1a\n')) return { is: 'photo', format: 'png', animated: isAnimatedPng(bytes) };
  if (starts('RIFF') && head.slice(8, 12) === 'WEBP') {
    return { is: 'photo', format: 'webp', animated: isAnimatedWebp(bytes) };
  }
  if (head.slice(4, 8) === 'ftyp') return kindOfBrands(head);
  if (starts('GIF8')) return { is: 'picture', name: 'GIF', animated: isAnimatedGif(bytes) };
  // The raw files of most cameras are TIFF.
  if (starts('II*\0', 'MM\0*')) return { is: 'picture', name: 'TIFF 或 RAW', animated: false };
  if (starts('BM') && head.slice(6, 10) === '\0\0\0\0') return { is: 'picture', name: 'BMP', animated: false };
  if (starts('\0\0\0\x0cjP  ')) return { is: 'picture', name: 'JPEG 2000', animated: false };
  if (starts('\xff\x0a', '\0\0\0\x0cJXL ')) return { is: 'picture', name: 'JPEG XL', animated: false };
  if (starts('8BPS')) return { is: 'picture', name: 'PSD', animated: false };

  const other = OTHERS.find(([signature]) => head.startsWith(signature));
  return other ? { is: 'other', what: other[1] } : kindOfText(bytes, head);
}

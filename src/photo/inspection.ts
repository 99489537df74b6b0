import sharp from 'sharp';
import { decodePhoto, readHeader } from './decoding.ts';
import { kindOf, type PhotoFormat } from './file-kind.ts';
import { animated, damaged, judgeFile, judgePixels, unsupported } from './file-rule.ts';
import type { Finding } from './finding.ts';
import type { Pixels } from './pixels.ts';
import type { Size } from './size-rule.ts';

/** Raised when a photo could be judged differently from before: what was found under other versions is not used. */
export const INSPECTION_VERSION = 2;

/** What a file shows when it is looked at as a photo. */
export interface Inspection extends Size {
  /** By the file's content, not its name; `unknown`: none of those that photos may come in. */
  format: PhotoFormat | 'unknown';
  /** Average colour, `#rrggbb`: what stands in the photo's place until it is there. */
  colour: string;
  /** A data URL of the photo in some hundred bytes, to be stretched to its place; empty where it cannot be decoded. */
  placeholder: string;
  findings: Finding[];
}

/** Stands in for the colour of what could not be decoded. */
const GREY = '#888888';

/** Width of a placeholder in pixels, and the most that it is high. */
const PLACEHOLDER = { width: 16, height: 32, quality: 40 } as const;
/** The thumbnail that colour and placeholder are made from is so many times as wide and high as a placeholder. */
const THUMBNAIL_SCALE = 2;

function averageColour({ data, channels }: Pixels): string {
  const grey = channels < 3;
  const averages = [0, grey ? 0 : 1, grey ? 0 : 2].map((channel) => {
    let sum = 0;
    for (let at = channel; at < data.length; at += channels) sum += data[at] ?? 0;
    return Math.round((sum * channels) / data.length);
  });
  return `#${averages.map((average) => average.toString(16).padStart(2, '0')).join('')}`;
}

function placeholderSize({ width, height }: Size): Size {
  const inProportion = Math.round((PLACEHOLDER.width * height) / width);
  return { width: PLACEHOLDER.width, height: Math.min(PLACEHOLDER.height, Math.max(1, inProportion)) };
}

/** A thumbnail as a WebP data URL: about 200 bytes. */
async function placeholderOf({ data, channels, ...from }: Pixels, { width, height }: Size): Promise<string> {
  const webp = await sharp(data, { raw: { ...from, channels } })
    .resize(width, height, { fit: 'fill' })
    .webp({ quality: PLACEHOLDER.quality })
    .toBuffer();
  return `data:image/webp;base64,${webp.toString('base64')}`;
}

/** What is said of a file that has ended whoever looked at it. */
export function fatalInspection(): Inspection {
  return { format: 'unknown', width: 0, height: 0, colour: GREY, placeholder: '', findings: [damaged()] };
}

/**
 * Looks at a photo: what it is, its upright size in pixels, its colour, and whether all of it can be read. Never
 * throws for what is wrong with a file: that is in the findings, and then width and height are 0 unless they are
 * known. Whether it is large enough is not judged here: that depends on the site's settings (size-rule.ts).
 */
export async function inspectPhoto(bytes: Uint8Array): Promise<Inspection> {
  const kind = kindOf(bytes);
  const format = kind.is === 'photo' ? kind.format : 'unknown';
  const unread: Omit<Inspection, 'findings'> = { format, width: 0, height: 0, colour: GREY, placeholder: '' };
  const refusal = judgeFile(bytes);
  if (refusal) return { ...unread, findings: [refusal] };
  try {
    const header = await readHeader(bytes);
    if (header.format === 'heif' && header.compression !== 'av1') return { ...unread, findings: [unsupported('HEIC')] };
    if ((header.pages ?? 1) > 1) return { ...unread, findings: [animated()] };
    const { width, height } = header.autoOrient;
    const excess = judgePixels({ width, height });
    if (excess) return { ...unread, width, height, findings: [excess] };
    const small = placeholderSize({ width, height });
    const thumbnail = await decodePhoto(bytes, small.width * THUMBNAIL_SCALE, small.height * THUMBNAIL_SCALE);
    const placeholder = await placeholderOf(thumbnail, small);
    return { format, width, height, colour: averageColour(thumbnail), placeholder, findings: [] };
  } catch {
    return { ...unread, findings: [damaged()] };
  }
}

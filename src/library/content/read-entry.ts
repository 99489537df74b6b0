import { parseDocumentFile } from '../../model/document.ts';
import { entryAt, entryFileOf } from '../../model/entry-path.ts';
import type { Fault } from '../../model/fault.ts';
import { halfTypedEntry } from '../../model/half-typed.ts';
import { referencesOf, type Reference } from '../../model/references.ts';
import { judgePhotoFiles, namedPhotos, type NamedPhoto, type PhotoFacts } from '../../model/photo-faults.ts';
import { judgeDocument, type Limits } from '../../model/rules.ts';
import type { Likeness } from '../../photo/judging/likeness.ts';
import { fingerprint } from './fingerprint.ts';
import type { Source } from './source.ts';
import type { PhotoFile, Version } from './version.ts';

/** A photo's file as it was found. */
export interface ExaminedPhoto extends PhotoFacts {
  hash: string;
  likeness?: Likeness | undefined;
}

/** Looks at photos for the library; the host lends it. */
export interface PhotoExaminer {
  /**
   * What is known of the photo at a path; `stamp` tells whether it is still the one seen before. `hash` is the SHA-256
   * of its bytes, hexadecimal. Rejects where the file cannot be read.
   */
  examine(path: string, stamp: string, read: () => Promise<Uint8Array>): Promise<ExaminedPhoto>;
}

/** A photo of an entry as it was read. */
export interface ReadPhoto extends PhotoFile {
  /** Its place among the entry's photos, from 0. */
  index: number;
  exemption: NamedPhoto['exemption'];
  /** Whether readers have it in this entry already. */
  shown: boolean;
}

/** What was found in the place of one entry. */
export interface Reading {
  file: string;
  /** The entry's own text as read; undefined: there is none. */
  source: string | undefined;
  /** Absent where a fault forbids it. */
  version: Version | undefined;
  faults: readonly Fault[];
  /** What does not keep it out, and a reviewer should know. */
  remarks: readonly Fault[];
  /** Its photos whose files are there, whatever else is wrong. */
  photos: readonly ReadPhoto[];
  /** The references that a version without one would make, so that they are judged too. */
  references: readonly Reference[];
}

const utf8 = new TextDecoder('utf-8', { fatal: true });

function refused(file: string, source: string | undefined, what: string, remedy: string): Reading {
  const fault = { file, field: '', label: '', what, remedy };
  return { file, source, version: undefined, faults: [fault], remarks: [], photos: [], references: [] };
}

/** Groups files by the entry they belong to; what belongs to none is listed apart. MDX pages are code, not entries. */
export function groupByEntry(paths: Iterable<string>): { entries: Set<string>; strays: string[] } {
  const entries = new Set<string>();
  const strays: string[] = [];
  for (const path of paths) {
    const file = entryFileOf(path);
    if (file !== undefined) entries.add(file);
    else if (!path.startsWith('pages/')) strays.push(path);
  }
  return { entries, strays };
}

/** A file in a place where no entry can be. */
export function strayFault(file: string): Fault {
  const remedy = '请对照 README 里的目录，把它移到该放的位置；不需要就删去。';
  return { file, field: '', label: '', what: '这个位置不放文件，网站不会显示它', remedy };
}

/**
 * Reads and judges the entry of one file with the photos beside it; every fault at once. `shown` is the version that
 * readers have of it; `unknown`: what they have is not known, because the site is made from nothing.
 */
export async function readEntry(
  source: Source,
  file: string,
  examiner: PhotoExaminer,
  stampOf: (path: string) => string | undefined,
  limits: Limits,
  shown: Version | 'unknown' | undefined,
): Promise<Reading> {
  const address = entryAt(file);
  if (!address) throw new Error(`${file} is no entry's file: group files with groupByEntry first.`);
  let bytes: Uint8Array;
  try {
    bytes = await source.read(file);
  } catch (error) {
    // What the file system refuses lies at the file. Anything else is no fault of the entry's: a damaged repository.
    if (!(error instanceof Error && 'code' in error)) throw error;
    return refused(file, undefined, '文件读不出来', '请检查它的读取权限。');
  }
  let text: string;
  try {
    text = utf8.decode(bytes);
  } catch {
    return refused(file, undefined, '文件不是 UTF-8 编码', '请用 UTF-8 编码另存后再试。');
  }
  const document = parseDocumentFile(file, text);
  if ('what' in document) return refused(file, text, document.what, document.remedy);

  const { entry, faults } = judgeDocument(address, document, limits);
  const named = namedPhotos(document.data);
  const beside = file.slice(0, file.lastIndexOf('/') + 1);
  const lookAt = async (src: string) => {
    const path = beside + src;
    const stamp = stampOf(path);
    if (stamp === undefined) return undefined;
    return examiner
      .examine(path, stamp, () => source.read(path))
      .catch((error: unknown) => {
        // Gone since it was listed. Anything else is no fault of the entry's, and must not look like one.
        if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
        throw error;
      });
  };
  const names = photoNames(document.data);
  const looked = new Map(await Promise.all(names.map(async (src) => [src, await lookAt(src)] as const)));
  const isShown = showsAlready(shown, document.data);
  const photos = named.flatMap((photo, index): ReadPhoto[] => {
    const seen = photo && looked.get(photo.src);
    if (!photo || !seen) return [];
    const { src, exemption } = photo;
    return [{ ...photoFile({ ...seen, src }), index, exemption, shown: isShown(seen.hash) }];
  });
  const { faults: photoFaults, remarks } = judgePhotoFiles(
    file,
    named,
    (src) => looked.get(src),
    limits,
    (src) => photos.some((photo) => photo.src === src && photo.shown),
  );
  const allFaults = [...faults, ...photoFaults];
  const version =
    entry && allFaults.length === 0
      ? { address, entry, text: fingerprint(`${file}\n${text}`), photos: photos.map(photoFile) }
      : undefined;
  const references = version ? [] : referencesOf(entry ?? halfTypedEntry(address.collection, document.data, ''));
  return { file, source: text, version, faults: allFaults, remarks, photos, references };
}

/** As much of a photo as is kept of it. */
function photoFile({ src, hash, width, height, colour, placeholder, likeness }: PhotoFile): PhotoFile {
  return { src, hash, width, height, colour, placeholder, likeness };
}

/**
 * Whether readers have a photo in an entry already. Where that is not known, an entry that the desk has published
 * counts as shown: it was judged then, by the rules of then.
 */
function showsAlready(shown: Version | 'unknown' | undefined, data: unknown): (hash: string) => boolean {
  if (shown === 'unknown') {
    const published = typeof data === 'object' && data !== null && 'published' in data && data.published !== undefined;
    return () => published;
  }
  return (hash) => shown?.photos.some((photo) => photo.hash === hash) ?? false;
}

/** The photo files that front matter names, however faulty the rest of it is. */
export function photoNames(data: unknown): string[] {
  return namedPhotos(data).flatMap((photo) => (photo ? [photo.src] : []));
}

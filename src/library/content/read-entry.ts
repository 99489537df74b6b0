import { parseDocumentFile } from '../../model/document.ts';
import { entryAt, entryFileOf } from '../../model/entry-path.ts';
import type { Fault } from '../../model/fault.ts';
import { halfTypedEntry } from '../../model/incomplete-draft.ts';
import { referencesOf, type Reference } from '../../model/references.ts';
import { judgePhotoFiles, namedPhotos, type NamedPhoto, type PhotoFacts } from '../../model/photo-faults.ts';
import { judgeDocument, type Limits } from '../../model/rules.ts';
import type { Likeness } from '../../photo/judging/likeness.ts';
import { fingerprint } from './fingerprint.ts';
import { UnreadableFile, type Source } from './content-source.ts';
import type { PhotoFile, Version } from './version.ts';

/** What an examination found of a photo's file. `hash` is the SHA-256 of its bytes, hexadecimal. */
export interface ExaminedPhoto extends PhotoFacts {
  hash: string;
  likeness?: Likeness | undefined;
}

/** Examines photos for the library; the caller supplies it. */
export interface PhotoExaminer {
  /**
   * Examines the photo at a path of a source. `stamp` changes when the file does, so that results can be cached by it.
   * Rejects if the file cannot be read, with UnreadableFile if only this file is lost.
   */
  examine(source: Source, path: string, stamp: string): Promise<ExaminedPhoto>;
}

/** A photo of an entry as it was read. */
export interface ReadPhoto extends PhotoFile {
  /** Position among the entry's photos, from 0. */
  index: number;
  exemption: NamedPhoto['exemption'];
  /** Whether the photo is published in this entry already. */
  shown: boolean;
}

/** The result of reading one entry. */
export interface Reading {
  file: string;
  /** Text of the entry's file; undefined if it could not be read. */
  source: string | undefined;
  /** Undefined if a fault keeps the entry out. */
  version: Version | undefined;
  faults: readonly Fault[];
  /** Notes for a reviewer. They do not keep the entry out. */
  remarks: readonly Fault[];
  /** The photos whose files exist, whatever else is wrong. */
  photos: readonly ReadPhoto[];
  /** The references of an entry that has no version, so that they are judged too. */
  references: readonly Reference[];
}

const utf8 = new TextDecoder('utf-8', { fatal: true });

function refused(file: string, source: string | undefined, what: string, remedy: string): Reading {
  const fault = { file, field: '', label: '', what, remedy };
  return { file, source, version: undefined, faults: [fault], remarks: [], photos: [], references: [] };
}

/**
 * Returns the files of the entries that files belong to, and apart from them (`strays`) the files that belong to no
 * entry. MDX pages are code, not entries, and are left out.
 */
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

/** Returns the fault of a file in a place where no entry can be. */
export function strayFault(file: string): Fault {
  const remedy = '请对照 README 里的目录，把它移到该放的位置；不需要就删去。';
  return { file, field: '', label: '', what: '这个位置不放文件，网站不会显示它', remedy };
}

/**
 * Reads and judges the entry of one file and the photos beside it; reports every fault at once. `shown` is the
 * published version of the entry; `unknown` means that the published versions are not known, because the site is built
 * from nothing.
 *
 * @throws Error if `file` is not an entry's file, and every error that is not the file's fault, such as a damaged
 * repository.
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
    // An error with a code comes from the file system: the file is at fault. Any other error, such as a damaged
    // repository, is not the entry's fault.
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
  const folder = file.slice(0, file.lastIndexOf('/') + 1);
  const lookAt = async (src: string) => {
    const path = folder + src;
    const stamp = stampOf(path);
    if (stamp === undefined) return undefined;
    return examiner.examine(source, path, stamp).catch((error: unknown) => {
      if (error instanceof UnreadableFile) return error;
      // The file vanished since it was listed. Any other error is not the entry's fault and must not be reported as
      // one.
      if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
      throw error;
    });
  };
  const names = photoNames(document.data);
  const looked = new Map(await Promise.all(names.map(async (src) => [src, await lookAt(src)] as const)));
  // A withdrawn entry shows no photos: it needs none of them.
  const withdrawn = entry !== undefined && 'withdrawn' in entry.data && entry.data.withdrawn !== undefined;
  const needed = named.map((photo) =>
    withdrawn && photo && looked.get(photo.src) instanceof UnreadableFile ? undefined : photo,
  );
  const isShown = showsAlready(shown, document.data);
  const photos = named.flatMap((photo, index): ReadPhoto[] => {
    const seen = photo && looked.get(photo.src);
    if (!photo || !seen || seen instanceof UnreadableFile) return [];
    const { src, exemption } = photo;
    return [{ ...photoFile({ ...seen, src }), index, exemption, shown: isShown(seen.hash) }];
  });
  const { faults: photoFaults, remarks } = judgePhotoFiles(
    file,
    needed,
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

/** Picks the properties of a photo that a version keeps. */
function photoFile({ src, hash, width, height, colour, placeholder, likeness }: PhotoFile): PhotoFile {
  return { src, hash, width, height, colour, placeholder, likeness };
}

/**
 * Returns a function that says whether an entry's photo is published already. If the published versions are not known,
 * all photos of an entry that the desk has published count as published: they were judged then, by the rules of that
 * time.
 */
function showsAlready(shown: Version | 'unknown' | undefined, data: unknown): (hash: string) => boolean {
  if (shown === 'unknown') {
    const published = typeof data === 'object' && data !== null && 'published' in data && data.published !== undefined;
    return () => published;
  }
  return (hash) => shown?.photos.some((photo) => photo.hash === hash) ?? false;
}

/** Returns the photo files that front matter names, whatever else is wrong in it. */
export function photoNames(data: unknown): string[] {
  return namedPhotos(data).flatMap((photo) => (photo ? [photo.src] : []));
}

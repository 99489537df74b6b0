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

/** The result of examining a photo's file. `hash` is the SHA-256 of the file's bytes, in hexadecimal. */
interface ExaminedPhoto extends PhotoFacts {
  hash: string;
  likeness?: Likeness | undefined;
}

/** The service that examines photos for the library. The caller of `Library.propose()` supplies an implementation. */
export interface PhotoExaminer {
  /**
   * Resolves to the result for the photo at a path of a source. `stamp` is a text that changes when the file changes, so
   * that results can be cached by path and stamp. If `canWait` is true, the examiner may answer `pending` instead of
   * examining the photo now. Rejects if the file cannot be read, with UnreadableFile if only this file is lost.
   */
  examine(source: Source, path: string, stamp: string, canWait: boolean): Promise<ExaminedPhoto | 'pending'>;
}

/** A photo of an entry that was read, with its place in the entry and what a reviewer decided on it. */
export interface ReadPhoto extends PhotoFile {
  /** Position of the photo in the entry's list of photos, from 0. */
  index: number;
  exemption: NamedPhoto['exemption'];
  /** Whether a photo with the same bytes is already published in the same entry. */
  shown: boolean;
}

/** The result of reading one entry. */
export interface Reading {
  file: string;
  /** Text of the entry's file; undefined if the file cannot be read or is not UTF-8. */
  source: string | undefined;
  /** The version to publish; undefined if the entry has a fault. */
  version: Version | undefined;
  faults: readonly Fault[];
  /** Notes for a reviewer. Remarks do not prevent publication. */
  remarks: readonly Fault[];
  /** The named photos whose files exist, even if the entry has faults. */
  photos: readonly ReadPhoto[];
  /**
   * The references of an entry that has no version, so that references to missing entries are reported too. Empty if
   * `version` is set, because the version contains the references.
   */
  references: readonly Reference[];
}

const utf8 = new TextDecoder('utf-8', { fatal: true });

function refused(file: string, source: string | undefined, what: string, remedy: string): Reading {
  const fault = { file, field: '', label: '', what, remedy };
  return { file, source, version: undefined, faults: [fault], remarks: [], photos: [], references: [] };
}

/**
 * Finds the entries to which some files belong. `entries` contains the paths of the entry files: a file belongs to an
 * entry if it is the entry's file or a photo beside that file. `strays` contains the paths that belong to no entry.
 * Paths below `pages/` are in neither set: MDX pages are code, not entries.
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

/** Returns the fault for a file that belongs to no entry (a stray, see groupByEntry). */
export function strayFault(file: string): Fault {
  const remedy = '请对照 README 里的目录，把它移到该放的位置；不需要就删去。';
  return { file, field: '', label: '', what: '这个位置不放文件，网站不会显示它', remedy };
}

/**
 * Reads one entry's file and the photos beside the file, and checks both. Resolves to a reading that has all faults at
 * once. A file that cannot be read, is not UTF-8 or cannot be parsed is such a fault.
 *
 * `stampOf` returns the stamp of a path, or undefined if there is no such file. `shown` is the published version of the
 * entry, or undefined if the entry is not published. `unknown` means that the published versions are not known, because
 * the library is empty.
 *
 * @throws Error if `file` is not an entry's file. Errors that are not the file's fault, such as a damaged repository,
 * also reject the promise.
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
    // An error with a code comes from the file system: report it as a fault of the file. Any other error, such as a
    // damaged repository, is not the file's fault.
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
  // Photos of an entry that was published before satisfy the rules; they may be examined after its text is shown.
  const canWait = isByFrontMatter(shown) && isPublished(document.data);
  const folder = file.slice(0, file.lastIndexOf('/') + 1);
  const lookAt = async (src: string) => {
    const path = folder + src;
    const stamp = stampOf(path);
    if (stamp === undefined) return undefined;
    return examiner.examine(source, path, stamp, canWait).catch((error: unknown) => {
      if (error instanceof UnreadableFile) return error;
      // The photo was deleted after the listing: report it as missing. Any other error is not the entry's fault, so it
      // must not be reported as one.
      if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
      throw error;
    });
  };
  const names = photoNames(document.data);
  const looked = new Map(await Promise.all(names.map(async (src) => [src, await lookAt(src)] as const)));
  // A withdrawn entry shows no photos: it needs none of them.
  const withdrawn = entry !== undefined && 'withdrawn' in entry.data && entry.data.withdrawn !== undefined;
  const isPending = (photo: NamedPhoto): boolean => looked.get(photo.src) === 'pending';
  const needed = named.map((photo) => {
    if (!photo || isPending(photo)) return undefined;
    return withdrawn && looked.get(photo.src) instanceof UnreadableFile ? undefined : photo;
  });
  const isShown = showsAlready(shown, document.data);
  const photos = named.flatMap((photo, index): ReadPhoto[] => {
    const seen = photo && looked.get(photo.src);
    if (!photo || !seen || seen === 'pending' || seen instanceof UnreadableFile) return [];
    const { src, exemption } = photo;
    return [{ ...photoFile({ ...seen, src }), index, exemption, shown: isShown(seen.hash) }];
  });
  const { faults: photoFaults, remarks } = judgePhotoFiles(
    file,
    needed,
    (src) => {
      const seen = looked.get(src);
      return seen === 'pending' ? undefined : seen;
    },
    limits,
    (src) => photos.some((photo) => photo.src === src && photo.shown),
  );
  const allFaults = [...faults, ...photoFaults];
  const version =
    entry && allFaults.length === 0
      ? {
          address,
          entry,
          text: fingerprint(`${file}\n${text}`),
          photos: photos.map(photoFile),
          ...(named.some((photo) => photo && isPending(photo)) ? { photosPending: true } : {}),
        }
      : undefined;
  const references = version ? [] : referencesOf(entry ?? halfTypedEntry(address.collection, document.data, ''));
  return { file, source: text, version, faults: allFaults, remarks, photos, references };
}

/** Returns only those properties of a photo that are stored in a version. */
function photoFile({ src, hash, width, height, colour, placeholder, likeness }: PhotoFile): PhotoFile {
  return { src, hash, width, height, colour, placeholder, likeness };
}

/** Returns whether the photos of the published version are not known, so that the front matter decides. */
function isByFrontMatter(shown: Version | 'unknown' | undefined): boolean {
  return shown === 'unknown' || shown?.photosPending === true;
}

/**
 * Returns whether front matter has a `published` date. The desk writes this date when it publishes an entry, and it has
 * checked the photos by the rules of that time.
 */
function isPublished(data: unknown): boolean {
  return typeof data === 'object' && data !== null && 'published' in data && data.published !== undefined;
}

/**
 * Returns a function that takes a photo's hash and returns whether the published version of the entry has that photo.
 * If the photos of that version are not known, the function returns for all photos whether the front matter has a
 * `published` date.
 */
function showsAlready(shown: Version | 'unknown' | undefined, data: unknown): (hash: string) => boolean {
  if (isByFrontMatter(shown)) return () => isPublished(data);
  return (hash) => shown !== 'unknown' && (shown?.photos.some((photo) => photo.hash === hash) ?? false);
}

/**
 * Returns the file names of the photos in front matter, in order. Names that are missing or invalid are left out.
 * Returns an empty list if `photos` is not a list.
 */
export function photoNames(data: unknown): string[] {
  return namedPhotos(data).flatMap((photo) => (photo ? [photo.src] : []));
}

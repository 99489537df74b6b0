import type { ParsedDocument } from '../../model/document.ts';
import { entryAt } from '../../model/entry-path.ts';
import { halfTypedEntry } from '../../model/incomplete-draft.ts';
import type { Entry } from '../../model/rules.ts';
import { renderMarkdown } from '../../text/markdown.ts';
import { fingerprint } from './fingerprint.ts';
import { photoNames } from './read-entry.ts';
import type { PhotoFile, Version } from './version.ts';

/**
 * A parsed draft. It contains everything that takes long to compute, and only what can be computed without the library.
 */
export interface ParsedDraft {
  file: string;
  entry: Entry;
  /** HTML of the body. */
  html: string;
  /** Fingerprint of the path and text, beginning with `draft `, so that no accepted version has the same value. */
  fingerprint: string;
  /** File names of the photos that the text names. */
  photos: readonly string[];
}

/** A draft in the form that it would have as a published entry. */
export interface Draft {
  version: Version;
  /** HTML of the body. */
  html: string;
}

/**
 * Parses an entry that may be incomplete. `source` is the text of its file, `document` the same text parsed. `today` is
 * a date YYYY-MM-DD, used where the entry has no valid date.
 *
 * @returns undefined if `file` is not the path of an entry.
 */
export function parseDraft(
  file: string,
  source: string,
  document: ParsedDocument,
  today: string,
): ParsedDraft | undefined {
  const address = entryAt(file);
  if (!address) return undefined;
  return {
    file,
    entry: halfTypedEntry(address.collection, document.data, today),
    html: renderMarkdown(document.body),
    fingerprint: `draft ${fingerprint(`${file}\n${source}`)}`,
    photos: photoNames(document.data),
  };
}

/**
 * Makes a version of a parsed draft, for `Library.readerOver()`. `photoAt` resolves to the photo with a file name, or
 * to undefined if there is no such photo. Photos that do not exist are left out of the version.
 *
 * @returns a promise of the draft, or of undefined if the draft's path is not the path of an entry.
 */
export async function draftOf(
  { file, entry, html, fingerprint, photos }: ParsedDraft,
  photoAt: (src: string) => Promise<PhotoFile | undefined>,
): Promise<Draft | undefined> {
  const address = entryAt(file);
  if (!address) return undefined;
  const found = await Promise.all(photos.map(photoAt));
  return { version: { address, entry, text: fingerprint, photos: found.flatMap((photo) => photo ?? []) }, html };
}

import type { ParsedDocument } from '../../model/document.ts';
import { entryAt } from '../../model/entry-path.ts';
import { halfTypedEntry } from '../../model/incomplete-draft.ts';
import type { Entry } from '../../model/rules.ts';
import { renderMarkdown } from '../../text/markdown.ts';
import { fingerprint } from './fingerprint.ts';
import { photoNames } from './read-entry.ts';
import type { PhotoFile, Version } from './version.ts';

/** The content of a draft's text: all that takes long to compute and does not need the library. */
export interface ParsedDraft {
  file: string;
  entry: Entry;
  /** HTML of the body. */
  html: string;
  /** Identifies the text; no accepted version has the same value. */
  fingerprint: string;
  /** File names of the photos that the text names. */
  photos: readonly string[];
}

/** A draft as the entry that it would be if it were published as it is. */
export interface Draft {
  version: Version;
  /** HTML of the body. */
  html: string;
}

/**
 * Parses a half-typed entry. `document` is its parsed text, `today` a date YYYY-MM-DD.
 *
 * @returns undefined if no entry has the path `file`.
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
 * Makes a version of a parsed draft for `Library.readerOver`. `photoAt` returns what is known of a photo by the name
 * that the entry gives it; unknown photos are left out.
 *
 * @returns undefined if no entry has the draft's path.
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

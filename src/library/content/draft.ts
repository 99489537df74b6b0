import type { ParsedDocument } from '../../model/document.ts';
import { entryAt } from '../../model/entry-path.ts';
import { halfTypedEntry } from '../../model/half-typed.ts';
import type { Entry } from '../../model/rules.ts';
import { renderMarkdown } from '../../text/markdown.ts';
import { fingerprint } from './fingerprint.ts';
import { photoNames } from './read-entry.ts';
import type { PhotoFile, Version } from './version.ts';

/** What the text of a draft says: everything that takes long to find out, and nothing that needs the library. */
export interface ParsedDraft {
  file: string;
  entry: Entry;
  /** HTML of its body. */
  html: string;
  /** Stands for its text. */
  print: string;
  /** The photos that it names. */
  photos: readonly string[];
}

/** What a draft would be if it were shown as it is. */
export interface Draft {
  version: Version;
  /** HTML of its body. */
  html: string;
}

/**
 * What a half-typed entry says: `document` is its text taken apart, `today` YYYY-MM-DD. Undefined: `file` is no entry's.
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
    print: `draft ${fingerprint(`${file}\n${source}`)}`,
    photos: photoNames(document.data),
  };
}

/**
 * A half-typed entry as something that a reader can be laid over (Library.readerOver). `photoAt` answers what is known
 * of a photo by the name that the entry gives it; one that is unknown is left out. Undefined: it is no entry's.
 */
export async function draftOf(
  { file, entry, html, print, photos }: ParsedDraft,
  photoAt: (src: string) => Promise<PhotoFile | undefined>,
): Promise<Draft | undefined> {
  const address = entryAt(file);
  if (!address) return undefined;
  const found = await Promise.all(photos.map(photoAt));
  return { version: { address, entry, text: print, photos: found.flatMap((photo) => photo ?? []) }, html };
}

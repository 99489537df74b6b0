import { parseDocumentFile } from '../model/document.ts';
import { entryAt } from '../model/entry-path.ts';
import { halfTypedEntry } from '../model/half-typed.ts';
import { fingerprint } from './fingerprint.ts';
import { photoNames } from './reading.ts';
import type { PhotoFile, Version } from './version.ts';

/** What a draft would be if it were shown as it is. */
export interface Draft {
  version: Version;
  /** The text of its file. */
  source: string;
}

/**
 * A half-typed entry as something that a reader can be laid over (Library.readerOver). `photoAt` answers what is known
 * of a photo by the name that the entry gives it; one that is unknown is left out. Undefined: `file` is no entry's, or
 * its text cannot be taken apart.
 */
export async function draftOf(
  file: string,
  source: string,
  today: string,
  photoAt: (src: string) => Promise<PhotoFile | undefined>,
): Promise<Draft | undefined> {
  const address = entryAt(file);
  const document = address && parseDocumentFile(file, source);
  if (!address || !document || 'what' in document) return undefined;
  const photos = await Promise.all(photoNames(document.data).map(photoAt));
  const version = {
    address,
    entry: halfTypedEntry(address.collection, document.data, today),
    text: `draft ${fingerprint(`${file}\n${source}`)}`,
    photos: photos.flatMap((photo) => photo ?? []),
  };
  return { version, source };
}

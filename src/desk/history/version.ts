import { z } from 'zod';
import { parseDocumentFile } from '../../model/document.ts';
import type { EntryName } from '../entry-name.ts';
import type { Repository } from '../repository.ts';

/** An entry as it was at one commit. */
export interface EntryVersion {
  commit: string;
  text: string;
  /** What its file says; undefined: it cannot be taken apart, and is looked at as it is. */
  fields: ReadonlyMap<string, unknown> | undefined;
  body: string;
  /** The blobs of the photos beside it, by file name. */
  photos: ReadonlyMap<string, string>;
}

const fieldsOf = z.record(z.string(), z.unknown()).catch({});

/** The entry at a commit; undefined: it was not there. The commit was found to be one of the entry's own before. */
export async function versionAt(
  repository: Repository,
  name: EntryName,
  commit: string,
): Promise<EntryVersion | undefined> {
  const blob = await repository.blobAt(commit, name.file);
  if (blob === undefined) return undefined;
  const text = (await repository.bytes(blob)).toString();
  const { folder } = name;
  const beside = folder === undefined ? [] : await repository.files(commit, folder);
  const photos = beside.filter(({ path }) => path !== name.file);
  return {
    commit,
    text,
    ...partsOf(name.file, text),
    photos: new Map(photos.map((photo) => [photo.path.slice(photo.path.lastIndexOf('/') + 1), photo.blob])),
  };
}

function partsOf(file: string, text: string): Pick<EntryVersion, 'fields' | 'body'> {
  const document = parseDocumentFile(file, text);
  if ('what' in document) return { fields: undefined, body: '' };
  return { fields: new Map(Object.entries(fieldsOf.parse(document.data))), body: document.body.trim() };
}

import { z } from 'zod';
import { parseDocumentFile } from '../../model/document.ts';
import type { EntryRef } from '../domain/entry-ref.ts';
import type { Repository } from '../storage/repository.ts';

/** An entry as it was at one commit. */
export interface EntryVersion {
  commit: string;
  text: string;
  /** The blobs of the photos beside it, by file name. */
  photos: ReadonlyMap<string, string>;
}

/** A version whose text was taken apart, which may take long: see TextRoom. */
export interface ReadVersion extends EntryVersion {
  /** What its file says; undefined: it cannot be taken apart, and is looked at as it is. */
  fields: ReadonlyMap<string, unknown> | undefined;
  body: string;
}

const fieldsOf = z.record(z.string(), z.unknown()).catch({});

/** The entry at a commit; undefined: it was not there. The commit was found to be one of the entry's own before. */
export async function versionAt(
  repository: Repository,
  name: EntryRef,
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
    photos: new Map(photos.map((photo) => [photo.path.slice(photo.path.lastIndexOf('/') + 1), photo.blob])),
  };
}

/** Takes the text of a version apart; undefined: there is none. */
export function readVersion({ file }: EntryRef, version: EntryVersion | undefined): ReadVersion | undefined {
  if (!version) return undefined;
  const document = parseDocumentFile(file, version.text);
  if ('what' in document) return { ...version, fields: undefined, body: '' };
  return { ...version, fields: new Map(Object.entries(fieldsOf.parse(document.data))), body: document.body.trim() };
}

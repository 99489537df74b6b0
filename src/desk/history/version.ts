import { z } from 'zod';
import { parseDocumentFile } from '../../model/document.ts';
import type { EntryRef } from '../domain/entry-ref.ts';
import type { Repository } from '../storage/repository.ts';

/** An entry as one commit contains it. */
export interface EntryVersion {
  commit: string;
  text: string;
  /** The ids of the blobs of the photos beside the entry, by file name. */
  photos: ReadonlyMap<string, string>;
}

/**
 * A version whose text has been parsed. Parsing may take long, so it is done in TextThreads. The version is a plain
 * value, which can be copied between threads.
 */
export interface ReadVersion extends EntryVersion {
  /**
   * The values of the entry's fields by key; undefined if the text cannot be parsed. The text is then shown as it is.
   */
  fields: ReadonlyMap<string, unknown> | undefined;
  /** The entry's Markdown, trimmed; empty if the text cannot be parsed. */
  body: string;
}

const fieldsOf = z.record(z.string(), z.unknown()).catch({});

/**
 * Resolves to the entry in a commit, or to undefined if the commit does not contain it. The caller has checked that the
 * commit belongs to the entry's history.
 */
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

/** Parses the text of a version. Returns undefined if `version` is undefined. */
export function readVersion({ file }: EntryRef, version: EntryVersion | undefined): ReadVersion | undefined {
  if (!version) return undefined;
  const document = parseDocumentFile(file, version.text);
  if ('what' in document) return { ...version, fields: undefined, body: '' };
  return { ...version, fields: new Map(Object.entries(fieldsOf.parse(document.data))), body: document.body.trim() };
}

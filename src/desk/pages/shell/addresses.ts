import type { CollectionName } from '../../../model/fields/collection-names.ts';
import type { EntryRef } from '../../domain/entry-ref.ts';

/** Path of the lists of entries. It leads to the first list that a person may see. */
export const LISTS = '/desk/entries/';

/** Path of the board: drafts by their states. */
export const BOARD = '/desk/board/';

/** Path of the form with the site's settings in the editor. */
export const settingsAddress = '/admin/#/collections/site/entries/site';

/** Returns the path of an entry's form in the editor. */
export function editorAddress({ collection, slug }: EntryRef): string {
  return collection === 'site' ? settingsAddress : `/admin/#/collections/${collection}/entries/${slug}`;
}

/** Returns the path of the editor's form for a new entry. */
export function newEntryAddress(collection: CollectionName): string {
  return `/admin/#/collections/${collection}/new`;
}

/** Returns the path of the preview of a draft: of the page that it would have on the site. */
export function previewAddress({ collection, slug }: EntryRef): string {
  return `/admin/preview/${collection}/${slug.replace(/\/index$/u, '')}/`;
}

/** Returns the path of an entry's history. */
export function historyAddress({ collection, slug }: EntryRef): string {
  return `/desk/history/${collection}/${slug}`;
}

/** Path of the page of withdrawn photos and entries. */
export const WITHDRAWN = '/desk/withdrawn';

/** Path of the list of deleted drafts. */
export const DELETED_DRAFTS = '/desk/deleted';

/** Returns the path of a photo in one version of an entry. The response is a small JPEG. */
export function versionPhotoAddress({ collection, slug }: EntryRef, commit: string, src: string): string {
  const parts = [commit, collection, ...slug.replace(/\/index$/u, '').split('/'), src];
  return `/desk/version-photo/${parts.map(encodeURIComponent).join('/')}`;
}

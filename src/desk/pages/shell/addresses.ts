import type { EntryRef } from '../../domain/entry-ref.ts';

/** The address of an entry in the editor. */
export function editorAddress({ collection, slug }: EntryRef): string {
  return collection === 'site'
    ? '/admin/#/collections/site/entries/site'
    : `/admin/#/collections/${collection}/entries/${slug}`;
}

/** The address of the page that a draft would have. */
export function previewAddress({ collection, slug }: EntryRef): string {
  return `/admin/preview/${collection}/${slug.replace(/\/index$/u, '')}/`;
}

/** The address of an entry's history. */
export function historyAddress({ collection, slug }: EntryRef): string {
  return `/desk/history/${collection}/${slug}`;
}

/** The address of the list of deleted drafts. */
export const DELETED_DRAFTS = '/desk/deleted';

/** The address of a photo of one version of an entry, as a small JPEG. */
export function versionPhotoAddress({ collection, slug }: EntryRef, commit: string, src: string): string {
  const parts = [commit, collection, ...slug.replace(/\/index$/u, '').split('/'), src];
  return `/desk/version-photo/${parts.map(encodeURIComponent).join('/')}`;
}

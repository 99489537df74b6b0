import type { EntryRef } from '../../domain/entry-ref.ts';

/** Returns the path of an entry's form in the editor. */
export function editorAddress({ collection, slug }: EntryRef): string {
  return collection === 'site'
    ? '/admin/#/collections/site/entries/site'
    : `/admin/#/collections/${collection}/entries/${slug}`;
}

/** Returns the path of the preview of a draft: of the page that it would have on the site. */
export function previewAddress({ collection, slug }: EntryRef): string {
  return `/admin/preview/${collection}/${slug.replace(/\/index$/u, '')}/`;
}

/** Returns the path of an entry's history. */
export function historyAddress({ collection, slug }: EntryRef): string {
  return `/desk/history/${collection}/${slug}`;
}

/** Path of the list of deleted drafts. */
export const DELETED_DRAFTS = '/desk/deleted';

/** Returns the path of a photo in one version of an entry. The response is a small JPEG. */
export function versionPhotoAddress({ collection, slug }: EntryRef, commit: string, src: string): string {
  const parts = [commit, collection, ...slug.replace(/\/index$/u, '').split('/'), src];
  return `/desk/version-photo/${parts.map(encodeURIComponent).join('/')}`;
}

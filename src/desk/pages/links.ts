import type { EntryRef } from '../domain/entry-ref.ts';

/** Where an entry is written. */
export function editorAddress({ collection, slug }: EntryRef): string {
  return collection === 'site'
    ? '/admin/#/collections/site/entries/site'
    : `/admin/#/collections/${collection}/entries/${slug}`;
}

/** Where a draft is seen as its page would be. */
export function previewAddress({ collection, slug }: EntryRef): string {
  return `/admin/preview/${collection}/${slug.replace(/\/index$/u, '')}/`;
}

/** Where everything that an entry ever was is seen. */
export function historyAddress({ collection, slug }: EntryRef): string {
  return `/desk/history/${collection}/${slug}`;
}

/** Where a photo of one version of an entry is seen, light. */
export function versionPhotoAddress({ collection, slug }: EntryRef, commit: string, src: string): string {
  const parts = [commit, collection, ...slug.replace(/\/index$/u, '').split('/'), src];
  return `/desk/version-photo/${parts.map(encodeURIComponent).join('/')}`;
}

import type { EntryName } from '../entry-name.ts';

/** Where an entry is written. */
export function editorAddress({ collection, slug }: EntryName): string {
  return collection === 'site'
    ? '/admin/#/collections/site/entries/site'
    : `/admin/#/collections/${collection}/entries/${slug}`;
}

/** Where a draft is seen as its page would be. */
export function previewAddress({ collection, slug }: EntryName): string {
  return `/admin/preview/${collection}/${slug.replace(/\/index$/u, '')}/`;
}

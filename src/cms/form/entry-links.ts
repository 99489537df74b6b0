import { createElement as h, type ReactNode } from 'react';
import { hasProvenance } from '../../model/collections/collections.ts';
import type { CollectionName } from '../../model/fields/collection-names.ts';
import { withdraw } from '../backend/withdraw.ts';
import { isLive } from '../widgets/live-entry.ts';
import { textIn, type EntryMap } from '../widgets/widget.ts';

/**
 * Returns the links to other views of a saved entry, and the button that withdraws a published one. Null for an entry
 * that was never saved. `paged` says whether entries of the collection have a page of the site.
 */
export function entryLinks(name: CollectionName, entry: EntryMap, paged: boolean): ReactNode {
  const slug = textIn(entry, 'slug');
  if (slug === '' || entry.get('newRecord') === true) return null;
  const preview = { href: `/admin/preview/${name}/${slug}`, target: '_blank', title: '上一次保存的样子' };
  return h(
    'p',
    { className: 'entry-links' },
    paged ? h('a', preview, '全宽预览') : null,
    h('a', { href: `/desk/history/${name}/${slug}`, target: '_blank' }, '历次版本'),
    hasProvenance(name) && isLive(entry)
      ? h('button', { type: 'button', onClick: () => void withdraw(name, slug) }, '撤稿…')
      : null,
  );
}

import { z } from 'zod';
import type { WithdrawalView } from '../../model/view-models.ts';
import { addressOf } from './addresses.ts';
import { query } from './query.ts';
import { titleOf } from '../content/version.ts';
import { summaryCard } from './summaries.ts';

/**
 * Query: when and why an entry was withdrawn, by collection and key; undefined if the entry is not withdrawn or does
 * not exist.
 */
export const withdrawal = query(
  'withdrawal',
  z.tuple([z.enum(['stories', 'examples', 'summaries']), z.string()]),
  (view, collection, key): WithdrawalView | undefined => {
    const version = view.entry(collection, key);
    if (!version || !('withdrawn' in version.entry.data) || !version.entry.data.withdrawn) return undefined;
    const title = collection === 'summaries' ? summaryCard(view, key)?.title : undefined;
    return {
      href: addressOf(collection, key) ?? '',
      title: title ?? titleOf(version),
      ...version.entry.data.withdrawn,
    };
  },
);

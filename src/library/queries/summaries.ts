import { z } from 'zod';
import type { NoticeCard, StatementView, SummaryView, SummaryCard, WishView } from '../../model/view-models.ts';
import { addressOf } from './addresses.ts';
import { query, type View } from './query.ts';
import { isTakenBack } from '../content/version.ts';
import { storyCard } from './stories.ts';
import { unit, unitRef } from './units.ts';

/**
 * Returns the card of a summary, even if the summary is withdrawn; undefined if there is no such summary. `key` is
 * `unit/year`.
 */
export function summaryCard(view: View, key: string): SummaryCard | undefined {
  const entry = view.entry('summaries', key)?.entry;
  if (entry?.collection !== 'summaries') return undefined;
  const { year, unit: code } = entry.data;
  const by = unitRef(view, code);
  return { href: addressOf('summaries', key) ?? '', title: `${by.name} ${year}年度总结`, year, unit: by };
}

/** Query: the cards of the summaries of a list (`summaries`, `summaries@unit=…`), newest year first. */
export const summaries = query('summaries', z.tuple([z.string()]), (view, list): SummaryCard[] =>
  view
    .list(list)
    .flatMap((key) => summaryCard(view, key) ?? [])
    .reverse(),
);

/**
 * Query: a summary in full, by code of the unit and year; undefined if there is no such summary or it is withdrawn. In
 * the result, `text` is the fingerprint of the summary's file, which contains the body.
 */
export const summary = query('summary', z.tuple([z.string(), z.int()]), (view, code, year) => {
  const key = `${code}/${year}`;
  const version = view.entry('summaries', key);
  const card = summaryCard(view, key);
  if (!card || version?.entry.collection !== 'summaries' || isTakenBack(version)) return undefined;
  const { figures, author } = version.entry.data;
  return { ...card, figures, author, text: version.text } satisfies Omit<SummaryView, 'html'> & {
    text: string;
  };
});

/**
 * Query: the figures that a unit states in its latest summary, by the unit's code; undefined if the unit has no
 * summary.
 */
export const statement = query('statement', z.tuple([z.string()]), (view, code): StatementView | undefined => {
  const key = view.list(`summaries@unit=${code}`).at(-1);
  const card = key === undefined ? undefined : summaryCard(view, key);
  const entry = key === undefined ? undefined : view.entry('summaries', key)?.entry;
  return card && entry?.collection === 'summaries' ? { ...card, figures: entry.data.figures } : undefined;
});

/** Query: the wishes of a list (`wishes`, `wishes@unit=…`), the most recently updated first. */
export const wishes = query('wishes', z.tuple([z.string()]), (view, list): WishView[] =>
  view
    .list(list)
    .flatMap((id): WishView[] => {
      const entry = view.entry('wishes', id)?.entry;
      if (entry?.collection !== 'wishes') return [];
      const { group, alias, wish, unit: code, state, updated, claimedBy, story } = entry.data;
      const fulfilled = story === undefined ? undefined : view.ask(storyCard, story);
      const contact = view.ask(unit, code)?.contact;
      return [
        { id, group, alias, wish, unit: unitRef(view, code), contact, state, updated, claimedBy, story: fulfilled },
      ];
    })
    .reverse(),
);

/** Query: at most `count` wishes that nobody has taken on yet, the most recently updated first. */
export const openWishes = query('openWishes', z.tuple([z.int()]), (view, count): WishView[] =>
  view
    .ask(wishes, 'wishes')
    .filter(({ state }) => state === 'open')
    .slice(0, count),
);

function noticeCard(view: View, slug: string): NoticeCard | undefined {
  const entry = view.entry('notices', slug)?.entry;
  if (entry?.collection !== 'notices') return undefined;
  return { slug, href: addressOf('notices', slug) ?? '', ...entry.data };
}

/** Query: the cards of all notices, the most recently signed first. */
export const notices = query('notices', z.tuple([]), (view): NoticeCard[] =>
  view
    .list('notices')
    .flatMap((slug) => noticeCard(view, slug) ?? [])
    .reverse(),
);

/**
 * Query: a notice, by its slug; undefined if no notice has the slug. In the result, `text` is the fingerprint of the
 * notice's file, which contains the body.
 */
export const notice = query('notice', z.tuple([z.string()]), (view, slug) => {
  const version = view.entry('notices', slug);
  const card = noticeCard(view, slug);
  return version && card ? { ...card, text: version.text } : undefined;
});

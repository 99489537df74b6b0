import { z } from 'zod';
import type { UnitView, UnitRecord, UnitRef } from '../../model/view-models.ts';
import { addressOf } from './addresses.ts';
import { query, type View } from './query.ts';
import { activityRef } from './activities.ts';

const key = z.tuple([z.string()]);

export const unit = query(
  'unit',
  key,
  (view, code): UnitView | undefined => {
    const entry = view.entry('units', code)?.entry;
    if (entry?.collection !== 'units') return undefined;
    const { name, short, kind, aliases, active, contact } = entry.data;
    return { code, name, short, href: addressOf('units', code) ?? '', kind, aliases, active, contact };
  },
  { keep: true },
);

/**
 * Returns the names and path of a unit, for entries that refer to the unit. The rules forbid references to units that
 * do not exist. If no unit has the code nevertheless, both names are the code.
 */
export function unitRef(view: View, code: string): UnitRef {
  const known = view.ask(unit, code);
  return { code, name: known?.name ?? code, short: known?.short ?? code, href: known?.href ?? '/units/' };
}

export const units = query(
  'units',
  z.tuple([]),
  (view): UnitView[] => view.list('units').flatMap((code) => view.ask(unit, code) ?? []),
  { keep: true },
);

export const unitCounts = query('unitCounts', z.tuple([]), (view): Record<string, number> =>
  Object.fromEntries(view.list('units').map((code) => [code, view.list(`stories@unit=${code}`).length])),
);

/** Query: the record of a unit, by its code; undefined if the unit has no published stories. */
export const unitRecord = query('unitRecord', key, (view, code): UnitRecord | undefined => {
  const list = `stories@unit=${code}`;
  const stories = view.list(list).length;
  if (stories === 0) return undefined;
  const activities = view.list('activities').flatMap((slug) => {
    const count = view.list(`stories@unit-activity=${code}/${slug}`).length;
    return count === 0 ? [] : { activity: activityRef(view, slug), count };
  });
  const base = addressOf('units', code) ?? '';
  return {
    totals: { stories, ...view.sum(list) },
    years: view
      .parts(list)
      .map((year) => ({ year: Number(year), href: `${base}${year}/`, count: view.list(`${list}/${year}`).length })),
    activities: activities.sort((one, other) => other.count - one.count),
  };
});

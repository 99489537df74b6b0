import { z } from 'zod';
import type { UnitAnswer, UnitRef } from '../../model/answers.ts';
import { addressOf } from '../addresses.ts';
import { query, type View } from '../query.ts';

const key = z.tuple([z.string()]);

export const unit = query(
  'unit',
  key,
  (view, code): UnitAnswer | undefined => {
    const entry = view.entry('units', code)?.entry;
    if (entry?.collection !== 'units') return undefined;
    const { name, short, kind, aliases, active, contact } = entry.data;
    return { code, name, short, href: addressOf('units', code) ?? '', kind, aliases, active, contact };
  },
  { keep: true },
);

/** A unit as others name it. One that is unknown, which the rules forbid, is named by its code. */
export function unitRef(view: View, code: string): UnitRef {
  const known = view.ask(unit, code);
  return { code, name: known?.name ?? code, short: known?.short ?? code, href: known?.href ?? '/units/' };
}

export const units = query(
  'units',
  z.tuple([]),
  (view): UnitAnswer[] => view.list('units').flatMap((code) => view.ask(unit, code) ?? []),
  { keep: true },
);

export const unitCounts = query('unitCounts', z.tuple([]), (view): Record<string, number> =>
  Object.fromEntries(view.list('units').map((code) => [code, view.list(`stories@unit=${code}`).length])),
);

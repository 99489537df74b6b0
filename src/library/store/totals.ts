import type { Version } from '../content/version.ts';

/** What a story says of its own reach; sums of it make the city's figures. */
export interface Totals {
  volunteers: number;
  hours: number;
  beneficiaries: number;
}

export const noTotals: Totals = { volunteers: 0, hours: 0, beneficiaries: 0 };

/** The figures of a version; an entry that is no story has none. */
export function totalsOf({ entry }: Version): Totals {
  if (entry.collection !== 'stories') return noTotals;
  const { volunteers = 0, hours = 0, beneficiaries = 0 } = entry.data;
  return { volunteers, hours, beneficiaries };
}

/** Hundredths are exact enough for hours, and a sum of them does not depend on the order of its terms. */
const hundredths = (hours: number): number => Math.round(hours * 100) / 100;

/** `sum` with `figures` added, or (`sign` −1) taken away. */
export function addTotals(sum: Totals, figures: Totals, sign: 1 | -1): Totals {
  return {
    volunteers: sum.volunteers + sign * figures.volunteers,
    hours: hundredths(sum.hours + sign * hundredths(figures.hours)),
    beneficiaries: sum.beneficiaries + sign * figures.beneficiaries,
  };
}

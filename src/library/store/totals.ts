import type { Version } from '../content/version.ts';

/** The figures that a story states. The figures of the city are sums of them. */
export interface Totals {
  volunteers: number;
  hours: number;
  beneficiaries: number;
}

export const noTotals: Totals = { volunteers: 0, hours: 0, beneficiaries: 0 };

/** Returns the figures of a version; zeros if it is not a story. */
export function totalsOf({ entry }: Version): Totals {
  if (entry.collection !== 'stories') return noTotals;
  const { volunteers = 0, hours = 0, beneficiaries = 0 } = entry.data;
  return { volunteers, hours, beneficiaries };
}

/**
 * Rounds hours to hundredths. This is exact enough for hours, and a sum of rounded numbers does not depend on the order
 * of its terms.
 */
const hundredths = (hours: number): number => Math.round(hours * 100) / 100;

/** Returns `sum` plus `figures` if `sign` is 1, or `sum` minus `figures` if `sign` is −1. */
export function addTotals(sum: Totals, figures: Totals, sign: 1 | -1): Totals {
  return {
    volunteers: sum.volunteers + sign * figures.volunteers,
    hours: hundredths(sum.hours + sign * hundredths(figures.hours)),
    beneficiaries: sum.beneficiaries + sign * figures.beneficiaries,
  };
}

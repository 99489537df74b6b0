// Runs in browser and Node: pure.

/** The photo of a result: its fallback, and widths of it in AVIF as `srcset` has them. */
export interface ResultPhoto {
  src: string;
  srcset: string;
}

/** What a result shows beside its text. */
export interface ResultFacts {
  /** Where a reader finds it. */
  url: string;
  /** ISO date by which it is ordered. */
  date: string;
  photo?: ResultPhoto | undefined;
}

/** Stands before an address of this site, so that it can be read; not part of what is written. */
const SITE = 'http://localhost';
const FACTS = ['date', 'src', 'srcset'] as const;

/**
 * The address that an entry has in the index, with its facts as a query. In fields of their own their words would be
 * found, too: 2021 in each date of that year, 480 in each photo (tests/browser/search/pagefind.test.ts).
 */
export function addressWithFacts({ url, date, photo }: ResultFacts): string {
  const address = new URL(url, SITE);
  const facts = { date, ...photo };
  for (const [name, value] of Object.entries(facts)) address.searchParams.set(name, value);
  return address.href.slice(SITE.length);
}

/** Reads an address of the index. */
export function readAddress(written: string): ResultFacts {
  const address = new URL(written, SITE);
  const [date = '', src, srcset = ''] = FACTS.map((name) => address.searchParams.get(name) ?? undefined);
  for (const name of FACTS) address.searchParams.delete(name);
  const url = address.href.slice(SITE.length);
  return src === undefined ? { url, date } : { url, date, photo: { src, srcset } };
}

// Runs in browser and Node: pure.

/** The photo of a result: its fallback, and widths of it in AVIF in the format of `srcset`. */
export interface ResultPhoto {
  src: string;
  srcset: string;
}

/** What a result shows in addition to its text. */
export interface ResultFacts {
  /** Address of the entry for readers. */
  url: string;
  /** ISO date by which it is sorted. */
  date: string;
  photo?: ResultPhoto | undefined;
}

/** Makes root-relative addresses parsable; not part of the result. */
const SITE = 'http://localhost';
const FACTS = ['date', 'src', 'srcset'] as const;

/**
 * Returns the address of an entry in the index, with its facts as a query string. In separate fields their words could
 * be found: 2021 in each date of that year, 480 in each photo (tests/browser/search/pagefind.test.ts).
 */
export function addressWithFacts({ url, date, photo }: ResultFacts): string {
  const address = new URL(url, SITE);
  const facts = { date, ...photo };
  for (const [name, value] of Object.entries(facts)) address.searchParams.set(name, value);
  return address.href.slice(SITE.length);
}

/** Parses an address of the index. */
export function readAddress(written: string): ResultFacts {
  const address = new URL(written, SITE);
  const [date = '', src, srcset = ''] = FACTS.map((name) => address.searchParams.get(name) ?? undefined);
  for (const name of FACTS) address.searchParams.delete(name);
  const url = address.href.slice(SITE.length);
  return src === undefined ? { url, date } : { url, date, photo: { src, srcset } };
}

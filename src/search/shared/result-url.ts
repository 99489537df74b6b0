// Runs in browser and Node: pure.

/**
 * The photo of a result: `src` is the URL of its fallback; `srcset` is its first AVIF file in the format of that
 * attribute, or empty.
 */
export interface ResultPhoto {
  src: string;
  srcset: string;
}

/** The facts that a result has in addition to its text. */
export interface ResultFacts {
  /** URL of the entry for readers, relative to the site's root. */
  url: string;
  /** ISO date by which the entry is sorted. */
  date: string;
  photo?: ResultPhoto | undefined;
}

/** Base URL that makes root-relative URLs parsable. It is removed from the results. */
const SITE = 'http://localhost';
const FACTS = ['date', 'src', 'srcset'] as const;

/**
 * Returns the URL of an entry in the index, with the facts of its result as a query string. The facts are no fields of
 * the index, because the words of a field can be found: 2021 in each date of that year, 480 in each photo
 * (tests/browser/search/pagefind.test.ts).
 */
export function addressWithFacts({ url, date, photo }: ResultFacts): string {
  const address = new URL(url, SITE);
  const facts = { date, ...photo };
  for (const [name, value] of Object.entries(facts)) address.searchParams.set(name, value);
  return address.href.slice(SITE.length);
}

/** Parses a URL of the index that `addressWithFacts` made. Returns the facts of the result. */
export function readAddress(written: string): ResultFacts {
  const address = new URL(written, SITE);
  const [date = '', src, srcset = ''] = FACTS.map((name) => address.searchParams.get(name) ?? undefined);
  for (const name of FACTS) address.searchParams.delete(name);
  const url = address.href.slice(SITE.length);
  return src === undefined ? { url, date } : { url, date, photo: { src, srcset } };
}

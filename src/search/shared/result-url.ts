// Runs in browser and Node: pure.

/**
 * The photo of a search result. `src`: URL of the fallback file of the photo. `srcset`: first AVIF file of the photo,
 * written as in a `srcset` attribute; empty if there is none.
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
 * Returns the URL that the index contains for an entry: the URL of the entry, with the facts of its result as a query
 * string. The facts are not stored in fields of the index, because a search also finds the words in fields. It would
 * find 2021 in each date of that year and 480 in each photo (tests/browser/search/pagefind.test.ts).
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

// Runs in browser and Node: pure.

/** Kinds of entries that can be found, with their Chinese names. */
export const searchKinds = {
  story: '故事',
  example: '典型',
  summary: '总结',
  wish: '微心愿',
  notice: '通知',
} as const;

export type SearchKind = keyof typeof searchKinds;

/**
 * The values by which a search filters and sorts an entry, and the photo that is shown with the entry in search
 * results.
 */
export interface IndexAttributes {
  kind: SearchKind;
  /** ISO date by which the entry is sorted. */
  date: string;
  unit?: { code: string };
  activities?: readonly { slug: string }[];
  photo?: { fallback: { src: string }; sources: readonly { srcset: string }[] } | undefined;
  /**
   * A summary that a search must find too. Set only if the indexed text does not contain the summary: the summary is
   * shown only in lists, or in a part of the element that is not indexed.
   */
  summary?: string;
}

/**
 * Returns the attributes that mark the element (`article` or `li`) with the text of an entry. A search finds all
 * content of this element, except parts with `data-pagefind-ignore`. If the element has an `id`, search results link to
 * the element. Otherwise they link to the start of the page (documents.ts).
 */
export function indexAttributes({
  kind,
  date,
  unit,
  activities = [],
  photo,
  summary,
}: IndexAttributes): Record<string, string> {
  return {
    'data-search': kind,
    'data-date': date,
    ...(unit ? { 'data-unit': unit.code } : {}),
    ...(activities.length > 0 ? { 'data-activities': activities.map(({ slug }) => slug).join(' ') } : {}),
    ...(summary === undefined ? {} : { 'data-summary': summary }),
    ...(photo ? { 'data-image': photo.fallback.src, 'data-srcset': photo.sources[0]?.srcset.split(',')[0] ?? '' } : {}),
  };
}

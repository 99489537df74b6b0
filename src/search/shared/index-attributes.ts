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

/** The values by which an entry is filtered and sorted, and the photo of its result. */
export interface IndexAttributes {
  kind: SearchKind;
  /** ISO date by which the entry is sorted. */
  date: string;
  unit?: { code: string };
  activities?: readonly { slug: string }[];
  photo?: { fallback: { src: string }; sources: readonly { srcset: string }[] } | undefined;
  /**
   * A summary to be found with the entry. Set only if the summary is shown in lists only, or in a part of the element
   * that is not indexed.
   */
  summary?: string;
}

/**
 * Returns the attributes of the element (`article` or `li`) that contains the text of an entry. The content of this
 * element can be found, except parts with `data-pagefind-ignore`. If the element has an `id`, results link to it;
 * otherwise to the start of the page (documents.ts).
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

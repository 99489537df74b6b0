// Runs in browser and Node: pure.

/** Kinds of entries that can be found. */
export const searchKinds = {
  story: '故事',
  example: '典型',
  summary: '总结',
  wish: '微心愿',
  notice: '通知',
} as const;

export type SearchKind = keyof typeof searchKinds;

/** By what an entry is filtered and sorted, and the photo of its result. */
export interface IndexAttributes {
  kind: SearchKind;
  /** ISO date by which it is sorted. */
  date: string;
  unit?: { code: string };
  activities?: readonly { slug: string }[];
  photo?: { fallback: { src: string }; sources: readonly { srcset: string }[] } | undefined;
  /** A summary that is shown in lists only, or in an unsearched part of the element. */
  summary?: string;
}

/**
 * Returns the attributes of the element that holds an entry's text, `article` or `li`. Its content can be found except
 * parts with `data-pagefind-ignore`. If the element has an `id`, results link to it, else to the start of the page
 * (documents.ts).
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

// Runs in browser and Node: pure.

/** What can be found. */
export const searchKinds = {
  story: '故事',
  example: '典型',
  summary: '总结',
  wish: '微心愿',
  notice: '通知',
} as const;

export type SearchKind = keyof typeof searchKinds;

/** What an entry can be narrowed and ordered by, and the photo its result shows. */
export interface IndexAttributes {
  kind: SearchKind;
  /** ISO date by which it is ordered. */
  date: string;
  unit?: { code: string };
  activities?: readonly { slug: string }[];
  photo?: { fallback: { src: string }; sources: readonly { srcset: string }[] } | undefined;
  /** A summary that stands in lists only; or in the element too, in a part that is not searched. */
  summary?: string;
}

/**
 * The attributes of the element that holds an entry's text, `article` or `li`: what is in it can be found, apart from
 * parts with `data-pagefind-ignore`. With an `id` it is found there, else at its page's beginning (documents.ts).
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

import { yearOf } from '../../text/date.ts';
import type { Version } from '../content/version.ts';

/** A list to which an entry belongs, and the part of that list (the year) if the list is divided. */
interface Group {
  list: string;
  part?: string;
}

/**
 * Returns the sort text of an entry. The lists of the entry's collection are sorted by this text, ascending. Entries
 * with equal sort texts are sorted by key.
 */
export function sortKeyOf({ entry, address }: Version): string {
  switch (entry.collection) {
    case 'stories':
      return entry.data.date;
    case 'activities':
      return String(entry.data.order);
    case 'units':
      return { county: '1', grassroots: '2', industry: '3' }[entry.data.kind];
    case 'summaries':
      return String(entry.data.year);
    case 'wishes':
      return entry.data.updated;
    case 'notices':
      return entry.data.signed;
    case 'examples':
    case 'site':
      return address.key;
  }
}

/**
 * Returns the lists to which an entry belongs. A withdrawn story, example or summary keeps its page but belongs to no
 * list.
 */
export function groupsOf({ entry }: Version): Group[] {
  switch (entry.collection) {
    case 'stories': {
      const { withdrawn, unit, activity, examples, date, place } = entry.data;
      if (withdrawn) return [];
      const part = String(yearOf(date));
      return [
        { list: 'stories', part },
        { list: `stories@unit=${unit}`, part },
        { list: `stories@activity=${activity}`, part },
        ...Array.from(new Set(examples), (example) => ({ list: `stories@example=${example}` })),
        { list: `stories@month=${date.slice(0, 7)}` },
        { list: `stories@place=${place}` },
        { list: `stories@unit-activity=${unit}/${activity}` },
        { list: `stories@activity-year=${activity}/${part}` },
      ];
    }
    case 'examples': {
      const { withdrawn, unit, activities } = entry.data;
      if (withdrawn) return [];
      return [
        { list: 'examples' },
        { list: `examples@unit=${unit}` },
        ...Array.from(new Set(activities), (activity) => ({ list: `examples@activity=${activity}` })),
      ];
    }
    case 'summaries':
      return entry.data.withdrawn ? [] : [{ list: 'summaries' }, { list: `summaries@unit=${entry.data.unit}` }];
    case 'wishes':
      return [{ list: 'wishes' }, { list: `wishes@unit=${entry.data.unit}` }];
    case 'activities':
    case 'units':
    case 'notices':
      return [{ list: entry.collection }];
    case 'site':
      return [];
  }
}

/**
 * Greatest number of neighbours of a member of a list, on each side: three for the related stories of a page, and one
 * for the story to which the page links already.
 */
export const REACH = 4;

/** The keys of the neighbours of a member of a list, on both sides the nearest first. */
export interface Near {
  before: readonly string[];
  after: readonly string[];
}

/** Returns the neighbours of the member at the index `at` of a list. */
export function nearTo(keys: readonly string[], at: number): Near {
  return { before: keys.slice(Math.max(0, at - REACH), at).reverse(), after: keys.slice(at + 1, at + 1 + REACH) };
}

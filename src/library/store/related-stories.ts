import type { EntryAddress } from '../../model/entry-path.ts';
import type { CollectionName } from '../../model/fields/collection-names.ts';
import { groupsOf, sortKeyOf, placeAmong } from './sorted-lists.ts';
import { pairsIn, sharesOf } from './text-similarity.ts';
import type { Version } from '../content/version.ts';

/** The stories among which related ones are searched. */
export interface PublishedStories {
  entry(collection: CollectionName, key: string): Version | undefined;
  /** Keys of a list's members in order. */
  list(name: string): readonly string[];
}

/** A change of one entry; `next` is undefined if the entry is removed. */
export interface StoryChange {
  address: Pick<EntryAddress, 'collection' | 'key'>;
  next: Version | undefined;
}

/** A story that is related to another one. */
interface RelatedStory {
  id: string;
  /** In hundredths of all that the later of the two stories says. */
  closeness: number;
}

/** What the search for related stories reads of a story that belongs to lists. */
interface Profile {
  id: string;
  sortKey: string;
  unit: string;
  activity: string;
  examples: readonly string[];
  /** The lists that are searched, and how far from the story. */
  lists: readonly (readonly [list: string, reach: number])[];
  pairs: readonly number[];
}

/** How many related stories a page shows, and how many earlier ones a story names. */
const MOST = 3;

/** How many stories before and after one in a list may be related to it. */
const REACH = { activity: 24, unit: 8, example: 12, place: 8, all: 8 } as const;

/**
 * Closeness that two stories gain from what they share in addition to their words, in hundredths of all that a story
 * says.
 */
const SAME_ACTIVITY = 8;
const SAME_UNIT = 4;
const SAME_EXAMPLE = 20;

/**
 * Finds related stories. A story names the three earlier ones that are closest to it by activity, unit, examples and
 * words. Its page shows the closest of those that it names and of the later ones that name it. So readers of an old
 * story find the new one that continues it, and a new story changes at most three older pages, however many there are.
 *
 * Earlier stories are searched among the last few of each list that the story belongs to, so that a change affects a
 * bounded number of stories. Results are cached. Call `foresee()` before a change of the stories and its return value
 * after it.
 */
export class RelatedStories {
  readonly #stories: PublishedStories;
  readonly #named = new Map<string, readonly RelatedStory[]>();
  readonly #profiles = new Map<string, Profile | undefined>();

  constructor(stories: PublishedStories) {
    this.#stories = stories;
  }

  /**
   * Returns the ids of the stories that the page of one shows as related: the closest first, of equally close ones the
   * newest first.
   */
  relatedTo(id: string): string[] {
    const profile = this.#profileOf(id);
    if (!profile) return [];
    const related = [...this.#namedBy(id)];
    for (const later of this.#near(profile, 'after')) {
      const naming = this.#namedBy(later).find((story) => story.id === id);
      if (naming) related.push({ id: later, closeness: naming.closeness });
    }
    return this.#closest(related).map((story) => story.id);
  }

  /**
   * Prepares for changes: call it before entries of the store change, and the returned function afterwards. That
   * function returns the dependency keys of the stories whose related stories may have changed.
   */
  foresee(changes: Iterable<StoryChange>): () => Set<string> {
    const changing: string[] = [];
    const affected = new Set<string>();
    for (const { address, next } of changes) {
      if (address.collection !== 'stories') continue;
      const old = this.#profileOf(address.key);
      const nextProfile = next && profileOf(next);
      if (JSON.stringify(old) === JSON.stringify(nextProfile)) continue;
      changing.push(address.key);
      affected.add(address.key);
      for (const profile of [old, nextProfile]) {
        if (profile) for (const later of this.#near(profile, 'after')) affected.add(later);
      }
    }
    const before = new Map(Array.from(affected, (id) => [id, this.#namedBy(id)] as const));
    return () => {
      for (const id of changing) this.#profiles.delete(id);
      for (const id of affected) this.#named.delete(id);
      const touched = new Set<string>();
      for (const [id, old] of before) {
        const now = this.#namedBy(id);
        if (JSON.stringify(old) === JSON.stringify(now)) continue;
        for (const story of [{ id }, ...old, ...now]) touched.add(relatedKey(story.id));
      }
      return touched;
    };
  }

  /** Returns the earlier stories that one names. */
  #namedBy(id: string): readonly RelatedStory[] {
    const known = this.#named.get(id);
    if (known) return known;
    const profile = this.#profileOf(id);
    const found = profile ? this.#find(profile) : [];
    this.#named.set(id, found);
    return found;
  }

  #find(profile: Profile): RelatedStory[] {
    const ids = this.#near(profile, 'before');
    // The story's page links the one before it in its unit already.
    const ofUnit = this.#stories.list(`stories@unit=${profile.unit}`);
    ids.delete(ofUnit[this.#placeIn(ofUnit, profile) - 1] ?? '');
    const others = Array.from(ids).flatMap((id) => this.#profileOf(id) ?? []);
    const shares = sharesOf(
      profile.pairs,
      others.map(({ pairs }) => pairs),
    );
    const all = others.map((other, at) => ({
      id: other.id,
      closeness: Math.round(100 * (shares[at] ?? 0)) + commonGround(profile, other),
    }));
    return this.#closest(all);
  }

  /** Returns the ids of the stories near one, before or after it, in one of its lists. */
  #near(profile: Profile, side: 'before' | 'after'): Set<string> {
    const ids = new Set<string>();
    for (const [name, reach] of profile.lists) {
      const keys = this.#stories.list(name);
      const at = this.#placeIn(keys, profile);
      const next = keys[at] === profile.id ? at + 1 : at;
      const near = side === 'before' ? keys.slice(Math.max(0, at - reach), at) : keys.slice(next, next + reach);
      for (const id of near) ids.add(id);
    }
    ids.delete(profile.id);
    return ids;
  }

  #placeIn(keys: readonly string[], { id, sortKey }: Profile): number {
    return placeAmong(keys, id, sortKey, (key) => this.#profileOf(key)?.sortKey ?? '');
  }

  #closest(stories: readonly RelatedStory[]): RelatedStory[] {
    const position = ({ id }: RelatedStory): string => `${this.#profileOf(id)?.sortKey ?? ''} ${id}`;
    return stories
      .filter(({ closeness }) => closeness > 0)
      .sort((one, other) => other.closeness - one.closeness || (position(one) > position(other) ? -1 : 1))
      .slice(0, MOST);
  }

  #profileOf(id: string): Profile | undefined {
    const known = this.#profiles.get(id);
    if (known) return known;
    const version = this.#stories.entry('stories', id);
    const profile = version && profileOf(version);
    this.#profiles.set(id, profile);
    return profile;
  }
}

/** Returns the dependency key of what is related to a story. */
export function relatedKey(id: string): string {
  return `related:${id}`;
}

/** @returns undefined if the version is not a story, or belongs to no list. */
function profileOf(version: Version): Profile | undefined {
  const { entry, address } = version;
  if (entry.collection !== 'stories' || groupsOf(version).length === 0) return undefined;
  const { title, summary, place, unit, activity, examples } = entry.data;
  return {
    id: address.key,
    sortKey: sortKeyOf(version),
    unit,
    activity,
    examples,
    lists: [
      ['stories', REACH.all],
      [`stories@activity=${activity}`, REACH.activity],
      [`stories@unit=${unit}`, REACH.unit],
      [`stories@place=${place}`, REACH.place],
      ...examples.map((example) => [`stories@example=${example}`, REACH.example] as const),
    ],
    pairs: pairsIn(`${title}\n${summary}\n${place}`),
  };
}

function commonGround(one: Profile, other: Profile): number {
  const examples = one.examples.length === 0 ? [] : other.examples.filter((example) => one.examples.includes(example));
  return (
    (one.activity === other.activity ? SAME_ACTIVITY : 0) +
    (one.unit === other.unit ? SAME_UNIT : 0) +
    new Set(examples).size * SAME_EXAMPLE
  );
}

import type { CollectionName } from '../../model/fields/collection-names.ts';
import { groupsOf, sortKeyOf, placeAmong } from './sorted-lists.ts';
import { addTotals, totalsOf, noTotals, type Totals } from './totals.ts';
import { RelatedStories } from './related-stories.ts';
import { dependencyKeyOf, type Version } from '../content/version.ts';

/**
 * The methods through which queries read entries. Each call reads one dependency key. A dependency key names the
 * smallest thing that can change:
 *
 * - an entry (`stories/<id>`),
 * - the members of a list (`list:stories@unit=x`),
 * - the parts of a list (`parts:stories`),
 * - the sum of a list's figures (`sum:stories`), or
 * - the stories related to one story (`related:<id>`).
 */
export interface EntryStoreView {
  entry(collection: CollectionName, key: string): Version | undefined;
  /** Returns the keys of a list's members in the list's order; empty if there is no such list. */
  list(name: string): readonly string[];
  /**
   * Returns the names of the parts of a list, ascending. A part holds the members of one year and is named by the year.
   */
  parts(name: string): readonly string[];
  sum(name: string): Totals;
  /** Returns the ids of the stories related to a story, the closest first. */
  kin(id: string): readonly string[];
}

/** The published entries, in memory, and the lists to which they belong. */
export class EntryStore implements EntryStoreView {
  /**
   * Finds related stories. Call its method `foresee()` before a change of the store, and call the returned function
   * after the change. That function returns the dependency keys of the stories whose related stories changed.
   */
  readonly kinship = new RelatedStories(this);
  readonly #versions = new Map<string, Version>();
  readonly #lists = new Map<string, string[]>();
  readonly #sums = new Map<string, Totals>();
  readonly #parts = new Map<string, Set<string>>();
  readonly #sortKeys = new Map<string, string>();

  entry(collection: CollectionName, key: string): Version | undefined {
    return this.#versions.get(dependencyKeyOf({ collection, key }));
  }

  list(name: string): readonly string[] {
    return this.#lists.get(name) ?? [];
  }

  parts(name: string): readonly string[] {
    return [...(this.#parts.get(name) ?? [])].sort();
  }

  sum(name: string): Totals {
    return this.#sums.get(name) ?? noTotals;
  }

  kin(id: string): readonly string[] {
    return this.kinship.relatedTo(id);
  }

  get versions(): ReadonlyMap<string, Version> {
    return this.#versions;
  }

  get lists(): Iterable<string> {
    return this.#lists.keys();
  }

  /**
   * Stores a version and replaces the older version of the same entry, if there is one. Returns the dependency keys
   * that changed.
   */
  put(version: Version): Set<string> {
    const dependencyKey = dependencyKeyOf(version.address);
    const old = this.#versions.get(dependencyKey);
    if (old && hasSamePlacement(old, version)) {
      this.#versions.set(dependencyKey, version);
      return new Set([dependencyKey]);
    }
    const touched = this.remove(dependencyKey);
    this.#versions.set(dependencyKey, version);
    this.#sortKeys.set(dependencyKey, sortKeyOf(version));
    touched.add(dependencyKey);
    for (const group of groupsOf(version)) {
      this.#insert(group.list, version, touched);
      if (group.part !== undefined) {
        const part = `${group.list}/${group.part}`;
        this.#insert(part, version, touched);
        let parts = this.#parts.get(group.list);
        if (!parts) this.#parts.set(group.list, (parts = new Set()));
        if (!parts.has(group.part)) touched.add(`parts:${group.list}`);
        parts.add(group.part);
      }
    }
    return touched;
  }

  /** Removes an entry. Returns the dependency keys that changed; an empty set if the store does not have the entry. */
  remove(dependencyKey: string): Set<string> {
    const touched = new Set<string>();
    const version = this.#versions.get(dependencyKey);
    if (!version) return touched;
    touched.add(dependencyKey);
    for (const group of groupsOf(version)) {
      this.#take(group.list, version, touched);
      if (group.part === undefined) continue;
      const part = `${group.list}/${group.part}`;
      this.#take(part, version, touched);
      if (this.#lists.has(part)) continue;
      this.#parts.get(group.list)?.delete(group.part);
      touched.add(`parts:${group.list}`);
    }
    this.#versions.delete(dependencyKey);
    this.#sortKeys.delete(dependencyKey);
    return touched;
  }

  #insert(name: string, version: Version, touched: Set<string>): void {
    let keys = this.#lists.get(name);
    if (!keys) this.#lists.set(name, (keys = []));
    keys.splice(this.placeIn(keys, version), 0, version.address.key);
    this.#sums.set(name, addTotals(this.sum(name), totalsOf(version), 1));
    touched.add(`list:${name}`).add(`sum:${name}`);
  }

  #take(name: string, version: Version, touched: Set<string>): void {
    const keys = this.#lists.get(name);
    if (!keys) return;
    keys.splice(this.placeIn(keys, version), 1);
    this.#sums.set(name, addTotals(this.sum(name), totalsOf(version), -1));
    if (keys.length === 0) {
      this.#lists.delete(name);
      this.#sums.delete(name);
    }
    touched.add(`list:${name}`).add(`sum:${name}`);
  }

  /**
   * Returns the index of a version in `keys`, the sorted keys of a list, or the index at which the version would be
   * inserted.
   */
  placeIn(keys: readonly string[], version: Version): number {
    const { collection, key } = version.address;
    return placeAmong(
      keys,
      key,
      sortKeyOf(version),
      (other) => this.#sortKeys.get(dependencyKeyOf({ collection, key: other })) ?? '',
    );
  }
}

/** Returns whether two versions of an entry belong to the same lists, at the same positions, with the same figures. */
function hasSamePlacement(one: Version, other: Version): boolean {
  const placement = (version: Version): string =>
    JSON.stringify([sortKeyOf(version), groupsOf(version), totalsOf(version)]);
  return placement(one) === placement(other);
}

import type { CollectionName } from '../../model/fields/collection-names.ts';
import { groupsOf, sortKeyOf, placeAmong } from './sorted-lists.ts';
import { addTotals, totalsOf, noTotals, type Totals } from './totals.ts';
import { RelatedStories } from './related-stories.ts';
import { dependencyKeyOf, type Version } from '../content/version.ts';

/**
 * What queries read. Every method reads one dependency key, the smallest thing that can change: an entry
 * (`stories/<id>`), the members of a list (`list:stories@unit=x`), the parts of a list (`parts:stories`), the sum of a
 * list's figures (`sum:stories`), or what is related to a story (`related:<id>`).
 */
export interface EntryStoreView {
  entry(collection: CollectionName, key: string): Version | undefined;
  /** Keys of a list's members in order. */
  list(name: string): readonly string[];
  /** Names of the parts that a list is divided into (its years), ascending. */
  parts(name: string): readonly string[];
  sum(name: string): Totals;
  /** Ids of the stories related to one, the closest first. */
  kin(id: string): readonly string[];
}

/** The published entries, in memory, and the lists they belong to. */
export class EntryStore implements EntryStoreView {
  /**
   * Call its `foresee()` before a change of the store and the returned function after it, to learn which stories get
   * other related stories.
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

  /** Puts a version in place of an older one of the same entry. Returns the dependency keys that changed. */
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

  /** Removes an entry. Returns the dependency keys that changed; none if the entry was not there. */
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

  /** Returns the position of a version, or the position it would get, among the keys of a list. */
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

/** Whether two versions of an entry belong to the same lists, at the same positions, with the same figures. */
function hasSamePlacement(one: Version, other: Version): boolean {
  const placement = (version: Version): string =>
    JSON.stringify([sortKeyOf(version), groupsOf(version), totalsOf(version)]);
  return placement(one) === placement(other);
}

import type { CollectionName } from '../../model/fields/collection-names.ts';
import { groupsOf, nearTo, REACH, sortKeyOf, type Near } from './sorted-lists.ts';
import { addTotals, totalsOf, noTotals, type Totals } from './totals.ts';
import { dependencyKeyOf, type Version } from '../content/version.ts';

/**
 * The methods through which queries read entries. Each call reads what one dependency key names, and that is the
 * smallest thing that can change:
 * - an entry (`stories/<id>`),
 * - the members of a list (`list:stories@unit=x`),
 * - the neighbours of one member of a list (`near:stories@unit=x/<id>`),
 * - the parts of a list (`parts:stories`), or
 * - the sum of a list's figures (`sum:stories`).
 */
export interface EntryStoreView {
  entry(collection: CollectionName, key: string): Version | undefined;
  /** Returns the keys of a list's members in the list's order; empty if there is no such list. */
  list(name: string): readonly string[];
  /** Returns the neighbours of a member in the list `name`: at most REACH members before it and REACH after it. */
  near(name: string, member: Version): Near;
  /**
   * Returns the names of the parts of a list, ascending. A part holds the members of one year and is named by the year.
   */
  parts(name: string): readonly string[];
  sum(name: string): Totals;
}

/** The published entries, in memory, and the lists to which they belong. */
export class EntryStore implements EntryStoreView {
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

  near(name: string, member: Version): Near {
    const keys = this.list(name);
    return nearTo(keys, this.placeIn(keys, member));
  }

  parts(name: string): readonly string[] {
    return [...(this.#parts.get(name) ?? [])].sort();
  }

  sum(name: string): Totals {
    return this.#sums.get(name) ?? noTotals;
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
      if (group.part === undefined) continue;
      this.#insert(partName(group.list, group.part), version, touched);
      if (this.#addPart(group.list, group.part)) touched.add(`parts:${group.list}`);
    }
    return touched;
  }

  /** Stores the first versions of an empty store. Does the same as `put` for each of them, at less cost. */
  fill(versions: Iterable<Version>): void {
    const sorted = Array.from(versions, (version) => ({ version, sortKey: sortKeyOf(version) })).sort(
      (one, other) =>
        compare(one.sortKey, other.sortKey) || compare(one.version.address.key, other.version.address.key),
    );
    for (const { version, sortKey } of sorted) {
      const dependencyKey = dependencyKeyOf(version.address);
      this.#versions.set(dependencyKey, version);
      this.#sortKeys.set(dependencyKey, sortKey);
      for (const { list, part } of groupsOf(version)) {
        this.#append(list, version);
        if (part === undefined) continue;
        this.#append(partName(list, part), version);
        this.#addPart(list, part);
      }
    }
  }

  /** Adds a part to a list. Returns whether it is new. */
  #addPart(list: string, part: string): boolean {
    const parts = this.#parts.get(list);
    if (!parts) this.#parts.set(list, new Set([part]));
    else if (parts.has(part)) return false;
    else parts.add(part);
    return true;
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
      const part = partName(group.list, group.part);
      this.#take(part, version, touched);
      if (this.#lists.has(part)) continue;
      this.#parts.get(group.list)?.delete(group.part);
      touched.add(`parts:${group.list}`);
    }
    this.#versions.delete(dependencyKey);
    this.#sortKeys.delete(dependencyKey);
    return touched;
  }

  /** Adds a version, which comes after all members in the list's order, to a list. */
  #append(name: string, version: Version): void {
    const keys = this.#lists.get(name);
    if (keys) keys.push(version.address.key);
    else this.#lists.set(name, [version.address.key]);
    this.#sums.set(name, addTotals(this.sum(name), totalsOf(version), 1));
  }

  #insert(name: string, version: Version, touched: Set<string>): void {
    let keys = this.#lists.get(name);
    if (!keys) this.#lists.set(name, (keys = []));
    const at = this.placeIn(keys, version);
    keys.splice(at, 0, version.address.key);
    touchNear(name, keys, at, touched);
    this.#sums.set(name, addTotals(this.sum(name), totalsOf(version), 1));
    touched.add(`list:${name}`).add(`sum:${name}`);
  }

  #take(name: string, version: Version, touched: Set<string>): void {
    const keys = this.#lists.get(name);
    if (!keys) return;
    const at = this.placeIn(keys, version);
    keys.splice(at, 1);
    touchNear(name, keys, at, touched);
    this.#sums.set(name, addTotals(this.sum(name), totalsOf(version), -1));
    if (keys.length === 0) {
      this.#lists.delete(name);
      this.#sums.delete(name);
    }
    touched.add(`list:${name}`).add(`sum:${name}`);
  }

  /**
   * Returns the index of a version in `keys`, the keys of a list. If the list does not contain the version, returns the
   * index at which it must be inserted. This is a binary search, so `keys` must be in the list's order: by the entries'
   * sort texts (sortKeyOf), and entries with equal sort texts by key.
   */
  placeIn(keys: readonly string[], version: Version): number {
    const { collection, key } = version.address;
    const sortKey = sortKeyOf(version);
    let low = 0;
    let high = keys.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      const other = keys[middle] ?? '';
      const otherSortKey = this.#sortKeys.get(dependencyKeyOf({ collection, key: other })) ?? '';
      if (otherSortKey < sortKey || (otherSortKey === sortKey && other < key)) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

function partName(list: string, part: string): string {
  return `${list}/${part}`;
}

/** Compares two strings by their UTF-16 code units, for `sort`. */
function compare(one: string, other: string): number {
  if (one === other) return 0;
  return one < other ? -1 : 1;
}

/** Adds to `touched` the dependency keys that change when a member is added or removed at the index `at` of a list. */
function touchNear(name: string, keys: readonly string[], at: number, touched: Set<string>): void {
  for (const key of keys.slice(Math.max(0, at - REACH), at + REACH + 1)) touched.add(nearKey(name, key));
}

/** Returns the dependency key for the neighbours of the member with the key `member` in a list. */
export function nearKey(list: string, member: string): string {
  return `near:${list}/${member}`;
}

/** Returns whether two versions of an entry belong to the same lists, at the same positions, with the same figures. */
function hasSamePlacement(one: Version, other: Version): boolean {
  const placement = (version: Version): string =>
    JSON.stringify([sortKeyOf(version), groupsOf(version), totalsOf(version)]);
  return placement(one) === placement(other);
}

import type { CollectionName } from '../../model/fields/collection-names.ts';
import { groupsOf, nearTo, type Near } from './sorted-lists.ts';
import { addTotals, totalsOf, type Totals } from './totals.ts';
import type { EntryStore, EntryStoreView } from './entry-store.ts';
import { dependencyKeyOf, type Version } from '../content/version.ts';

/**
 * Returns the names of the lists to which a version belongs. If a list is divided into parts, also returns the name of
 * the part to which the version belongs. Returns an empty set if `version` is undefined.
 */
function listsOf(version: Version | undefined): Set<string> {
  const groups = version ? groupsOf(version) : [];
  return new Set(groups.flatMap(({ list, part }) => (part === undefined ? [list] : [list, `${list}/${part}`])));
}

/**
 * A view of the store in which a draft replaces the published version of the same entry. The store itself does not
 * change.
 */
export class DraftOverlay implements EntryStoreView {
  readonly #store: EntryStore;
  readonly #draft: Version;
  readonly #shown: Version | undefined;
  /** Names of the lists and parts to which the published version (`#before`) and the draft (`#after`) belong. */
  readonly #before: ReadonlySet<string>;
  readonly #after: ReadonlySet<string>;

  constructor(store: EntryStore, draft: Version) {
    this.#store = store;
    this.#draft = draft;
    this.#shown = store.versions.get(dependencyKeyOf(draft.address));
    this.#before = listsOf(this.#shown);
    this.#after = listsOf(draft);
  }

  entry(collection: CollectionName, key: string): Version | undefined {
    const { address } = this.#draft;
    return address.collection === collection && address.key === key ? this.#draft : this.#store.entry(collection, key);
  }

  list(name: string): readonly string[] {
    const keys = this.#store.list(name);
    if (!this.#before.has(name) && !this.#after.has(name)) return keys;
    const others = keys.filter((key) => !this.#before.has(name) || key !== this.#draft.address.key);
    return this.#after.has(name)
      ? others.toSpliced(this.#store.placeIn(others, this.#draft), 0, this.#draft.address.key)
      : others;
  }

  near(name: string, member: Version): Near {
    const keys = this.list(name);
    return nearTo(keys, keys.indexOf(member.address.key));
  }

  parts(name: string): readonly string[] {
    const added = groupsOf(this.#draft).flatMap(({ list, part }) =>
      list === name && part !== undefined ? [part] : [],
    );
    const parts = new Set([...this.#store.parts(name), ...added]);
    return [...parts].filter((part) => this.list(`${name}/${part}`).length > 0).sort();
  }

  sum(name: string): Totals {
    let sum = this.#store.sum(name);
    if (this.#shown && this.#before.has(name)) sum = addTotals(sum, totalsOf(this.#shown), -1);
    return this.#after.has(name) ? addTotals(sum, totalsOf(this.#draft), 1) : sum;
  }
}

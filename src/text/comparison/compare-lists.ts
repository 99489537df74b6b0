// Pure functions, which run in browsers and in Node.
import { diffArrays } from 'diff';

/** An item that both compared lists have, or only the older one (`gone`), or only the newer one (`new`). */
export type Compared<Item> =
  { is: 'same'; before: Item; after: Item } | { is: 'gone'; item: Item } | { is: 'new'; item: Item };

/**
 * Most additions and removals in one comparison. The time of a comparison grows with the square of this number: 1,500
 * take about 0.5 s.
 */
const MOST_EDITS = 1500;
/** A comparison with fewer edits than this is not worth starting: what remains of the budget is too little. */
const FEWEST_EDITS = 20;

/**
 * What the comparisons for one page may cost together, in additions and removals squared. It does not depend on the
 * clock, so that the same texts always give the same page.
 */
export class EditBudget {
  #left = MOST_EDITS ** 2;

  /** Most additions and removals of the next comparison; undefined if nothing more can be compared. */
  get edits(): number | undefined {
    const edits = Math.floor(Math.sqrt(this.#left));
    return edits < FEWEST_EDITS ? undefined : edits;
  }

  /** Subtracts the cost of a comparison. */
  spend(edits: number): void {
    this.#left = Math.max(0, this.#left - edits ** 2);
  }
}

function commonStart(some: readonly string[], others: readonly string[]): number {
  const different = some.findIndex((key, index) => key !== others[index]);
  return different < 0 ? some.length : different;
}

/**
 * Compares two lists. Items are the same if `keyOf` returns the same text for both. Between two items that are the same,
 * those that are gone come before those that are new. Returns undefined if the comparison costs more than the budget.
 */
export function compareLists<Item>(
  before: readonly Item[],
  after: readonly Item[],
  keyOf: (item: Item) => string,
  budget: EditBudget,
): Compared<Item>[] | undefined {
  const [was, is] = [before.map(keyOf), after.map(keyOf)];
  const start = commonStart(was, is);
  const end = commonStart(was.slice(start).reverse(), is.slice(start).reverse());
  const changed = [was.slice(start, was.length - end), is.slice(start, is.length - end)] as const;
  const changes = editsBetween(...changed, budget);
  if (!changes) return undefined;
  const result: Compared<Item>[] = [];
  let [old, now] = [0, 0];
  const step = (kind: Compared<Item>['is'], count: number): void => {
    for (let left = count; left > 0; left -= 1) {
      const [one, other] = [before[old], after[now]];
      if (kind !== 'new') old += 1;
      if (kind !== 'gone') now += 1;
      if (kind === 'same' && one !== undefined && other !== undefined)
        result.push({ is: kind, before: one, after: other });
      else if (kind === 'gone' && one !== undefined) result.push({ is: kind, item: one });
      else if (kind === 'new' && other !== undefined) result.push({ is: kind, item: other });
    }
  };
  step('same', start);
  for (const [kind, count] of changes) step(kind, count);
  step('same', end);
  return result;
}

function editsBetween(
  before: readonly string[],
  after: readonly string[],
  budget: EditBudget,
): [is: Compared<string>['is'], count: number][] | undefined {
  if (before.length === 0 || after.length === 0)
    return [
      ['gone', before.length],
      ['new', after.length],
    ];
  const { edits } = budget;
  const changes = edits === undefined ? undefined : diffArrays([...before], [...after], { maxEditLength: edits });
  if (!changes) {
    budget.spend(edits ?? 0);
    return undefined;
  }
  budget.spend(changes.reduce((sum, { added, removed, count }) => sum + (added || removed ? count : 0), 0));
  return changes.map(({ added, removed, count }) => [added ? 'new' : removed ? 'gone' : 'same', count]);
}

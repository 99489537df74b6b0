import { addressesOf } from '../../library/queries/addresses.ts';
import type { Library } from '../../library/library.ts';
import type { QueryKey } from '../../library/queries/dependency-tracking.ts';
import type { Pages } from './pages.ts';

/** What has to be done to the output, because some cells changed. */
export interface Plan {
  /** Pages that are new, with the cells that own them. */
  added: Map<string, string>;
  /** Pages whose answers are no longer what they were. */
  stale: Map<string, string>;
  /** Pages that have no reason to exist any longer. */
  gone: Set<string>;
  /** Questions that were answered anew, for the journal. */
  questions: Set<QueryKey>;
}

/** The pages that a change touches: those of the touched cells that come or go, those whose answers changed. */
export function planChange(touched: Iterable<string>, library: Library, pages: Pages): Plan {
  const plan: Plan = { added: new Map(), stale: new Map(), gone: new Set(), questions: new Set() };
  const cells = [...touched];
  for (const cell of cells) {
    const now = new Set(addressesOf(cell, library.shelf, library.ownPages));
    for (const address of now) if (!pages.get(address)) plan.added.set(address, cell);
    for (const address of pages.ownedBy(cell)) if (!now.has(address)) plan.gone.add(address);
  }
  plan.questions = library.tracking.changedBy(cells);
  for (const question of plan.questions) {
    for (const address of pages.asking(question)) {
      const owner = pages.get(address)?.owner;
      if (owner !== undefined && !plan.gone.has(address)) plan.stale.set(address, owner);
    }
  }
  return plan;
}

/** Renders every page again: after a failure nobody knows which ones are right. */
export function planEverything(plan: Plan, pages: Pages): void {
  for (const address of pages.addresses) {
    const owner = pages.get(address)?.owner;
    if (owner !== undefined && !plan.gone.has(address)) plan.stale.set(address, owner);
  }
}

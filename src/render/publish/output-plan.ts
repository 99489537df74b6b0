import { addressesOf } from '../../library/queries/addresses.ts';
import type { Library } from '../../library/library.ts';
import type { QueryKey } from '../../library/queries/dependency-tracking.ts';
import type { Pages } from './pages.ts';

/** The changes to make to the output because some dependency keys changed. Pages are named by URL path. */
export interface Plan {
  /** New pages, each with the dependency key for which it exists. */
  added: Map<string, string>;
  /** Pages to render again, each with the dependency key for which it exists. */
  stale: Map<string, string>;
  /** Pages to remove. */
  gone: Set<string>;
  /**
   * Queries for which the journal must record or delete a fingerprint: those whose results changed, and those of pages
   * that are rendered or removed.
   */
  queries: Set<QueryKey>;
}

/**
 * Returns the changes to make to the output: pages that appear or disappear because of the touched dependency keys, and
 * pages whose query results changed.
 */
export function planChange(touched: Iterable<string>, library: Library, pages: Pages): Plan {
  const plan: Plan = { added: new Map(), stale: new Map(), gone: new Set(), queries: new Set() };
  const dependencyKeys = [...touched];
  for (const dependencyKey of dependencyKeys) {
    const now = new Set(addressesOf(dependencyKey, library.store, library.ownPages));
    for (const address of now) if (!pages.get(address)) plan.added.set(address, dependencyKey);
    for (const address of pages.ownedBy(dependencyKey)) if (!now.has(address)) plan.gone.add(address);
  }
  plan.queries = library.tracking.changedBy(dependencyKeys);
  for (const queryKey of plan.queries) {
    for (const address of pages.using(queryKey)) {
      const owner = pages.get(address)?.owner;
      if (owner !== undefined && !plan.gone.has(address)) plan.stale.set(address, owner);
    }
  }
  return plan;
}

/**
 * Adds to the plan that every page is rendered again, except pages to remove. Called after a failure, because it is
 * then not known which pages are right.
 */
export function planEverything(plan: Plan, pages: Pages): void {
  for (const address of pages.addresses) {
    const owner = pages.get(address)?.owner;
    if (owner !== undefined && !plan.gone.has(address)) plan.stale.set(address, owner);
  }
}

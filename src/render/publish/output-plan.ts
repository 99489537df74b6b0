import { addressesOf } from '../../library/queries/addresses.ts';
import type { Library } from '../../library/library.ts';
import type { QueryKey } from '../../library/queries/dependency-tracking.ts';
import type { Pages } from './pages.ts';

/** What must be done to the output because some dependency keys changed. */
export interface Plan {
  /** New pages, with the dependency keys that they exist for. */
  added: Map<string, string>;
  /** Pages whose query results changed. */
  stale: Map<string, string>;
  /** Pages that no longer exist. */
  gone: Set<string>;
  /** Queries that were run again, for the journal. */
  queries: Set<QueryKey>;
}

/**
 * Plans the changes of the output: pages that appear or disappear with the touched dependency keys, and pages whose
 * query results changed.
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

/** Adds every page to the plan: after a failure it is not known which pages are right. */
export function planEverything(plan: Plan, pages: Pages): void {
  for (const address of pages.addresses) {
    const owner = pages.get(address)?.owner;
    if (owner !== undefined && !plan.gone.has(address)) plan.stale.set(address, owner);
  }
}

import type { QueryKey } from '../../library/queries/dependency-tracking.ts';
import type { RenderedPage } from './journal.ts';

/**
 * The pages of the output by URL path. Also finds pages by the queries that they run (`using`) and by the dependency
 * key for which they exist (`ownedBy`).
 */
export class Pages {
  readonly #pages = new Map<string, RenderedPage>();
  readonly #byQuery = new Map<QueryKey, Set<string>>();
  readonly #byOwner = new Map<string, Set<string>>();

  get(address: string): RenderedPage | undefined {
    return this.#pages.get(address);
  }

  get addresses(): Iterable<string> {
    return this.#pages.keys();
  }

  using(queryKey: QueryKey): ReadonlySet<string> {
    return this.#byQuery.get(queryKey) ?? new Set();
  }

  ownedBy(dependencyKey: string): ReadonlySet<string> {
    return this.#byOwner.get(dependencyKey) ?? new Set();
  }

  set(address: string, page: RenderedPage): void {
    this.delete(address);
    this.#pages.set(address, page);
    for (const queryKey of page.queries) add(this.#byQuery, queryKey, address);
    add(this.#byOwner, page.owner, address);
  }

  delete(address: string): void {
    const page = this.#pages.get(address);
    if (!page) return;
    this.#pages.delete(address);
    for (const queryKey of page.queries) take(this.#byQuery, queryKey, address);
    take(this.#byOwner, page.owner, address);
  }
}

function add(index: Map<string, Set<string>>, key: string, address: string): void {
  const addresses = index.get(key);
  if (addresses) addresses.add(address);
  else index.set(key, new Set([address]));
}

function take(index: Map<string, Set<string>>, key: string, address: string): void {
  const addresses = index.get(key);
  addresses?.delete(address);
  if (addresses?.size === 0) index.delete(key);
}

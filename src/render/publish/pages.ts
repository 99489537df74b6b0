import type { QueryKey } from '../../library/queries/dependency-tracking.ts';
import type { RenderedPage } from './journal.ts';

/** The pages of the output, indexed by the queries that they make and by the dependency key that they exist for. */
export class Pages {
  readonly #pages = new Map<string, RenderedPage>();
  readonly #byQuestion = new Map<QueryKey, Set<string>>();
  readonly #byOwner = new Map<string, Set<string>>();

  get(address: string): RenderedPage | undefined {
    return this.#pages.get(address);
  }

  get addresses(): Iterable<string> {
    return this.#pages.keys();
  }

  get owners(): Iterable<string> {
    return this.#byOwner.keys();
  }

  asking(question: QueryKey): ReadonlySet<string> {
    return this.#byQuestion.get(question) ?? new Set();
  }

  ownedBy(cell: string): ReadonlySet<string> {
    return this.#byOwner.get(cell) ?? new Set();
  }

  set(address: string, page: RenderedPage): void {
    this.delete(address);
    this.#pages.set(address, page);
    for (const question of page.questions) add(this.#byQuestion, question, address);
    add(this.#byOwner, page.owner, address);
  }

  delete(address: string): void {
    const page = this.#pages.get(address);
    if (!page) return;
    this.#pages.delete(address);
    for (const question of page.questions) take(this.#byQuestion, question, address);
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

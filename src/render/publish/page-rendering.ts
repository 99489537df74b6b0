import { fingerprint } from '../../library/content/fingerprint.ts';
import type { Library } from '../../library/library.ts';
import type { QueryKey } from '../../library/queries/dependency-tracking.ts';
import type { Attempts } from './all-steps.ts';
import type { PendingJournal } from './pending-journal.ts';
import { fileOfPage, type Output } from '../output/output.ts';
import type { CompressedPages } from '../output/compressed-pages.ts';
import type { Pages } from './pages.ts';
import type { Plan } from './output-plan.ts';
import type { Renderer } from '../compile/renderer.ts';
import { yieldEvery } from '../output/yield.ts';

/** The objects that rendering works with. */
export interface RenderingDeps {
  library: Library;
  renderer: Renderer;
  output: Output;
  copies: CompressedPages;
  pages: Pages;
  pendingJournal: PendingJournal;
}

/** Options for rendering planned pages. */
export interface RenderingOptions {
  /** Dependency keys of withdrawn and removed entries. */
  takenBack: ReadonlySet<string>;
  attempts: Attempts;
  progress: (done: number, total: number) => void;
}

/** Renders planned pages into the output, and records the queries of each. */
export class PageRendering {
  readonly #deps: RenderingDeps;

  constructor(deps: RenderingDeps) {
    this.#deps = deps;
  }

  /**
   * Renders the planned pages: new pages first, so that no list links to a page that does not exist yet. Returns how
   * many files changed. Rejects at the first page that fails. If entries are withdrawn (`takenBack`), their own pages
   * come first, and a page that fails does not stop the others: `attempts` collects the errors.
   */
  async render(plan: Plan, { takenBack, attempts, progress }: RenderingOptions): Promise<number> {
    const planned = [...plan.added, ...plan.stale];
    const own = planned.filter(([, owner]) => takenBack.has(owner));
    const others = planned.filter(([, owner]) => !takenBack.has(owner));
    let done = 0;
    let written = 0;
    const yieldIfDue = yieldEvery();
    for (const [address, owner] of [...own, ...others]) {
      const step = async (): Promise<void> => {
        if (await this.#renderPage(address, owner, plan.queries)) written += 1;
      };
      if (takenBack.size > 0) await attempts.make(step);
      else await step();
      done += 1;
      progress(done, planned.length);
      await yieldIfDue();
    }
    return written;
  }

  /** Removes the pages that the plan removes. */
  async remove(plan: Plan, attempts: Attempts): Promise<void> {
    const { output, pages, pendingJournal } = this.#deps;
    for (const address of plan.gone) {
      for (const queryKey of pages.get(address)?.queries ?? []) plan.queries.add(queryKey);
      pages.delete(address);
      pendingJournal.page(address, undefined);
      await attempts.make(() => output.remove(fileOfPage(address)));
    }
  }

  /** Records the fingerprints of queries; forgets queries that no page makes any longer. */
  recordQueries(queries: Iterable<QueryKey>): void {
    const { library, pages, pendingJournal } = this.#deps;
    for (const queryKey of queries) {
      const used = pages.using(queryKey).size > 0;
      if (!used) library.tracking.forget(queryKey);
      pendingJournal.fingerprint(queryKey, used ? library.tracking.fingerprintOf(queryKey) : undefined);
    }
  }

  /**
   * Renders one page and replaces its file if the content changed. Adds to `queries` the queries that the page makes
   * and those that it no longer makes.
   */
  async #renderPage(address: string, owner: string, queries: Set<QueryKey>): Promise<boolean> {
    const { library, renderer, output, copies, pages, pendingJournal } = this.#deps;
    const used = new Set<QueryKey>();
    const content = await renderer.render(
      address,
      library.reader((queryKey) => used.add(queryKey)),
    );
    const old = pages.get(address);
    const page = { owner, fingerprint: fingerprint(content), queries: [...used] };
    const path = fileOfPage(address);
    const changed = old?.fingerprint !== page.fingerprint || !output.has(path);
    if (changed) {
      output.write(path, content);
      copies.invalidate(path);
    }
    for (const queryKey of [...(old?.queries ?? []), ...used]) queries.add(queryKey);
    pages.set(address, page);
    pendingJournal.page(address, page);
    return changed;
  }
}

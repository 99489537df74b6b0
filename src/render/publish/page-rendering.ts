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

/** The objects that PageRendering works with. */
export interface RenderingDeps {
  library: Library;
  renderer: Renderer;
  output: Output;
  copies: CompressedPages;
  pages: Pages;
  pendingJournal: PendingJournal;
}

/**
 * Options for rendering planned pages. `progress` is called after each page with the number of rendered and of planned
 * pages. `attempts` collects errors if `takenBack` is not empty.
 */
export interface RenderingOptions {
  /** Dependency keys of the entries that this publication withdraws or removes. */
  takenBack: ReadonlySet<string>;
  attempts: Attempts;
  progress: (done: number, total: number) => void;
}

/** The step of a publication that renders and removes pages. Records the queries of each page. */
export class PageRendering {
  readonly #deps: RenderingDeps;

  constructor(deps: RenderingDeps) {
    this.#deps = deps;
  }

  /**
   * Renders the planned pages and resolves to the number of files whose content changed. New pages come first, so that
   * no list links to a page that does not exist yet. Rejects at the first page that fails. If entries are withdrawn
   * (`takenBack`), their pages come first, and a page that fails does not stop the others: `attempts` collects the
   * errors.
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

  /** Removes the pages in `plan.gone`, and adds their queries to the plan. `attempts` collects the errors. */
  async remove(plan: Plan, attempts: Attempts): Promise<void> {
    const { output, pages, pendingJournal } = this.#deps;
    for (const address of plan.gone) {
      for (const queryKey of pages.get(address)?.queries ?? []) plan.queries.add(queryKey);
      pages.delete(address);
      pendingJournal.page(address, undefined);
      await attempts.make(() => output.remove(fileOfPage(address)));
    }
  }

  /** Records the fingerprints of queries in the pending journal. Deletes the queries that no page runs any longer. */
  recordQueries(queries: Iterable<QueryKey>): void {
    const { library, pages, pendingJournal } = this.#deps;
    for (const queryKey of queries) {
      const used = pages.using(queryKey).size > 0;
      if (!used) library.tracking.forget(queryKey);
      pendingJournal.fingerprint(queryKey, used ? library.tracking.fingerprintOf(queryKey) : undefined);
    }
  }

  /**
   * Renders one page and replaces its file if the content changed or the file is missing. Adds the queries that the
   * page runs, and those that it ran before, to `queries`. Resolves to whether the file was written.
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

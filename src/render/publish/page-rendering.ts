import { fingerprint } from '../../library/content/fingerprint.ts';
import type { Library } from '../../library/library.ts';
import type { QueryKey } from '../../library/queries/dependency-tracking.ts';
import type { Attempts } from './attempts.ts';
import type { PendingJournal } from './pending-journal.ts';
import { fileOfPage, type Output } from '../output/output.ts';
import type { CompressedPages } from '../output/compressed-pages.ts';
import type { Pages } from './pages.ts';
import type { Plan } from './plan.ts';
import type { Renderer } from '../compile/renderer.ts';
import { yieldEvery } from '../output/yield.ts';

/** The objects that rendering works with. */
export interface RenderingDeps {
  library: Library;
  renderer: Renderer;
  output: Output;
  copies: CompressedPages;
  pages: Pages;
  ledger: PendingJournal;
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
  readonly #rooms: RenderingDeps;

  constructor(rooms: RenderingDeps) {
    this.#rooms = rooms;
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
    const rest = yieldEvery();
    for (const [address, owner] of [...own, ...others]) {
      const step = async (): Promise<void> => {
        if (await this.#renderPage(address, owner, plan.questions)) written += 1;
      };
      if (takenBack.size > 0) await attempts.make(step);
      else await step();
      done += 1;
      progress(done, planned.length);
      await rest();
    }
    return written;
  }

  /** Removes the pages that the plan removes. */
  async remove(plan: Plan, attempts: Attempts): Promise<void> {
    const { output, pages, ledger } = this.#rooms;
    for (const address of plan.gone) {
      for (const question of pages.get(address)?.questions ?? []) plan.questions.add(question);
      pages.delete(address);
      ledger.page(address, undefined);
      await attempts.make(() => output.remove(fileOfPage(address)));
    }
  }

  /** Records the fingerprints of queries; forgets queries that no page makes any longer. */
  noteQuestions(questions: Iterable<QueryKey>): void {
    const { library, pages, ledger } = this.#rooms;
    for (const question of questions) {
      const asked = pages.asking(question).size > 0;
      if (!asked) library.tracking.forget(question);
      ledger.print(question, asked ? library.tracking.printOf(question) : undefined);
    }
  }

  /**
   * Renders one page and replaces its file if the content changed. Adds to `questions` the queries that the page makes
   * and those that it no longer makes.
   */
  async #renderPage(address: string, owner: string, questions: Set<QueryKey>): Promise<boolean> {
    const { library, renderer, output, copies, pages, ledger } = this.#rooms;
    const asked = new Set<QueryKey>();
    const content = await renderer.render(
      address,
      library.reader((question) => asked.add(question)),
    );
    const old = pages.get(address);
    const page = { owner, fingerprint: fingerprint(content), questions: [...asked] };
    const path = fileOfPage(address);
    const changed = old?.fingerprint !== page.fingerprint || !output.has(path);
    if (changed) {
      output.write(path, content);
      copies.lack(path);
    }
    for (const question of [...(old?.questions ?? []), ...asked]) questions.add(question);
    pages.set(address, page);
    ledger.page(address, page);
    return changed;
  }
}

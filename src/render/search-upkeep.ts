import { fingerprint } from '../library/fingerprint.ts';
import { indexPages, isSearchable, SEARCH_ENTRY } from '../search/indexing.ts';
import type { Journal } from './journal.ts';
import { fileOfPage, type Output } from './output.ts';
import type { Pages } from './pages.ts';

/** The pages that the search index has to be made of anew, and a name for exactly these. */
interface IndexTask {
  digest: string;
  pages: { address: string; html: string }[];
}

/** Keeps the search index equal to the pages of the output. */
export class SearchUpkeep {
  readonly #output: Output;
  readonly #pages: Pages;
  readonly #journal: Pick<Journal, 'meta' | 'setMeta'>;

  constructor(output: Output, pages: Pages, journal: Pick<Journal, 'meta' | 'setMeta'>) {
    this.#output = output;
    this.#pages = pages;
    this.#journal = journal;
  }

  /** What has to be indexed; undefined: the index is of these very pages. */
  due(): IndexTask | undefined {
    const addresses = [...this.#pages.addresses].filter(isSearchable).sort();
    const digest = fingerprint(
      addresses.map((address) => `${address} ${this.#pages.get(address)?.fingerprint}`).join(),
    );
    if (this.#journal.meta('searched') === digest && this.#output.has(SEARCH_ENTRY)) return undefined;
    const decoder = new TextDecoder();
    const pages = addresses.flatMap((address) => {
      const content = this.#output.read(fileOfPage(address));
      return content ? [{ address, html: decoder.decode(content) }] : [];
    });
    return { digest, pages };
  }

  /** Puts the index in its place. Rejects with Pagefind's errors. */
  async index({ digest, pages }: IndexTask): Promise<void> {
    await indexPages(this.#output.root, pages);
    this.#journal.setMeta('searched', digest);
  }
}

import { documentsOf, type DocumentFacts, type SearchDocument } from '../search/documents.ts';
import { TierFiles } from '../search/tier-files.ts';
import { fileOfPage, type Output } from './output.ts';
import type { Pages } from './pages.ts';

/** The documents of one state of a page. */
interface KnownPage {
  fingerprint: string;
  documents: readonly DocumentFacts[];
}

/** What the search index is to be equal to. */
export type SearchState = readonly DocumentFacts[];

/** Keeps the search index equal to the pages of the output. */
export class SearchUpkeep {
  readonly #output: Output;
  readonly #pages: Pages;
  readonly #files: TierFiles;
  readonly #known = new Map<string, KnownPage>();

  constructor(output: Output, pages: Pages) {
    this.#output = output;
    this.#pages = pages;
    this.#files = new TierFiles(output.root);
  }

  /** What can be found on the pages as they are now. */
  state(): SearchState {
    const addresses = [...this.#pages.addresses].sort();
    for (const address of this.#known.keys()) if (!this.#pages.get(address)) this.#known.delete(address);
    return addresses.flatMap((address) => {
      const fingerprint = this.#pages.get(address)?.fingerprint ?? '';
      const known = this.#known.get(address);
      if (known?.fingerprint === fingerprint) return known.documents;
      const documents = documentsOf(address, this.#page(address)).map(({ url, date, print }) => ({ url, date, print }));
      this.#known.set(address, { fingerprint, documents });
      return documents;
    });
  }

  /** Makes the index equal to a state. `fold`: for good, not only in a hurry. Rejects with Pagefind's errors. */
  async index(state: SearchState, fold: boolean): Promise<boolean> {
    return this.#files.update(state, (facts) => this.#document(facts), fold);
  }

  #page(address: string): string {
    return new TextDecoder().decode(this.#output.read(fileOfPage(address)));
  }

  #document({ url, print }: DocumentFacts): SearchDocument | undefined {
    const address = url.replace(/#.*$/u, '');
    return documentsOf(address, this.#page(address)).find((document) => document.print === print);
  }
}

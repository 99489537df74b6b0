import { documentFacts, documentsOf, type DocumentFacts, type SearchDocument } from '../../search/index/documents.ts';
import { IndexFiles, type Indexing } from '../../search/index/index-files.ts';
import type { Journal, PageDocuments } from './journal.ts';
import { fileOfPage, type Output } from '../output/output.ts';
import type { Pages } from './pages.ts';
import { yieldEvery } from '../output/yield.ts';

export { KEEP_SUPERSEDED } from '../../search/index/index-files.ts';

/** The documents that the search index must hold. */
export type SearchState = readonly DocumentFacts[];

/** Keeps the search index up to date with the pages of the output. */
export class SearchUpdates {
  readonly #output: Output;
  readonly #pages: Pages;
  readonly #journal: Journal;
  readonly #files: IndexFiles;
  /** Search documents of pages, by address, as far as they were read; also in the journal. */
  readonly #known: Map<string, PageDocuments>;

  constructor(output: Output, pages: Pages, journal: Journal) {
    this.#output = output;
    this.#pages = pages;
    this.#journal = journal;
    this.#files = new IndexFiles(output.root);
    this.#known = journal.documents();
  }

  /** Returns the search documents of the current pages. Reads the pages that changed, and yields to the event loop. */
  async state(): Promise<SearchState> {
    const noted = new Map<string, PageDocuments | undefined>();
    for (const address of this.#known.keys()) if (!this.#pages.get(address)) noted.set(address, undefined);
    const yieldIfDue = yieldEvery();
    for (const address of [...this.#pages.addresses]) {
      const fingerprint = this.#pages.get(address)?.fingerprint;
      if (fingerprint === undefined || this.#known.get(address)?.fingerprint === fingerprint) continue;
      const documents = this.#documents(address)?.map((one) => documentFacts.parse(one));
      if (documents) noted.set(address, { fingerprint, documents });
      await yieldIfDue();
    }
    for (const [address, page] of noted) {
      if (page) this.#known.set(address, page);
      else this.#known.delete(address);
    }
    this.#journal.setDocuments(noted);
    return [...this.#known.values()].flatMap(({ documents }) => documents);
  }

  /** Makes the index equal to a state: see IndexFiles. */
  async index(state: SearchState, how: Indexing): Promise<boolean> {
    return this.#files.update(state, ({ url, print }) => this.#document(url, print), how);
  }

  /** Removes at once what the index files hold of some addresses: see IndexFiles. */
  async takeBack(isGone: (url: string) => boolean): Promise<void> {
    await this.#files.takeBack(isGone);
  }

  /** Makes the index smaller to download: see IndexFiles. */
  async compress(signal?: AbortSignal): Promise<void> {
    await this.#files.compress(signal);
  }

  /** @returns undefined if the page's file was removed from outside. */
  #documents(address: string): SearchDocument[] | undefined {
    const page = this.#output.read(fileOfPage(address));
    return page && documentsOf(address, new TextDecoder().decode(page));
  }

  #document(url: string, print: string): SearchDocument | undefined {
    return this.#documents(url.replace(/#.*$/u, ''))?.find((document) => document.print === print);
  }
}

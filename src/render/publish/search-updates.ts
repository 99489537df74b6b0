import { documentFacts, documentsOf, type DocumentFacts, type SearchDocument } from '../../search/index/documents.ts';
import { IndexFiles, type Indexing } from '../../search/index/index-files.ts';
import type { Journal, PageDocuments } from './journal.ts';
import { fileOfPage, type Output } from '../output/output.ts';
import type { Pages } from './pages.ts';
import { yieldEvery } from '../output/yield.ts';

export { KEEP_SUPERSEDED } from '../../search/index/index-files.ts';

/** The documents that the search index must contain. */
export type SearchState = readonly DocumentFacts[];

/** The search index of the output. Keeps it up to date with the pages. */
export class SearchUpdates {
  readonly #output: Output;
  readonly #pages: Pages;
  readonly #journal: Journal;
  readonly #files: IndexFiles;
  /** Search documents of pages, by URL path, as far as the pages were read; the journal stores the same. */
  readonly #known: Map<string, PageDocuments>;

  constructor(output: Output, pages: Pages, journal: Journal) {
    this.#output = output;
    this.#pages = pages;
    this.#journal = journal;
    this.#files = new IndexFiles(output.root);
    this.#known = journal.documents();
  }

  /**
   * Resolves to the search documents of all current pages. Reads only pages that changed since the last call, and
   * yields to the event loop.
   */
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

  /**
   * Updates the index to contain exactly the documents of a state. Resolves to whether the index changed. See
   * IndexFiles.update().
   */
  async index(state: SearchState, how: Indexing): Promise<boolean> {
    return this.#files.update(state, ({ url, print }) => this.#document(url, print), how);
  }

  /**
   * Removes everything that the index files contain about the documents whose URLs satisfy `isGone`. See
   * IndexFiles.takeBack().
   */
  async takeBack(isGone: (url: string) => boolean): Promise<void> {
    await this.#files.takeBack(isGone);
  }

  /** Compresses the index files for download. Rejects if the signal aborts. See IndexFiles.compress(). */
  async compress(signal?: AbortSignal): Promise<void> {
    await this.#files.compress(signal);
  }

  /**
   * Returns the search documents of a page; undefined if its file cannot be read, for example because another program
   * removed it.
   */
  #documents(address: string): SearchDocument[] | undefined {
    const page = this.#output.read(fileOfPage(address));
    return page && documentsOf(address, new TextDecoder().decode(page));
  }

  #document(url: string, print: string): SearchDocument | undefined {
    return this.#documents(url.replace(/#.*$/u, ''))?.find((document) => document.print === print);
  }
}

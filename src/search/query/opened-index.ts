// Runs in the browser.
import { SearchIndex } from './search-index.ts';

/** The index that a page searches: opened when it is first needed, and again when it has been replaced. */
export class OpenIndex {
  private opening: Promise<SearchIndex> | undefined;

  /** Opens the index unless it is open. Rejects if a part of it cannot be loaded; the next call tries again. */
  async open(): Promise<SearchIndex> {
    const opening = (this.opening ??= SearchIndex.open());
    try {
      const index = await opening;
      // The next call opens an index that may be complete.
      if (!index.whole) this.close();
      return index;
    } catch (error) {
      this.close();
      throw error;
    }
  }

  /** Forgets the index, so that the next call opens the current one. */
  close(): void {
    this.opening = undefined;
  }

  /**
   * Runs `work` with the index. If it fails with an index that was open already, because a part was removed since by a
   * withdrawal, runs it again with the current index. Rejects as `open` and `work` do.
   */
  async use<Result>(work: (index: SearchIndex) => Promise<Result>): Promise<Result> {
    const wasOpen = this.opening !== undefined;
    try {
      return await work(await this.open());
    } catch (error) {
      this.close();
      if (!wasOpen) throw error;
      return work(await this.open());
    }
  }
}

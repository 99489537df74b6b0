// Runs in the browser.
import { SearchIndex } from './search-index.ts';

/** The index that a page searches. It is opened when it is first needed, and again after `close` or a failure. */
export class OpenIndex {
  private opening: Promise<SearchIndex> | undefined;

  /**
   * Resolves to the index, and opens it unless it is open. Rejects if a part of the index cannot be loaded; the next
   * call then tries again.
   */
  async open(): Promise<SearchIndex> {
    const opening = (this.opening ??= SearchIndex.open());
    try {
      const index = await opening;
      // The index is incomplete. The next call opens it again, because it may be complete by then.
      if (!index.whole) this.close();
      return index;
    } catch (error) {
      this.close();
      throw error;
    }
  }

  /** Forgets the index, so that the next call of `open` opens the current one. */
  close(): void {
    this.opening = undefined;
  }

  /**
   * Runs `work` with the index and resolves to its result. If `work` fails with an index that was open before, it is
   * run again with the current index, because a withdrawal may have removed a part of the old one. Rejects as `open`
   * and `work` do.
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

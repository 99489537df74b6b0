// Runs in the browser.
import { SearchIndex } from './search-index.ts';

/** The index that a page searches: opened when it is first needed, and again where it is no longer what it was. */
export class OpenIndex {
  private opening: Promise<SearchIndex> | undefined;

  /** Opens it unless it is open. Rejects where a part of it cannot be loaded; the next call tries again. */
  async open(): Promise<SearchIndex> {
    const opening = (this.opening ??= SearchIndex.open());
    try {
      const index = await opening;
      // What it lacks will be in it the next time.
      if (!index.whole) this.close();
      return index;
    } catch (error) {
      this.close();
      throw error;
    }
  }

  /** Lets it be opened as it is by then. */
  close(): void {
    this.opening = undefined;
  }

  /**
   * Does something with the index; where a part is no longer there, because something was withdrawn since it was opened,
   * once more with the index as it is now. Rejects as `open` and `work` do.
   */
  async ask<Answer>(work: (index: SearchIndex) => Promise<Answer>): Promise<Answer> {
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

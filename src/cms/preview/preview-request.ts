import { errorOf, post, reach } from '../backend/desk-client.ts';

/** The HTML of a page, or a sentence that says why there is none. */
export type PreviewResult = { html: string } | { error: string };

/** Pause in typing, in milliseconds, after which a preview is requested. */
const PAUSE = 300;

async function fetchPage(path: string, raw: string): Promise<PreviewResult> {
  try {
    const response = await reach('/api/preview', post({ path, raw }));
    if (response.ok) return { html: await response.text() };
    return { error: errorOf(response.status, await response.json().catch(() => undefined)).message };
  } catch (error) {
    return { error: String(error) };
  }
}

/**
 * Requests previews after a pause in typing, one request at a time. While a request runs, only the latest text is kept
 * for the next one.
 */
export class PreviewRequests {
  readonly #onResult: (result: PreviewResult) => void;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #waiting: { path: string; raw: string } | undefined;
  #requested = '';
  #busy = false;

  constructor(onResult: (result: PreviewResult) => void) {
    this.#onResult = onResult;
  }

  /** Requests the page for the text of an entry's file, unless this text was the last one requested. */
  request(path: string, raw: string): void {
    if (this.#requested === raw) return;
    this.#requested = raw;
    this.#waiting = { path, raw };
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#run(), PAUSE);
  }

  /** Discards texts that were not requested yet. The result of a running request is still reported. */
  stop(): void {
    clearTimeout(this.#timer);
    this.#waiting = undefined;
  }

  async #run(): Promise<void> {
    if (this.#busy) return;
    this.#busy = true;
    while (this.#waiting) {
      const { path, raw } = this.#waiting;
      this.#waiting = undefined;
      const result = await fetchPage(path, raw);
      // Reports the page even if the text has changed since, unless the next request is about to start.
      if (!this.#waiting) this.#onResult(result);
    }
    this.#busy = false;
  }
}

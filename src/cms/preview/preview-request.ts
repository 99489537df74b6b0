import { errorOf, post, reach } from '../backend/desk-client.ts';

/** A page, or a sentence why there is none. */
export type PreviewResult = { html: string } | { error: string };

/** Pause in typing before a preview is requested, in milliseconds. */
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

/** Requests previews after a pause in typing: one at a time, next only the latest text. */
export class PreviewRequests {
  readonly #onResult: (result: PreviewResult) => void;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #waiting: { path: string; raw: string } | undefined;
  #requested = '';
  #busy = false;

  constructor(onResult: (result: PreviewResult) => void) {
    this.#onResult = onResult;
  }

  /** Requests the page for a file's text, unless it was the last text requested. */
  request(path: string, raw: string): void {
    if (this.#requested === raw) return;
    this.#requested = raw;
    this.#waiting = { path, raw };
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#run(), PAUSE);
  }

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
      // Shown even if the text has changed since, unless the next request is about to start.
      if (!this.#waiting) this.#onResult(result);
    }
    this.#busy = false;
  }
}

import { errorOf, post, reach } from '../backend/desk-client.ts';

/** What a preview answers: a page, or a sentence why there is none. */
export type PreviewResult = { html: string } | { error: string };

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

/** Asks for previews after a pause in typing: one at a time, and only the latest is asked for next. */
export class PreviewRequests {
  readonly #answer: (answer: PreviewResult) => void;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #waiting: { path: string; raw: string } | undefined;
  #asked = '';
  #busy = false;

  constructor(answer: (answer: PreviewResult) => void) {
    this.#answer = answer;
  }

  /** Asks for the page of a file's text; the same text is not asked for again. */
  ask(path: string, raw: string): void {
    if (this.#asked === raw) return;
    this.#asked = raw;
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
      const answer = await fetchPage(path, raw);
      // An answer that is already out of date is still news to look at, unless the next is about to come.
      if (!this.#waiting) this.#answer(answer);
    }
    this.#busy = false;
  }
}

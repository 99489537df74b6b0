import { Refusal } from '../domain/refusal.ts';
import { OriginalsTrouble } from './originals-trouble.ts';
import type { Originals } from './originals.ts';

/** For how long the result of a check is used, in milliseconds: /healthz is public, and a check asks the server. */
const FRESH = 60_000;

/** Knows whether the place of the originals works. */
export class OriginalsWatch {
  readonly #originals: Originals;
  readonly #onTrouble: (error: unknown) => void;
  #checking: Promise<void> | undefined;
  #checkedAt = -Infinity;
  #trouble: Refusal | undefined;

  /** `onTrouble` receives each new trouble. */
  constructor(originals: Originals, onTrouble: (error: unknown) => void) {
    this.#originals = originals;
    this.#onTrouble = onTrouble;
  }

  /** Returns what is wrong, in a sentence; undefined if nothing is. Checks at most once a minute. */
  async sentence(): Promise<string | undefined> {
    await this.#check();
    return this.#trouble?.message;
  }

  /** @throws OriginalsTrouble if strangers can see the place, or it keeps what is deleted: nothing is stored there. */
  async requirePrivate(): Promise<void> {
    await this.#check();
    const trouble = this.#trouble;
    if (trouble instanceof OriginalsTrouble && (trouble.kind === 'public' || trouble.kind === 'versioned'))
      throw trouble;
  }

  async #check(): Promise<void> {
    if (performance.now() - this.#checkedAt < FRESH) return;
    this.#checking ??= this.#ask().finally(() => (this.#checking = undefined));
    return this.#checking;
  }

  async #ask(): Promise<void> {
    const before = this.#trouble?.message;
    this.#trouble = await this.#originals.ready().then(
      () => undefined,
      (error: unknown) => {
        if (error instanceof Refusal) return error;
        throw error;
      },
    );
    this.#checkedAt = performance.now();
    if (this.#trouble && this.#trouble.message !== before) this.#onTrouble(this.#trouble);
  }
}

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
  #checkedAt: number | undefined;
  #trouble: Refusal | undefined;

  /** `onTrouble` receives each new trouble. */
  constructor(originals: Originals, onTrouble: (error: unknown) => void) {
    this.#originals = originals;
    this.#onTrouble = onTrouble;
  }

  /** What is wrong according to the last check, in a sentence; undefined: nothing, or it was not checked yet. */
  get sentence(): string | undefined {
    void this.#refresh();
    return this.#trouble?.message;
  }

  /** Waits for the first check, which may take minutes if a server does not answer. */
  async checked(): Promise<void> {
    const running = this.#refresh();
    if (this.#checkedAt === undefined) await running;
  }

  /** @throws OriginalsTrouble if strangers can see the place, or it keeps what is deleted: nothing is stored there. */
  async requirePrivate(): Promise<void> {
    await this.checked();
    const trouble = this.#trouble;
    if (trouble instanceof OriginalsTrouble && (trouble.kind === 'public' || trouble.kind === 'versioned'))
      throw trouble;
  }

  /** Starts a check unless one is running or was made less than a minute ago. */
  async #refresh(): Promise<void> {
    if (this.#checkedAt !== undefined && performance.now() - this.#checkedAt < FRESH) return;
    this.#checking ??= this.#ask().finally(() => (this.#checking = undefined));
    return this.#checking;
  }

  async #ask(): Promise<void> {
    const before = this.#trouble?.message;
    this.#trouble = await this.#originals.ready().then(
      () => undefined,
      (error: unknown) => (error instanceof Refusal ? error : new OriginalsTrouble('broken', error)),
    );
    this.#checkedAt = performance.now();
    if (this.#trouble && this.#trouble.message !== before) this.#onTrouble(this.#trouble);
  }
}

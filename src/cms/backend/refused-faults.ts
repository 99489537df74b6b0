import type { Fault } from '../../model/fault.ts';

/** Shows the faults of an entry; an empty list removes them. */
type Listener = (faults: readonly Fault[]) => void;

/** The faults for which the desk refused a decision, passed on to the form of the entry if that form is open. */
class RefusedFaults {
  /** The forms that are open, by collection/slug of their entries. */
  readonly #forms = new Map<string, Listener>();
  #isListed = false;

  /** Whether a form lists the faults of the latest refusal. */
  get isListed(): boolean {
    return this.#isListed;
  }

  /** Passes the faults of entry `key` (collection/slug) on to its form. A refusal without faults changes nothing. */
  record(key: string, faults: readonly Fault[]): void {
    const form = faults.length > 0 ? this.#forms.get(key) : undefined;
    this.#isListed = form !== undefined;
    form?.(faults);
  }

  /** Removes the faults of entry `key` from its form: the desk has accepted a decision. */
  settle(key: string): void {
    this.#isListed = false;
    this.#forms.get(key)?.([]);
  }

  /** Lets a form list the faults of entry `key` from now on. Returns a function that ends it. */
  listen(key: string, form: Listener): () => void {
    this.#forms.set(key, form);
    return () => {
      if (this.#forms.get(key) === form) this.#forms.delete(key);
    };
  }
}

export const refusedFaults = new RefusedFaults();

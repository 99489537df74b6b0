import type { Fault } from '../../model/fault.ts';

/** The faults for which the desk refused a decision on an entry, and the data of the form at that time. */
export interface Refusal {
  faults: readonly Fault[];
  data: unknown;
}

/** A form that lists refusals of its entry. */
export interface RefusalForm {
  /** Returns the data that is now in the form. */
  data(): unknown;
  /** Shows a refusal; undefined removes the earlier one. */
  show(refusal: Refusal | undefined): void;
}

/**
 * The faults for which the desk refused decisions, for the forms of the entries. An entry is named by collection/slug.
 * The faults are kept until the desk accepts a decision, so that a form that is opened again lists them again.
 */
class RefusedFaults {
  readonly #forms = new Map<string, RefusalForm>();
  readonly #refusals = new Map<string, Refusal>();
  #listed: unknown;

  /** Returns whether a form lists the faults of an error, so that no other message about the error is needed. */
  lists(error: unknown): boolean {
    return error !== undefined && error === this.#listed;
  }

  /** Keeps and shows the faults for which the desk refused a decision, if the form of the entry is open. */
  record(key: string, error: { faults: readonly Fault[] }): void {
    const { faults } = error;
    const form = this.#forms.get(key);
    if (!form || faults.length === 0) return;
    this.#listed = error;
    const refusal = { faults, data: form.data() };
    this.#refusals.set(key, refusal);
    form.show(refusal);
  }

  /** Removes the faults of an entry: the desk has accepted a decision. */
  settle(key: string): void {
    this.#refusals.delete(key);
    this.#forms.get(key)?.show(undefined);
  }

  /** Removes one fault of an entry: somebody has closed its line. Returns what is left. */
  close(key: string, closed: Fault): Refusal | undefined {
    const refusal = this.#refusals.get(key);
    if (!refusal) return undefined;
    const left = { ...refusal, faults: refusal.faults.filter((fault) => fault !== closed) };
    this.#refusals.set(key, left);
    return left;
  }

  /** Returns the latest refusal of an entry; undefined if there is none, or if the desk has accepted a decision since. */
  of(key: string): Refusal | undefined {
    return this.#refusals.get(key);
  }

  /** Lets a form list the refusals of an entry from now on. Returns a function that ends it. */
  listen(key: string, form: RefusalForm): () => void {
    this.#forms.set(key, form);
    return () => {
      if (this.#forms.get(key) === form) this.#forms.delete(key);
    };
  }
}

export const refusedFaults = new RefusedFaults();

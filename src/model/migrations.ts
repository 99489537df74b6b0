// Runs in browser and Node: pure.

/** One step of the model: converts entries written by version `from` into entries of the next version. */
export interface Migration {
  /** The version that the step starts from; the first is 1. */
  from: number;
  /** What the step does, one sentence in Chinese for the history. */
  what: string;
  /**
   * Returns the new text of an entry's file. Called for every entry, published or half-written; returns texts that the
   * step does not concern unchanged.
   */
  change(path: string, text: string): string;
}

/** Every step so far, in order. When the model changes so that written entries no longer fit, add a step. */
export const migrations: readonly Migration[] = [];

/**
 * Returns the version of the model after some steps.
 *
 * @throws Error if a step is missing or out of order.
 */
export function versionAfter(steps: readonly Migration[]): number {
  steps.forEach(({ from }, index) => {
    if (from !== index + 1) throw new Error(`Migration ${index + 1} begins with version ${from}.`);
  });
  return steps.length + 1;
}

/** The version of the model that this code writes. */
export const MODEL_VERSION = versionAfter(migrations);

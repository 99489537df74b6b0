// Runs in browser and Node: pure.

/** One step of the model: how entries that were written by version `from` become those of the next. */
export interface Migration {
  /** The version it begins with; the first is 1. */
  from: number;
  /** What it does, one sentence in Chinese: it stands in the history. */
  what: string;
  /**
   * The new text of an entry's file. It is given every entry, published or half-written, and answers a text that it has
   * nothing to do with as it is.
   */
  change(path: string, text: string): string;
}

/** Every step there has been, in order. To change the model so that what is written no longer fits: add one. */
export const migrations: readonly Migration[] = [];

/** The version of the model after some steps. Throws where one is missing or out of order. */
export function versionAfter(steps: readonly Migration[]): number {
  steps.forEach(({ from }, index) => {
    if (from !== index + 1) throw new Error(`Migration ${index + 1} begins with version ${from}.`);
  });
  return steps.length + 1;
}

/** The version of the model that this code writes. */
export const MODEL_VERSION = versionAfter(migrations);

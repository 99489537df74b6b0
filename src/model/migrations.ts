// Runs in browser and Node: pure.

/**
 * A migration of the content model: converts entries written by version `from` of the model into entries of the next
 * version.
 */
export interface Migration {
  /** The version of the model before this migration. The first version is 1. */
  from: number;
  /** One Chinese sentence that says what the migration does, for the version history. */
  what: string;
  /**
   * Returns the new text of an entry's file. It is called for every entry, published or unpublished, and returns the
   * text unchanged if the migration does not concern the entry.
   */
  change(path: string, text: string): string;
}

/**
 * All migrations, in order. Add a migration when the model changes in such a way that existing entries no longer fit.
 */
export const migrations: readonly Migration[] = [];

/**
 * Returns the version of the model after some migrations. `steps` are the migrations, starting from version 1.
 *
 * @throws Error if a migration is missing or out of order.
 */
export function versionAfter(steps: readonly Migration[]): number {
  steps.forEach(({ from }, index) => {
    if (from !== index + 1) throw new Error(`Migration ${index + 1} begins with version ${from}.`);
  });
  return steps.length + 1;
}

/** Version of the model in which this code writes entries. */
export const MODEL_VERSION = versionAfter(migrations);

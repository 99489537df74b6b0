/** Steps that are all made, whatever becomes of the others. */
export class Attempts {
  readonly #failures: Error[] = [];

  /** Makes a step; answers false where it failed. */
  async make(step: () => unknown): Promise<boolean> {
    try {
      await step();
      return true;
    } catch (error) {
      this.#failures.push(error instanceof Error ? error : new Error(String(error)));
      return false;
    }
  }

  /** Throws what has failed, all of it; nothing where nothing has. */
  settle(): void {
    const [first, ...more] = this.#failures;
    if (first === undefined) return;
    if (more.length === 0) throw first;
    throw new AggregateError(this.#failures, this.#failures.map(({ message }) => message).join('\n'));
  }
}

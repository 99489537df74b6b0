/** Runs steps that must all be tried, even if others fail. */
export class Attempts {
  readonly #failures: Error[] = [];

  /** Runs a step; returns false if it failed. */
  async make(step: () => unknown): Promise<boolean> {
    try {
      await step();
      return true;
    } catch (error) {
      this.#failures.push(error instanceof Error ? error : new Error(String(error)));
      return false;
    }
  }

  /** @throws the only error of the failed steps, or an AggregateError of several. */
  settle(): void {
    const [first, ...more] = this.#failures;
    if (first === undefined) return;
    if (more.length === 0) throw first;
    throw new AggregateError(this.#failures, this.#failures.map(({ message }) => message).join('\n'));
  }
}

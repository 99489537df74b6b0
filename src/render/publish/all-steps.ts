/** A runner for steps that must all be tried, even if some of them fail. Collects the errors. */
export class Attempts {
  readonly #failures: Error[] = [];

  /** Runs a step. Resolves to true if it succeeded and to false if it failed. */
  async make(step: () => unknown): Promise<boolean> {
    try {
      await step();
      return true;
    } catch (error) {
      this.#failures.push(error instanceof Error ? error : new Error(String(error)));
      return false;
    }
  }

  /** Throws if any step has failed. @throws the error of the failed step, or an AggregateError if several failed. */
  settle(): void {
    const [first, ...more] = this.#failures;
    if (first === undefined) return;
    if (more.length === 0) throw first;
    throw new AggregateError(this.#failures, this.#failures.map(({ message }) => message).join('\n'));
  }
}

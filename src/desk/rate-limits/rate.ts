import { RateLimiterMemory, RateLimiterRes, type IRateLimiterOptions } from 'rate-limiter-flexible';

/** Counts events by key: at most `points` events are allowed within `duration` seconds after the first. */
export class RateLimit {
  readonly #limiter: RateLimiterMemory;

  constructor(options: Required<Pick<IRateLimiterOptions, 'points' | 'duration'>>) {
    this.#limiter = new RateLimiterMemory(options);
  }

  /** Counts an event. Resolves to the seconds to wait if there were too many events, otherwise to undefined. */
  async count(key: string): Promise<number | undefined> {
    try {
      await this.#limiter.consume(key);
      return undefined;
    } catch (refused) {
      if (refused instanceof RateLimiterRes) return Math.max(1, Math.ceil(refused.msBeforeNext / 1000));
      throw refused;
    }
  }

  /** Takes back one counted event. */
  async giveBack(key: string): Promise<void> {
    await this.#limiter.reward(key);
  }

  /** Deletes the count of a key. */
  async forget(key: string): Promise<void> {
    await this.#limiter.delete(key);
  }
}

import { RateLimiterMemory, RateLimiterRes, type IRateLimiterOptions } from 'rate-limiter-flexible';

/** Counts something by keys; it is over when a key has `points` within `duration` seconds of its first. */
export class RateLimit {
  readonly #limiter: RateLimiterMemory;

  constructor(options: Required<Pick<IRateLimiterOptions, 'points' | 'duration'>>) {
    this.#limiter = new RateLimiterMemory(options);
  }

  /** Counts one; answers the seconds until the next would be let through where there were too many, else undefined. */
  async count(key: string): Promise<number | undefined> {
    try {
      await this.#limiter.consume(key);
      return undefined;
    } catch (refused) {
      if (refused instanceof RateLimiterRes) return Math.max(1, Math.ceil(refused.msBeforeNext / 1000));
      throw refused;
    }
  }

  /** Gives one back. */
  async giveBack(key: string): Promise<void> {
    await this.#limiter.reward(key);
  }

  /** Forgets what was counted of a key. */
  async forget(key: string): Promise<void> {
    await this.#limiter.delete(key);
  }
}

import { TooManyRequests } from '../domain/refusal.ts';
import { addressGroup } from './address-group.ts';
import { RateLimit } from './rate.ts';

/**
 * Number of requests without a session that are allowed per address and minute. A whole union may share one address.
 */
const MOST_A_MINUTE = 600;

declare module 'fastify' {
  interface FastifyInstance {
    /** The limiter for requests without a session. */
    strangers: AnonymousLimiter;
  }
}

/** Limits requests without a session: refusing one costs little, but a flood of them would overload the desk. */
export class AnonymousLimiter {
  readonly #requests = new RateLimit({ points: MOST_A_MINUTE, duration: 60 });

  /** Counts a request. @throws TooManyRequests if there were too many from its address in this minute. */
  async admit(address: string): Promise<void> {
    const seconds = await this.#requests.count(addressGroup(address));
    if (seconds !== undefined) throw new TooManyRequests(seconds, `请求太多，没有处理。请 ${seconds} 秒后再试。`);
  }
}

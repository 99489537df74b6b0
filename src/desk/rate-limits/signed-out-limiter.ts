import { TooManyRequests } from '../domain/refusal.ts';
import { addressGroup } from './address-group.ts';
import { RateLimit } from './rate.ts';

/** How many requests without a session the desk answers per address and minute; a whole union may share an address. */
const MOST_A_MINUTE = 600;

declare module 'fastify' {
  interface FastifyInstance {
    /** Limits requests without a session. */
    strangers: AnonymousLimiter;
  }
}

/** Limits requests without a session: one is cheap to refuse, a flood of them is not. */
export class AnonymousLimiter {
  readonly #requests = new RateLimit({ points: MOST_A_MINUTE, duration: 60 });

  /** Counts a request. @throws TooManyRequests after too many from its address. */
  async admit(address: string): Promise<void> {
    const seconds = await this.#requests.count(addressGroup(address));
    if (seconds !== undefined) throw new TooManyRequests(seconds, `请求太多，没有处理。请 ${seconds} 秒后再试。`);
  }
}

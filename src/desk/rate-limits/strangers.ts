import { TooManyRequests } from '../domain/refusal.ts';
import { addressGroup } from './address-group.ts';
import { RateLimit } from './rate.ts';

/** Requests without a session that the desk takes from one address in a minute; a whole union may share an address. */
const MOST_A_MINUTE = 600;

declare module 'fastify' {
  interface FastifyInstance {
    /** The limit on requests of those who are not signed in. */
    strangers: AnonymousLimiter;
  }
}

/** Limits what is asked of the desk without a session: each request is cheap to refuse, and so many are not. */
export class AnonymousLimiter {
  readonly #requests = new RateLimit({ points: MOST_A_MINUTE, duration: 60 });

  /** Counts a request. @throws TooManyRequests where there were too many from its address. */
  async admit(address: string): Promise<void> {
    const seconds = await this.#requests.count(addressGroup(address));
    if (seconds !== undefined) throw new TooManyRequests(seconds, `请求太多，没有处理。请 ${seconds} 秒后再试。`);
  }
}

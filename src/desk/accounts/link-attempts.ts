import { addressGroup } from '../rate-limits/address-group.ts';
import { RateLimit } from '../rate-limits/rate.ts';
import { TooManyRequests } from '../domain/refusal.ts';
import { hashOfToken } from './tokens.ts';

/** How long an attempt counts, in seconds. */
const WINDOW = 15 * 60;
/** Forms that may be sent with one link and from one address: each costs judging and hashing a password. */
const MOST_BY_LINK = 20;
const MOST_BY_ADDRESS = 100;

/** Limits the forms sent with a link: invitations, new passwords, the first administrator. */
export class LinkAttempts {
  readonly #links = new RateLimit({ points: MOST_BY_LINK, duration: WINDOW });
  readonly #addresses = new RateLimit({ points: MOST_BY_ADDRESS, duration: WINDOW });

  /** Counts an attempt; called before anything else is done with it. @throws TooManyRequests after too many. */
  async admit(token: string, address: string): Promise<void> {
    const seconds =
      (await this.#addresses.count(addressGroup(address))) ?? (await this.#links.count(hashOfToken(token)));
    if (seconds === undefined) return;
    throw new TooManyRequests(seconds, `试的次数太多，请 ${Math.ceil(seconds / 60)} 分钟后再试。`);
  }
}

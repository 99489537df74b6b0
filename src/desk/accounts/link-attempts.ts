import { addressGroup } from '../rate-limits/address-group.ts';
import { RateLimit } from '../rate-limits/rate.ts';
import { TooManyRequests } from '../domain/refusal.ts';
import { hashOfToken } from './tokens.ts';

/** Length of a counting period, in seconds: 15 minutes. A period starts with the first attempt. */
const WINDOW = 15 * 60;
/**
 * Most forms that are sent with one link in a period. Checking and hashing the password of a form takes about 0.2 s of
 * CPU time.
 */
const MOST_BY_LINK = 20;
/** Most forms that are sent from one IPv4 address or one IPv6 network (addressGroup) in a period. */
const MOST_BY_ADDRESS = 100;

/**
 * The limits on forms that are sent with a one-time link: for an invitation, a new password or the first administrator.
 */
export class LinkAttempts {
  readonly #links = new RateLimit({ points: MOST_BY_LINK, duration: WINDOW });
  readonly #addresses = new RateLimit({ points: MOST_BY_ADDRESS, duration: WINDOW });

  /**
   * Counts an attempt. To be called before the form is processed in any other way.
   * @throws TooManyRequests 429 after too many attempts with this token or from this address.
   */
  async admit(token: string, address: string): Promise<void> {
    const seconds =
      (await this.#addresses.count(addressGroup(address))) ?? (await this.#links.count(hashOfToken(token)));
    if (seconds === undefined) return;
    throw new TooManyRequests(seconds, `试的次数太多，请 ${Math.ceil(seconds / 60)} 分钟后再试。`);
  }
}

import { addressGroup } from './address-group.ts';
import { RateLimit } from './rate.ts';
import { TooManyRequests } from '../domain/refusal.ts';

/** How long a failure counts, in seconds. */
const WINDOW = 15 * 60;
const DAY = 24 * 3600;
/** Number of attempts from one address that are processed at the same time. */
const MOST_AT_ONCE = 6;

/** The client of an attempt to sign in. */
export interface SignInClient {
  address: string;
  /** Id of the browser, if the account has signed in with that browser before. */
  device: string | undefined;
}

/** The refusal after too many failed attempts. Its text says what to do for people who cannot wait. */
class TooManyAttempts extends TooManyRequests {
  constructor(seconds: number) {
    const minutes = Math.ceil(seconds / 60);
    const wait = minutes < 120 ? `${minutes} 分钟` : `${Math.ceil(minutes / 60)} 小时`;
    super(
      seconds,
      `试错的次数太多，请 ${wait}后再试，或用以前登录过的电脑。急用的话，请管理员给您发一条重设密码的链接。`,
    );
  }
}

/**
 * Limits failed sign-ins: only few passwords can be tried and only few hashes are computed, but no stranger can lock an
 * editor out. The limits and their reasons:
 *
 * - 10 failures in 15 minutes for a login together with an address. This locks the attacker out, not the owner, who has
 *   another address.
 * - 100 failures a day for a login, from all addresses together. So even many addresses can try only 36,500 passwords a
 *   year, and a password withstands ten million guesses (`password-policy.ts`). A stranger can use up this limit; the
 *   next limit is for that case.
 * - 10 failures in 15 minutes for a browser in which the owner has signed in before. No other limit applies to such a
 *   browser (OWASP, “device cookies”). So editors can sign in whatever strangers try, from one address (a union behind
 *   a NAT) or from many. Only in a new browser an editor has to wait, or needs a link for a new password.
 * - 100 failures in 15 minutes for an address, with all logins. So one machine cannot make the desk compute hashes
 *   without limit. Colleagues with the same address sign in with known browsers. For IPv6 the network is counted
 *   instead of the address, because a client has as many addresses as it wants.
 * - 6 attempts at the same time from an address. For all addresses together see `password-work.ts`.
 *
 * An attempt is counted before it is processed, and the count is taken back if the attempt succeeds. Otherwise a
 * hundred simultaneous attempts would all be processed before the first has failed. An unknown login is counted like a
 * known one: both cost one hash, and neither the response nor its time shows which logins exist.
 */
export class SignInLimiter {
  readonly #pairs = new RateLimit({ points: 10, duration: WINDOW });
  readonly #logins = new RateLimit({ points: 100, duration: DAY });
  readonly #devices = new RateLimit({ points: 10, duration: WINDOW });
  readonly #addresses = new RateLimit({ points: 100, duration: WINDOW });
  readonly #running = new Map<string, number>();
  /**
   * How many times the failures of a login were reset. The number is part of the key that counts login and address
   * together.
   */
  readonly #resets = new Map<string, number>();

  /** Runs an attempt. @throws TooManyAttempts if there were too many failures, and any error of the attempt. */
  async run<Result>(login: string, client: SignInClient, attempt: () => Promise<Result>): Promise<Result> {
    const { device } = client;
    if (device !== undefined) return this.#counted([[this.#devices, device]], attempt);
    const address = addressGroup(client.address);
    const pair = `${login} ${this.#resets.get(login) ?? 0} ${address}`;
    const rates = [
      [this.#pairs, pair],
      [this.#addresses, address],
      [this.#logins, login],
    ] as const;
    return this.#counted(rates, async () => this.#oneOfFew(address, attempt));
  }

  /**
   * Runs an attempt of an editor who is signed in: only that editor's failures in a session count. Throws like `run`.
   */
  async runSignedIn<Result>(login: string, attempt: () => Promise<Result>): Promise<Result> {
    return this.#counted([[this.#devices, `session of ${login}`]], attempt);
  }

  /** Resets the failures of a login that has got a new password. */
  async forgive(login: string): Promise<void> {
    this.#resets.set(login, (this.#resets.get(login) ?? 0) + 1);
    await this.#logins.forget(login);
  }

  /** Runs an attempt. @throws TooManyAttempts if too many attempts from the same address are running. */
  async #oneOfFew<Result>(address: string, attempt: () => Promise<Result>): Promise<Result> {
    const running = this.#running.get(address) ?? 0;
    if (running >= MOST_AT_ONCE) throw new TooManyAttempts(1);
    this.#running.set(address, running + 1);
    try {
      return await attempt();
    } finally {
      const left = (this.#running.get(address) ?? 1) - 1;
      if (left > 0) this.#running.set(address, left);
      else this.#running.delete(address);
    }
  }

  /**
   * Runs an attempt. It is counted by several limits before it starts; if it succeeds, this count is taken back.
   * @throws TooManyAttempts if one of the limits is reached.
   */
  async #counted<Result>(
    rates: readonly (readonly [rate: RateLimit, key: string])[],
    attempt: () => Promise<Result>,
  ): Promise<Result> {
    for (const [rate, key] of rates) {
      const seconds = await rate.count(key);
      if (seconds !== undefined) throw new TooManyAttempts(seconds);
    }
    const result = await attempt();
    for (const [rate, key] of rates) await rate.giveBack(key);
    return result;
  }
}

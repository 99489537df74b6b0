import { addressGroup } from './address-group.ts';
import { RateLimit } from './rate.ts';
import { TooManyRequests } from '../domain/refusal.ts';

/** How long failures count, in seconds. */
const WINDOW = 15 * 60;
const DAY = 24 * 3600;
/** How many attempts from one address are processed at once. */
const MOST_AT_ONCE = 6;

/** The origin of an attempt to sign in. */
export interface SignInClient {
  address: string;
  /** Id of the browser if the account has signed in there before. */
  device: string | undefined;
}

/** A refusal after too many failed attempts; its sentence says what to do if waiting is no option. */
export class TooManyAttempts extends TooManyRequests {
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
 * Limits failed sign-ins, so that few passwords can be tried and few hashes are computed, and still no stranger can
 * lock an editor out. What is counted, and why:
 *
 * - Login and address together, 10 in 15 minutes: locks the attacker, not the owner, who has another address.
 * - A login from all addresses, 100 a day: many addresses together try 36,500 passwords a year, and a password
 *   withstands ten million guesses (`password-policy.ts`). A stranger can use up this limit; therefore
 * - a browser in which the owner has signed in before has a separate limit, 10 in 15 minutes, and no other limit
 *   applies to it (OWASP, “device cookies”). Editors get in whatever strangers try, from one address (a union behind a
 *   NAT) or many; only a new browser has to wait, or becomes known by a link for a new password.
 * - An address, 100 in 15 minutes for all logins: one machine cannot make the desk hash without end. Colleagues behind
 *   the same address use known browsers. For IPv6 the network counts, because a client has as many addresses as it
 *   wants.
 * - An address, 6 at once; for all addresses together see `password-work.ts`.
 *
 * An attempt is counted before it is processed and taken back when it succeeds: otherwise a hundred at once would all
 * be processed before the first has failed. An unknown login is counted like a known one: both cost one hash, and
 * neither response nor time tells them apart.
 */
export class SignInLimiter {
  readonly #pairs = new RateLimit({ points: 10, duration: WINDOW });
  readonly #logins = new RateLimit({ points: 100, duration: DAY });
  readonly #devices = new RateLimit({ points: 10, duration: WINDOW });
  readonly #addresses = new RateLimit({ points: 100, duration: WINDOW });
  readonly #running = new Map<string, number>();
  /** How often the failures of a login were reset; part of the key that counts login and address together. */
  readonly #resets = new Map<string, number>();

  /** Runs an attempt. @throws TooManyAttempts after too many, and whatever the attempt throws. */
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

  /** Runs an attempt of an editor who is signed in: only the editor's own failures count. */
  async runSignedIn<Result>(login: string, attempt: () => Promise<Result>): Promise<Result> {
    return this.#counted([[this.#devices, `session of ${login}`]], attempt);
  }

  /** Resets the failures of a login that has a new password. */
  async forgive(login: string): Promise<void> {
    this.#resets.set(login, (this.#resets.get(login) ?? 0) + 1);
    await this.#logins.forget(login);
  }

  /** Runs an attempt unless too many from its address are running. */
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

  /** Runs an attempt that counts against some limits unless it succeeds. */
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

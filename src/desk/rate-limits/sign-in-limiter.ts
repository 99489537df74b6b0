import { addressGroup } from './address-group.ts';
import { RateLimit } from './rate.ts';
import { TooManyRequests } from '../domain/refusal.ts';

/** How long failures count, in seconds. */
const WINDOW = 15 * 60;
const DAY = 24 * 3600;
/** Attempts of one address that are judged at the same moment. */
const MOST_AT_ONCE = 6;

/** Where an attempt to sign in comes from. */
export interface SignInClient {
  address: string;
  /** Names the browser, where the account has signed in there before. */
  device: string | undefined;
}

/** A refusal for a while, with what to do for whoever cannot wait. */
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
 * Counts failed sign-ins, so that few passwords can be tried and little is hashed, and yet no stranger can lock
 * somebody out. What is counted, and why:
 *
 * - A login from one address, 10 in 15 minutes: locks the guesser, not the owner, who comes from elsewhere.
 * - A login from all addresses, 100 a day: many addresses together try 36,500 passwords a year, where a password
 *   outlasts ten million (`passwords.ts`). This one a stranger can use up; therefore
 * - a browser in which the owner has signed in before has 10 in 15 minutes of its own, and nothing else counts for it
 *   (OWASP, “device cookies”). So whoever works here gets in whatever strangers try, behind one address (a union
 *   behind a NAT) or many; only a new browser has to wait, or a link for a new password makes it known.
 * - An address, 100 in 15 minutes whatever the login: one machine cannot make the desk hash without end. Colleagues
 *   behind the same address are known browsers. Of an IPv6 address its network counts: it has as many as it wants.
 * - An address, 6 at the same moment; all together, see `password-work.ts`.
 *
 * An attempt is counted before it is judged and given back when it succeeds, so that a hundred at once are not all
 * judged before the first has failed. A login that there is not is counted like one that there is: both cost one hash,
 * and neither answer nor time tells them apart.
 */
export class SignInLimiter {
  readonly #pairs = new RateLimit({ points: 10, duration: WINDOW });
  readonly #logins = new RateLimit({ points: 100, duration: DAY });
  readonly #devices = new RateLimit({ points: 10, duration: WINDOW });
  readonly #addresses = new RateLimit({ points: 100, duration: WINDOW });
  readonly #underWay = new Map<string, number>();
  /** How often the failures of a login were forgotten: those of each address are counted under it. */
  readonly #forgiven = new Map<string, number>();

  /** Runs one attempt. @throws TooManyAttempts where there were too many; passes on what the attempt throws. */
  async run<Answer>(login: string, whence: SignInClient, attempt: () => Promise<Answer>): Promise<Answer> {
    const { device } = whence;
    if (device !== undefined) return this.#counted([[this.#devices, device]], attempt);
    const address = addressGroup(whence.address);
    const pair = `${login} ${this.#forgiven.get(login) ?? 0} ${address}`;
    const rates = [
      [this.#pairs, pair],
      [this.#addresses, address],
      [this.#logins, login],
    ] as const;
    return this.#counted(rates, async () => this.#oneOfFew(address, attempt));
  }

  /** Runs one attempt of somebody who is signed in already: only his or her own count. */
  async runSignedIn<Answer>(login: string, attempt: () => Promise<Answer>): Promise<Answer> {
    return this.#counted([[this.#devices, `session of ${login}`]], attempt);
  }

  /** Forgets the failures of an account, which has a new password. */
  async forgive(login: string): Promise<void> {
    this.#forgiven.set(login, (this.#forgiven.get(login) ?? 0) + 1);
    await this.#logins.forget(login);
  }

  /** Runs an attempt unless others from its address are under way. */
  async #oneOfFew<Answer>(address: string, attempt: () => Promise<Answer>): Promise<Answer> {
    const running = this.#underWay.get(address) ?? 0;
    if (running >= MOST_AT_ONCE) throw new TooManyAttempts(1);
    this.#underWay.set(address, running + 1);
    try {
      return await attempt();
    } finally {
      const left = (this.#underWay.get(address) ?? 1) - 1;
      if (left > 0) this.#underWay.set(address, left);
      else this.#underWay.delete(address);
    }
  }

  async #counted<Answer>(
    rates: readonly (readonly [rate: RateLimit, key: string])[],
    attempt: () => Promise<Answer>,
  ): Promise<Answer> {
    for (const [rate, key] of rates) {
      const seconds = await rate.count(key);
      if (seconds !== undefined) throw new TooManyAttempts(seconds);
    }
    const answer = await attempt();
    for (const [rate, key] of rates) await rate.giveBack(key);
    return answer;
  }
}

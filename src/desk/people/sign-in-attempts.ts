import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import { Refusal } from '../refusal.ts';

/** How long failures count, in seconds. */
const WINDOW = 15 * 60;
/** Failures that an account and an address may have in that time; several people may share one address. */
const MOST_BY_ACCOUNT = 10;
const MOST_BY_ADDRESS = 50;

/** A refusal for a while; `seconds` until it is worth while to try again. */
export class TooManyAttempts extends Refusal {
  readonly seconds: number;

  constructor(seconds: number) {
    const minutes = Math.ceil(seconds / 60);
    super(429, `试错的次数太多，请 ${minutes} 分钟后再试。急用的话，请管理员给您发一条重设密码的链接。`);
    this.seconds = seconds;
  }
}

/**
 * Counts failed sign-ins by account and by address. An attempt is counted before it is judged and given back when it
 * succeeds, so that a hundred at once are not all judged before the first has failed.
 */
export class SignInAttempts {
  readonly #accounts = new RateLimiterMemory({ points: MOST_BY_ACCOUNT, duration: WINDOW });
  readonly #addresses = new RateLimiterMemory({ points: MOST_BY_ADDRESS, duration: WINDOW });

  /** Runs one attempt. Throws TooManyAttempts where there were too many before; passes on what the attempt throws. */
  async run<Answer>(login: string, address: string, attempt: () => Promise<Answer>): Promise<Answer> {
    try {
      await this.#addresses.consume(address);
      await this.#accounts.consume(login);
    } catch (refused) {
      if (!(refused instanceof RateLimiterRes)) throw refused;
      throw new TooManyAttempts(Math.ceil(refused.msBeforeNext / 1000));
    }
    const answer = await attempt();
    await this.#addresses.reward(address);
    await this.forgive(login);
    return answer;
  }

  /** Forgets the failures of an account, which has a new password. */
  async forgive(login: string): Promise<void> {
    await this.#accounts.delete(login);
  }
}

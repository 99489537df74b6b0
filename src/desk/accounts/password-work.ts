import { hashPassword, verifyPassword } from 'better-auth/crypto';
import pLimit from 'p-limit';
import { TooManyRequests } from '../domain/refusal.ts';
import { PasswordJudge } from './password-strength.ts';

/** The costly work on passwords: each call takes about 0.1 s of a core. */
export interface PasswordHashing {
  /** Returns the hash of a password. */
  hash(password: string): Promise<string>;
  /** Returns whether a password has this hash. */
  verify(given: { hash: string; password: string }): Promise<boolean>;
  /** Returns a Chinese sentence if a password is refused, otherwise undefined; words of `own` count as guessed. */
  fault(password: string, own: readonly string[]): Promise<string | undefined>;
}

/**
 * How many passwords are hashed or judged at once. libuv has four threads; the others go on reading files for readers.
 */
const AT_ONCE = 2;
/** How many more may wait: about three seconds' work. */
const MOST_WAITING = 60;

/** Returns the default work: scrypt as in better-auth (16 MB, about 50 ms), zxcvbn in a worker thread. */
function usualWork(): PasswordHashing {
  const judge = new PasswordJudge();
  return {
    hash: hashPassword,
    verify: verifyPassword,
    fault: async (password, own) => judge.fault(password, own),
  };
}

/**
 * Returns the work on passwords with a limit on all callers together: two at once, sixty waiting. `changes` replaces
 * parts of the work. The functions throw TooManyRequests beyond that, under an attack from many addresses at once;
 * readers are still served.
 */
export function limitHashing(changes: Partial<PasswordHashing> = {}): PasswordHashing {
  const work = { ...usualWork(), ...changes };
  const limit = pLimit(AT_ONCE);
  const queued = async <Result>(run: () => Promise<Result>): Promise<Result> => {
    if (limit.pendingCount >= MOST_WAITING) throw new TooManyRequests(5, '现在登录的人太多，请过几秒再试一次。');
    return limit(run);
  };
  return {
    hash: async (password) => queued(async () => work.hash(password)),
    verify: async (given) => queued(async () => work.verify(given)),
    fault: async (password, own) => queued(async () => work.fault(password, own)),
  };
}

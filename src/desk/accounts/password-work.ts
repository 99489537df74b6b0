import { hashPassword, verifyPassword } from 'better-auth/crypto';
import pLimit from 'p-limit';
import { TooManyRequests } from '../domain/refusal.ts';
import { PasswordJudge } from './password-strength.ts';

/** The functions that process passwords. Each call takes about 0.1 s of CPU time. */
export interface PasswordHashing {
  /** Resolves to the hash that is stored for a password. */
  hash(password: string): Promise<string>;
  /** Resolves to whether a password has this hash. */
  verify(given: { hash: string; password: string }): Promise<boolean>;
  /**
   * Resolves to a Chinese sentence if a password is refused, otherwise to undefined. `own` are words that count as
   * guessed.
   */
  fault(password: string, own: readonly string[]): Promise<string | undefined>;
}

/**
 * How many passwords are hashed or checked at once. Hashing takes at most two of libuv's four threads, so that the
 * others can read files for readers.
 */
const AT_ONCE = 2;
/** How many more calls may wait: about three seconds of work. */
const MOST_WAITING = 60;

/**
 * Returns the default functions: hashing with scrypt as in better-auth (16 MB of memory, about 50 ms a hash), and
 * checking with zxcvbn in a worker thread.
 */
function usualWork(): PasswordHashing {
  const judge = new PasswordJudge();
  return {
    hash: hashPassword,
    verify: verifyPassword,
    fault: async (password, own) => judge.fault(password, own),
  };
}

/**
 * Returns functions that process passwords, with a limit for all callers together: two calls run at once and sixty
 * wait. Further calls reject with TooManyRequests (429). That happens under an attack from many addresses; readers
 * still get their pages.
 * @param changes replaces some of the default functions.
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

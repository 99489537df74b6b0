import { hashPassword, verifyPassword } from 'better-auth/crypto';
import pLimit from 'p-limit';
import { TooManyRequests } from '../domain/refusal.ts';
import { PasswordJudge } from './password-judge.ts';

/** What is costly about passwords. Each takes some 0.1 s of a core on purpose, or cannot help it. */
export interface PasswordHashing {
  /** Answers what is kept of a password. */
  hash(password: string): Promise<string>;
  /** Is this the password of which `hash` was kept? */
  verify(kept: { hash: string; password: string }): Promise<boolean>;
  /** Says why a password is refused, in Chinese; undefined: it is not. `own`: words of which it must be more. */
  fault(password: string, own: readonly string[]): Promise<string | undefined>;
}

/** Of libuv's four threads, so many may hash: the others go on reading files for readers. */
const AT_ONCE = 2;
/** So many may wait for that, about three seconds' work. */
const MOST_WAITING = 60;

/** The usual work: scrypt as better-auth does it (16 MB, about 50 ms), zxcvbn in a thread of its own. */
function usualWork(): PasswordHashing {
  const judge = new PasswordJudge();
  return {
    hash: hashPassword,
    verify: verifyPassword,
    fault: async (password, own) => judge.fault(password, own),
  };
}

/**
 * Bounds the work on passwords, whoever asks for it: two at once, sixty waiting. Throws TooManyRequests where more
 * come: then the desk is under attack from many addresses at once, and nobody but its editors notices.
 */
export function limitHashing(changes: Partial<PasswordHashing> = {}): PasswordHashing {
  const work = { ...usualWork(), ...changes };
  const limit = pLimit(AT_ONCE);
  const queued = async <Answer>(run: () => Promise<Answer>): Promise<Answer> => {
    if (limit.pendingCount >= MOST_WAITING) throw new TooManyRequests(5, '现在登录的人太多，请过几秒再试一次。');
    return limit(run);
  };
  return {
    hash: async (password) => queued(async () => work.hash(password)),
    verify: async (kept) => queued(async () => work.verify(kept)),
    fault: async (password, own) => queued(async () => work.fault(password, own)),
  };
}

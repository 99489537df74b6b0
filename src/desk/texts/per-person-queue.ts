import pLimit, { type LimitFunction } from 'p-limit';
import { Refusal } from '../domain/refusal.ts';

/** Most waiting requests of one person: browsers send a few at once, never this many. */
const MOST_WAITING = 100;

export interface TurnOptions {
  /** A name: of the requests with the same name only the newest is done; older ones that still wait are refused. */
  newest?: string;
}

/** The requests of one person. */
interface Person {
  limit: LimitFunction;
  /** Waiting requests by name; rejecting one refuses it before its turn. */
  waiting: Map<string, PromiseWithResolvers<never>>;
}

/** Runs the requests of each person one after another, so that nobody waits for all requests of somebody else. */
export class Turns {
  readonly #people = new Map<string, Person>();

  /**
   * Runs some work when it is this person's turn.
   * @throws Refusal 429 if the person has too many requests waiting, 409 if a newer one with the same name has come;
   * then the work is not done.
   */
  async take<Result>(login: string, work: () => Promise<Result>, { newest }: TurnOptions = {}): Promise<Result> {
    const person = this.#person(login);
    const { limit, waiting } = person;
    if (limit.pendingCount >= MOST_WAITING) {
      throw new Refusal(429, '您同时要做的事太多，编辑台没有再接。请等前面的做完，再试一次。');
    }
    const place = Promise.withResolvers<never>();
    if (newest !== undefined) {
      waiting.get(newest)?.reject(new Refusal(409, '您后来又改过，编辑台只做最新的一次，这一次没有做。'));
      waiting.set(newest, place);
    }
    const done = limit(async () => {
      if (newest === undefined) return work();
      // A newer request has come, and this one has been refused.
      if (waiting.get(newest) !== place) return place.promise;
      waiting.delete(newest);
      return work();
    });
    try {
      return await Promise.race([place.promise, done]);
    } finally {
      void done.catch(() => undefined).then(() => this.#forget(login, person));
    }
  }

  #person(login: string): Person {
    const known = this.#people.get(login);
    if (known) return known;
    const person = { limit: pLimit(1), waiting: new Map<string, PromiseWithResolvers<never>>() };
    this.#people.set(login, person);
    return person;
  }

  #forget(login: string, { limit }: Person): void {
    if (limit.activeCount === 0 && limit.pendingCount === 0) this.#people.delete(login);
  }
}

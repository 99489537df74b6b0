import pLimit, { type LimitFunction } from 'p-limit';
import { Refusal } from '../domain/refusal.ts';

/** Greatest number of waiting requests of one person. Browsers send a few at the same time, never so many. */
const MOST_WAITING = 100;

export interface TurnOptions {
  /** A name. Of the waiting requests with the same name only the newest is processed; older ones are refused. */
  newest?: string;
}

/** The requests of one person. */
interface Person {
  limit: LimitFunction;
  /** The waiting requests by name. Rejecting the promise of a request refuses it before its turn. */
  waiting: Map<string, PromiseWithResolvers<never>>;
}

/**
 * Runs the requests of each person one after another, so that nobody has to wait for all requests of another person.
 */
export class Turns {
  readonly #people = new Map<string, Person>();

  /**
   * Runs work when all earlier work of the same person has ended. Resolves or rejects like the work.
   * @throws Refusal 429 if the person has too many requests waiting, 409 if a newer request with the same name has
   * come. In both cases the work is not started.
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
      // A newer request has come, and this one has been refused already.
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

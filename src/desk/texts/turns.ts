import pLimit, { type LimitFunction } from 'p-limit';
import { Refusal } from '../domain/refusal.ts';

/** What one person may have waiting; a browser asks for some things at once, nobody for so many. */
const MOST_WAITING = 100;

/** How somebody asks for a turn. */
export interface TurnOptions {
  /** Of what is asked for under this name only the newest is done; what still waits gives way to it. */
  newest?: string;
}

/** What one person has asked for. */
interface Person {
  limit: LimitFunction;
  /** What waits under a name: answering it before its turn refuses it. */
  waiting: Map<string, PromiseWithResolvers<never>>;
}

/** One thing after another for each person, so that nobody waits behind all that another has asked for. */
export class Turns {
  readonly #people = new Map<string, Person>();

  /**
   * Does something when it is this person's turn. Rejects with a Refusal where the person has too much waiting (429), or
   * has asked for something newer meanwhile (409); then nothing is done.
   */
  async take<Answer>(login: string, work: () => Promise<Answer>, { newest }: TurnOptions = {}): Promise<Answer> {
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
      // It has given way, and is answered.
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

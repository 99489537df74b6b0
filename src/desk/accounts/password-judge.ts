import { Worker } from 'node:worker_threads';
import { z } from 'zod';

const PROGRAM = new URL('./password-judging.ts', import.meta.url);
/** A thread with nothing to judge ends after so many milliseconds: its dictionaries take some 30 MB. */
const IDLE = 60_000;

const answer = z.object({ serial: z.number(), fault: z.string().optional() });

/** Judges passwords in a thread of its own, which is started when there is something to judge. */
export class PasswordJudge {
  #thread: Worker | undefined;
  #idle: NodeJS.Timeout | undefined;
  #serial = 0;
  readonly #asked = new Map<number, PromiseWithResolvers<string | undefined>>();

  /** Answers what `passwordFault` says. Rejects where the thread ends before it has answered. */
  async fault(password: string, own: readonly string[]): Promise<string | undefined> {
    clearTimeout(this.#idle);
    const thread = (this.#thread ??= this.#begin());
    const asked = Promise.withResolvers<string | undefined>();
    this.#serial += 1;
    this.#asked.set(this.#serial, asked);
    thread.ref();
    thread.postMessage({ serial: this.#serial, password, own });
    return asked.promise;
  }

  #begin(): Worker {
    // The arguments of this process, a test runner's above all, are not for it.
    const thread = new Worker(PROGRAM, { execArgv: [] });
    thread.on('message', (message) => {
      const { serial, fault } = answer.parse(message);
      this.#asked.get(serial)?.resolve(fault);
      this.#asked.delete(serial);
      if (this.#asked.size > 0) return;
      thread.unref();
      this.#idle = setTimeout(() => void thread.terminate(), IDLE).unref();
    });
    let reason: unknown = new Error('The thread that judges passwords has ended.');
    thread.once('error', (error) => (reason = error));
    thread.once('exit', () => {
      if (this.#thread !== thread) return;
      this.#thread = undefined;
      for (const asked of this.#asked.values()) asked.reject(reason);
      this.#asked.clear();
    });
    return thread;
  }
}

import { Worker } from 'node:worker_threads';
import { z } from 'zod';

const PROGRAM = new URL('./password-strength-worker.ts', import.meta.url);
/**
 * Time after which a thread without work is ended, in milliseconds. The dictionaries of the thread take about 30 MB of
 * memory.
 */
const IDLE = 60_000;

const result = z.object({ serial: z.number(), fault: z.string().optional() });

/** A worker thread that checks passwords. It starts with the first password and ends after a minute without work. */
export class PasswordJudge {
  #thread: Worker | undefined;
  #idle: NodeJS.Timeout | undefined;
  #serial = 0;
  readonly #pending = new Map<number, PromiseWithResolvers<string | undefined>>();

  /**
   * Resolves to a Chinese sentence if a password is refused, otherwise to undefined (`passwordFault`). Rejects if the
   * thread ends before it has a result.
   */
  async fault(password: string, own: readonly string[]): Promise<string | undefined> {
    clearTimeout(this.#idle);
    const thread = (this.#thread ??= this.#start());
    const pending = Promise.withResolvers<string | undefined>();
    this.#serial += 1;
    this.#pending.set(this.#serial, pending);
    thread.ref();
    thread.postMessage({ serial: this.#serial, password, own });
    return pending.promise;
  }

  #start(): Worker {
    // The thread does not inherit the Node options of this process, which may be a test runner's.
    const thread = new Worker(PROGRAM, { execArgv: [] });
    thread.on('message', (message) => {
      const { serial, fault } = result.parse(message);
      this.#pending.get(serial)?.resolve(fault);
      this.#pending.delete(serial);
      if (this.#pending.size > 0) return;
      thread.unref();
      this.#idle = setTimeout(() => void thread.terminate(), IDLE).unref();
    });
    let reason: unknown = new Error('The thread that judges passwords has ended.');
    thread.once('error', (error) => (reason = error));
    thread.once('exit', () => {
      if (this.#thread !== thread) return;
      this.#thread = undefined;
      for (const pending of this.#pending.values()) pending.reject(reason);
      this.#pending.clear();
    });
    return thread;
  }
}

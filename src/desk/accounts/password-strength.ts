import { Worker } from 'node:worker_threads';
import { z } from 'zod';

const PROGRAM = new URL('./password-strength-worker.ts', import.meta.url);
/** How long an idle thread is kept, in milliseconds: its dictionaries take about 30 MB. */
const IDLE = 60_000;

const result = z.object({ serial: z.number(), fault: z.string().optional() });

/** Judges passwords in a worker thread, which is started when it is needed. */
export class PasswordJudge {
  #thread: Worker | undefined;
  #idle: NodeJS.Timeout | undefined;
  #serial = 0;
  readonly #pending = new Map<number, PromiseWithResolvers<string | undefined>>();

  /** Returns the result of `passwordFault`. Rejects if the thread ends before. */
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
    // Not the arguments of this process, which may be a test runner's.
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

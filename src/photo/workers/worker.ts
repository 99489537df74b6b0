import { fork, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { jobResult, type JobResult } from './job-result.ts';
import type { Inspection } from '../encode/inspection.ts';
import type { Job } from './job.ts';

const PROGRAM = fileURLToPath(new URL('./worker-process.ts', import.meta.url));

/** After so many milliseconds without an answer a process is ended: a photo takes seconds, a decoder may never end. */
const PATIENCE = 300_000;

/** Exit code of Node where a program throws: the program is at fault, not the photo. */
const UNCAUGHT = 1;

/** A worker's process ended in the middle of an order: a crash of the decoder, or somebody has killed it. */
export class WorkLost extends Error {}

/** A process of its own that fulfils orders. While it has none it keeps nobody waiting for its end. */
export class Worker {
  readonly #process: ChildProcess;
  #order: PromiseWithResolvers<JobResult> | undefined;
  /** Why there will be no more answers. */
  #over: Error | undefined;
  /** Fulfilled once the process is gone. */
  readonly ended: Promise<void>;

  constructor() {
    // Bytes go as they are, not as JSON. The arguments of this process, a test runner's above all, are not for it.
    this.#process = fork(PROGRAM, {
      execArgv: [],
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    });
    this.#process.on('message', (message) => this.#hear(message));
    const { promise, resolve } = Promise.withResolvers<Error>();
    this.#process.once('error', resolve);
    this.#process.once('exit', (code, signal) => {
      const how = signal ?? `exit code ${code}`;
      const Ended = code === UNCAUGHT ? Error : WorkLost;
      resolve(new Ended(`处理照片的进程意外结束（${how}）。请再试一次。`));
    });
    this.ended = promise.then((reason) => {
      this.#over = reason;
      this.#order?.reject(reason);
    });
    this.#rest();
  }

  get pid(): number | undefined {
    return this.#process.pid;
  }

  /** Whether it can be given orders, as far as is known. */
  get alive(): boolean {
    return this.#over === undefined;
  }

  /** Answers the inspection, if that was the order. Rejects with a WorkLost where the process ends before it answers, with an Error where the work failed. */
  async fulfil(order: Job): Promise<Inspection | undefined> {
    if (this.#over) throw this.#over;
    this.#order = Promise.withResolvers<JobResult>();
    this.#process.ref();
    this.#process.channel?.ref();
    const deadline = setTimeout(() => this.end(), PATIENCE);
    try {
      // Where it cannot be sent the process is ending: that is heard of in any case.
      this.#process.send(order, () => undefined);
      const said = await this.#order.promise;
      if ('failed' in said) throw new Error(said.failed);
      return said.inspection;
    } finally {
      clearTimeout(deadline);
      this.#order = undefined;
      this.#rest();
    }
  }

  /** Ends the process, whatever it is doing. */
  end(): void {
    // For the moment that it takes: whoever waits for it must not end before.
    this.#process.ref();
    this.#process.kill('SIGKILL');
  }

  #rest(): void {
    this.#process.unref();
    this.#process.channel?.unref();
  }

  #hear(message: unknown): void {
    const said = jobResult.safeParse(message);
    if (said.success) this.#order?.resolve(said.data);
    else this.#order?.reject(said.error);
  }
}

import { fork, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { jobResult, type JobResult } from './job-result.ts';
import type { Inspection } from '../encode/inspection.ts';
import type { Job } from './job.ts';

const PROGRAM = fileURLToPath(new URL('./worker-process.ts', import.meta.url));

/** After how many milliseconds without a result a process is ended: a photo takes seconds, a decoder may never end. */
const PATIENCE = 300_000;

/** Exit code of Node if a program throws: the program is at fault, not the photo. */
const UNCAUGHT = 1;

/** A worker's process ended during a job: the decoder crashed, or the process was killed. */
export class WorkLost extends Error {}

/** A separate process that runs jobs. While it has none it does not keep this process from ending. */
export class Worker {
  readonly #process: ChildProcess;
  #order: PromiseWithResolvers<JobResult> | undefined;
  /** Why there will be no more results. */
  #over: Error | undefined;
  /** Resolves once the process is gone. */
  readonly ended: Promise<void>;

  constructor() {
    // Bytes are sent as they are, not as JSON. The process does not inherit the arguments of this one, above all those
    // of a test runner.
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

  /** Whether the process can be given jobs, as far as is known. */
  get alive(): boolean {
    return this.#over === undefined;
  }

  /**
   * Runs a job; resolves to the inspection if the job made one. Rejects with a WorkLost if the process ends before it
   * is done, with an Error if the job failed.
   */
  async fulfil(order: Job): Promise<Inspection | undefined> {
    if (this.#over) throw this.#over;
    this.#order = Promise.withResolvers<JobResult>();
    this.#process.ref();
    this.#process.channel?.ref();
    const deadline = setTimeout(() => this.end(), PATIENCE);
    try {
      // A failure to send means that the process is ending, which is noticed anyway.
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
    // Keeps this process alive until the other one has ended, because a caller may wait for that.
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

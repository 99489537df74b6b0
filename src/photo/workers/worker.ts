import { fork, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { jobResult, type JobResult } from './job-result.ts';
import type { Inspection } from '../encode/inspection.ts';
import type { Job } from './job.ts';

const PROGRAM = fileURLToPath(new URL('./worker-process.ts', import.meta.url));

/** After how many milliseconds without a result a process is ended: a photo takes seconds, a decoder may never end. */
const TIME_LIMIT = 300_000;

/** Exit code of Node if a program throws: the program is at fault, not the photo. */
const UNCAUGHT = 1;

/** A worker's process ended during a job: the decoder crashed, or the process was killed. */
export class WorkLost extends Error {}

/** A separate process that runs jobs. While it has none it does not keep this process from ending. */
export class Worker {
  readonly #process: ChildProcess;
  #pending: PromiseWithResolvers<JobResult> | undefined;
  /** Why there will be no more results. */
  #failure: Error | undefined;
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
    this.#process.on('message', (message) => this.#receive(message));
    const { promise, resolve } = Promise.withResolvers<Error>();
    this.#process.once('error', resolve);
    this.#process.once('exit', (code, signal) => {
      const how = signal ?? `exit code ${code}`;
      const Ended = code === UNCAUGHT ? Error : WorkLost;
      resolve(new Ended(`处理照片的进程意外结束（${how}）。请再试一次。`));
    });
    this.ended = promise.then((reason) => {
      this.#failure = reason;
      this.#pending?.reject(reason);
    });
    this.#unref();
  }

  get pid(): number | undefined {
    return this.#process.pid;
  }

  /** Whether the process can be given jobs, as far as is known. */
  get alive(): boolean {
    return this.#failure === undefined;
  }

  /**
   * Runs a job; resolves to the inspection if the job made one. Rejects with a WorkLost if the process ends before it
   * is done, with an Error if the job failed.
   */
  async run(job: Job): Promise<Inspection | undefined> {
    if (this.#failure) throw this.#failure;
    this.#pending = Promise.withResolvers<JobResult>();
    this.#process.ref();
    this.#process.channel?.ref();
    const deadline = setTimeout(() => this.end(), TIME_LIMIT);
    try {
      // A failure to send means that the process is ending, which is noticed anyway.
      this.#process.send(job, () => undefined);
      const result = await this.#pending.promise;
      if ('failed' in result) throw new Error(result.failed);
      return result.inspection;
    } finally {
      clearTimeout(deadline);
      this.#pending = undefined;
      this.#unref();
    }
  }

  /** Ends the process, whatever it is doing. */
  end(): void {
    // Keeps this process alive until the other one has ended, because a caller may wait for that.
    this.#process.ref();
    this.#process.kill('SIGKILL');
  }

  #unref(): void {
    this.#process.unref();
    this.#process.channel?.unref();
  }

  #receive(message: unknown): void {
    const result = jobResult.safeParse(message);
    if (result.success) this.#pending?.resolve(result.data);
    else this.#pending?.reject(result.error);
  }
}

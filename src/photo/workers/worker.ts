import { fork, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { jobResult, type JobResult } from './job-result.ts';
import type { Inspection } from '../encode/inspection.ts';
import type { Job } from './job.ts';

const PROGRAM = fileURLToPath(new URL('./worker-process.ts', import.meta.url));

/**
 * How long a job may run before its process is killed, in milliseconds. A photo takes seconds, but a decoder may never
 * end.
 */
const TIME_LIMIT = 300_000;

/** Exit code of Node after an uncaught error. The worker program is at fault then, not the photo. */
const UNCAUGHT = 1;

/**
 * Error of a job whose worker process ended before the job was done: the decoder crashed, or the process was killed,
 * for example at TIME_LIMIT.
 */
export class WorkLost extends Error {}

/**
 * A separate process that runs jobs. While the separate process has no job, it does not prevent the main process from
 * exiting.
 */
export class Worker {
  readonly #process: ChildProcess;
  #pending: PromiseWithResolvers<JobResult> | undefined;
  /** Why the process gives no more results. Undefined while it runs. */
  #failure: Error | undefined;
  /** Resolves when the process has ended or could not be started. */
  readonly ended: Promise<void>;

  constructor() {
    // “Advanced” serialization sends bytes as they are, not as JSON. `execArgv` is empty so that the worker does not
    // inherit the Node options of this process, in particular those of a test runner.
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

  /** Whether the process can run jobs. It may have ended a moment ago, before the main process was notified. */
  get alive(): boolean {
    return this.#failure === undefined;
  }

  /**
   * Runs a job. Resolves to the inspection, or to undefined if the job makes none. Rejects with a WorkLost if the
   * process ends before the job is done, and with another Error if the job fails or the worker program has an error.
   */
  async run(job: Job): Promise<Inspection | undefined> {
    if (this.#failure) throw this.#failure;
    this.#pending = Promise.withResolvers<JobResult>();
    this.#process.ref();
    this.#process.channel?.ref();
    const deadline = setTimeout(() => this.end(), TIME_LIMIT);
    try {
      // An error of sending is ignored: it means that the process is ending, and its exit rejects the job.
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

  /** Kills the process, whatever it is doing. */
  end(): void {
    // Keeps this process running until the killed process has ended, because a caller may wait for that.
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

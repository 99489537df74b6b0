import { availableParallelism } from 'node:os';
import pLimit from 'p-limit';
import Tinypool from 'tinypool';
import { Refusal } from '../domain/refusal.ts';
import { Turns, type TurnOptions } from './per-person-queue.ts';

/**
 * Longest time of a job, with the start of its thread, in milliseconds. The slowest known job on a text takes a second.
 */
const TIMEOUT = 15_000;
/** Time after which an idle thread stops and frees its memory, in milliseconds. */
const IDLE = 60_000;
/** Greatest heap of a thread, in megabytes. */
const MEMORY = 512;

/**
 * A reference to a module whose exports are jobs: pure functions of one plain value, which run in a thread. The module
 * has to import thread-priority.ts.
 */
export interface JobFile<Jobs> {
  readonly url: string;
  /** Never set: it only carries the type. */
  readonly jobs?: Jobs;
}

/** Returns a reference to a module of jobs without loading it. `Jobs` is `typeof import('…')` of the module. */
export function jobFile<Jobs>(url: URL): JobFile<Jobs> {
  return { url: url.href };
}

type AllJobs<Jobs> = Record<keyof Jobs, (input: never) => unknown>;
type JobInput<Jobs extends AllJobs<Jobs>, Name extends keyof Jobs> = Parameters<Jobs[Name]>[0];
type JobResult<Jobs extends AllJobs<Jobs>, Name extends keyof Jobs> = Awaited<ReturnType<Jobs[Name]>>;

export interface TextThreadsOptions {
  /** Longest time of a job, in milliseconds. */
  timeout?: number | undefined;
}

/**
 * Runs jobs on sent texts in threads: parsing, comparing and rendering. The threads have a lower priority than the
 * thread that sends pages to readers. If a job takes too long, its thread is stopped, and a new thread starts. Each
 * person has only one job at a time, so that people take turns.
 */
export class TextThreads {
  readonly #options: TextThreadsOptions;
  readonly #pool: Tinypool;
  readonly #slots: ReturnType<typeof pLimit>;
  readonly #turns = new Turns();

  constructor(options: TextThreadsOptions = {}) {
    this.#options = options;
    // At least two threads, so that nobody has to wait for the long job of one other person.
    const size = Math.max(2, availableParallelism() - 1);
    this.#pool = new Tinypool({
      runtime: 'worker_threads',
      minThreads: 0,
      maxThreads: size,
      idleTimeout: IDLE,
      // Threads must not get the Node options of this process, for example those of a test runner.
      execArgv: [],
      resourceLimits: { maxOldGenerationSizeMb: MEMORY },
    });
    this.#slots = pLimit(size);
  }

  /** Runs one job when it is the person's turn, and resolves to its result. Rejects like `take` and `work`. */
  async ask<Jobs extends AllJobs<Jobs>, Name extends keyof Jobs & string>(
    login: string,
    file: JobFile<Jobs>,
    name: Name,
    input: JobInput<Jobs, Name>,
    options?: TurnOptions,
  ): Promise<JobResult<Jobs, Name>> {
    return this.take(login, () => this.work(file, name, input), options);
  }

  /** Runs work, which may consist of several jobs, in one turn of a person. Resolves and rejects like `Turns.take`. */
  async take<Result>(login: string, work: () => Promise<Result>, options?: TurnOptions): Promise<Result> {
    return this.#turns.take(login, work, options);
  }

  /**
   * Runs one job and resolves to its result. Only for use in a turn (`take`).
   * @throws Refusal 422 if the job takes too long or too much memory.
   */
  async work<Jobs extends AllJobs<Jobs>, Name extends keyof Jobs & string>(
    file: JobFile<Jobs>,
    name: Name,
    input: JobInput<Jobs, Name>,
  ): Promise<JobResult<Jobs, Name>> {
    return this.#slots(async (): Promise<JobResult<Jobs, Name>> => {
      const timeout = this.#options.timeout ?? TIMEOUT;
      const end = AbortSignal.timeout(timeout);
      try {
        return await this.#pool.run(input, { filename: file.url, name, signal: end });
      } catch (error) {
        if (!end.aborted && !isOutOfMemory(error)) throw error;
        const why = end.aborted ? `算了 ${timeout / 1000} 秒还没有算完` : '占的内存太多';
        throw new Refusal(
          422,
          `这篇文字${why}，编辑台停了下来，没有处理。多半是里面有大段重复的符号（如 [、*、>、|）或层层嵌套的列表：请删去，或分成几篇，再试一次。您写的没有丢。`,
        );
      }
    });
  }

  /** Stops all threads. */
  async close(): Promise<void> {
    await this.#pool.destroy();
  }
}

function isOutOfMemory(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ERR_WORKER_OUT_OF_MEMORY';
}

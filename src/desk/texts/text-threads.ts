import { availableParallelism } from 'node:os';
import pLimit from 'p-limit';
import Tinypool from 'tinypool';
import { Refusal } from '../domain/refusal.ts';
import { Turns, type TurnOptions } from './per-person-queue.ts';

/** Most milliseconds of a job, the start of its thread included; the longest known job on a text takes a second. */
const PATIENCE = 15_000;
/** Milliseconds after which an idle thread ends and frees its memory. */
const IDLE = 60_000;
/** Most memory of a thread, in megabytes. */
const MEMORY = 512;

/**
 * A module whose exports are jobs: pure functions of one plain value, run in a thread. It imports thread-priority.ts.
 */
export interface JobFile<Jobs> {
  readonly url: string;
  /** Never set; carries the type. */
  readonly jobs?: Jobs;
}

/** Refers to a module of jobs without loading it. `Jobs` is `typeof import('…')` of the module. */
export function jobFile<Jobs>(url: URL): JobFile<Jobs> {
  return { url: url.href };
}

type AllJobs<Jobs> = Record<keyof Jobs, (input: never) => unknown>;
type JobInput<Jobs extends AllJobs<Jobs>, Name extends keyof Jobs> = Parameters<Jobs[Name]>[0];
type JobResult<Jobs extends AllJobs<Jobs>, Name extends keyof Jobs> = Awaited<ReturnType<Jobs[Name]>>;

export interface TextThreadsOptions {
  /** Most milliseconds of a job. */
  patience?: number | undefined;
}

/**
 * Threads in which sent texts are parsed, compared and rendered, at a lower priority than the thread that serves
 * readers. A job that takes too long is ended with its thread, and a new thread starts. Each person has one job at a
 * time, so that several people take turns.
 */
export class TextThreads {
  readonly #options: TextThreadsOptions;
  readonly #pool: Tinypool;
  readonly #slots: ReturnType<typeof pLimit>;
  readonly #turns = new Turns();

  constructor(options: TextThreadsOptions = {}) {
    this.#options = options;
    // At least two: nobody waits for one person's long job.
    const size = Math.max(2, availableParallelism() - 1);
    this.#pool = new Tinypool({
      runtime: 'worker_threads',
      minThreads: 0,
      maxThreads: size,
      idleTimeout: IDLE,
      // Threads do not inherit the arguments of this process, such as a test runner's.
      execArgv: [],
      resourceLimits: { maxOldGenerationSizeMb: MEMORY },
    });
    this.#slots = pLimit(size);
  }

  /** Runs one job in a turn of this person; rejects like `take` and `work`. */
  async ask<Jobs extends AllJobs<Jobs>, Name extends keyof Jobs & string>(
    login: string,
    file: JobFile<Jobs>,
    name: Name,
    input: JobInput<Jobs, Name>,
    options?: TurnOptions,
  ): Promise<JobResult<Jobs, Name>> {
    return this.take(login, () => this.work(file, name, input), options);
  }

  /** Runs several jobs in one turn of a person: see `Turns.take`. */
  async take<Result>(login: string, work: () => Promise<Result>, options?: TurnOptions): Promise<Result> {
    return this.#turns.take(login, work, options);
  }

  /**
   * Runs one job, within a turn.
   * @throws Refusal 422 if it takes too long or too much memory.
   */
  async work<Jobs extends AllJobs<Jobs>, Name extends keyof Jobs & string>(
    file: JobFile<Jobs>,
    name: Name,
    input: JobInput<Jobs, Name>,
  ): Promise<JobResult<Jobs, Name>> {
    return this.#slots(async (): Promise<JobResult<Jobs, Name>> => {
      const patience = this.#options.patience ?? PATIENCE;
      const end = AbortSignal.timeout(patience);
      try {
        return await this.#pool.run(input, { filename: file.url, name, signal: end });
      } catch (error) {
        if (!end.aborted && !isOutOfMemory(error)) throw error;
        const why = end.aborted ? `算了 ${patience / 1000} 秒还没有算完` : '占的内存太多';
        throw new Refusal(
          422,
          `这篇文字${why}，编辑台停了下来，没有处理。多半是里面有大段重复的符号（如 [、*、>、|）或层层嵌套的列表：请删去，或分成几篇，再试一次。您写的没有丢。`,
        );
      }
    });
  }

  /** Ends all threads. */
  async close(): Promise<void> {
    await this.#pool.destroy();
  }
}

function isOutOfMemory(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ERR_WORKER_OUT_OF_MEMORY';
}

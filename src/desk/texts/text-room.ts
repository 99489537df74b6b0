import { availableParallelism } from 'node:os';
import pLimit from 'p-limit';
import Tinypool from 'tinypool';
import { Refusal } from '../domain/refusal.ts';
import { Turns, type TurnOptions } from './turns.ts';

/** How long a job may take, its thread's start included: the longest that a text makes takes a second. */
const PATIENCE = 15_000;
/** A thread that has nothing to do gives its memory back after so many milliseconds. */
const IDLE = 60_000;
/** Most memory of a thread, in megabytes. */
const MEMORY = 512;

/**
 * A module whose exports are jobs: pure functions of one plain value, which a thread runs. The module imports
 * thread-priority.ts; only threads load it.
 */
export interface JobFile<Jobs> {
  readonly url: string;
  /** Carries the type only. */
  readonly jobs?: Jobs;
}

/** Names a module of jobs. `Jobs`: `typeof import('…')` of the module. */
export function jobFile<Jobs>(url: URL): JobFile<Jobs> {
  return { url: url.href };
}

type AllJobs<Jobs> = Record<keyof Jobs, (input: never) => unknown>;
type JobInput<Jobs extends AllJobs<Jobs>, Name extends keyof Jobs> = Parameters<Jobs[Name]>[0];
type JobAnswer<Jobs extends AllJobs<Jobs>, Name extends keyof Jobs> = Awaited<ReturnType<Jobs[Name]>>;

export interface TextThreadsOptions {
  /** How long a job may take, in milliseconds. */
  patience?: number | undefined;
}

/**
 * Where texts that people send are taken apart, compared and rendered: threads beside the readers' one, that let
 * everything else go first. A job that takes too long is ended with its thread, and another takes its place. Each
 * person has one job at a time; what several people want is done by turns.
 */
export class TextThreads {
  readonly #options: TextThreadsOptions;
  readonly #pool: Tinypool;
  readonly #hands: ReturnType<typeof pLimit>;
  readonly #turns = new Turns();

  constructor(options: TextThreadsOptions = {}) {
    this.#options = options;
    // Two at least: one person's longest job is nobody else's wait.
    const size = Math.max(2, availableParallelism() - 1);
    this.#pool = new Tinypool({
      runtime: 'worker_threads',
      minThreads: 0,
      maxThreads: size,
      idleTimeout: IDLE,
      // The arguments of this process, a test runner's above all, are not for it.
      execArgv: [],
      resourceLimits: { maxOldGenerationSizeMb: MEMORY },
    });
    this.#hands = pLimit(size);
  }

  /** Does one job in this person's turn; rejects as `take` and `work` do. */
  async ask<Jobs extends AllJobs<Jobs>, Name extends keyof Jobs & string>(
    login: string,
    file: JobFile<Jobs>,
    name: Name,
    input: JobInput<Jobs, Name>,
    asking?: TurnOptions,
  ): Promise<JobAnswer<Jobs, Name>> {
    return this.take(login, () => this.work(file, name, input), asking);
  }

  /** Does several things in one turn of a person; see Turns. */
  async take<Answer>(login: string, work: () => Promise<Answer>, asking?: TurnOptions): Promise<Answer> {
    return this.#turns.take(login, work, asking);
  }

  /** Does one job, within a turn. Rejects with a Refusal (422) where it takes too long or too much memory. */
  async work<Jobs extends AllJobs<Jobs>, Name extends keyof Jobs & string>(
    file: JobFile<Jobs>,
    name: Name,
    input: JobInput<Jobs, Name>,
  ): Promise<JobAnswer<Jobs, Name>> {
    return this.#hands(async (): Promise<JobAnswer<Jobs, Name>> => {
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

  /** Ends the threads. */
  async close(): Promise<void> {
    await this.#pool.destroy();
  }
}

function isOutOfMemory(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ERR_WORKER_OUT_OF_MEMORY';
}

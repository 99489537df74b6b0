import type { Inspection } from '../encode/inspection.ts';
import type { Job, PhotoBytes } from './job.ts';
import type { Size } from '../rules/size-rule.ts';
import { Worker, WorkLost } from './worker.ts';

/** Resolves to the bytes of a photo, or to the file that has them. It is called when a worker is free. */
export type Read = () => Promise<PhotoBytes>;

/**
 * Whether a caller waits for a job now. Jobs that a caller waits for run before jobs that are done ahead. Setting
 * `awaited` to true also affects a job that is already queued.
 */
export interface Demand {
  awaited: boolean;
}

const AWAITED: Demand = { awaited: true };

/** How long all workers must be idle before they are stopped to free their memory, in milliseconds. */
const IDLE_LIMIT = 10_000;
/** How many times a job is tried, each time in another worker, if the worker process is lost (WorkLost). */
const ATTEMPTS = 2;

/**
 * Decodes, judges and encodes photos in separate processes of low priority, one photo in each at a time. A file that
 * crashes the decoder ends only its worker. Workers start when there is work and end when this process ends, even if it
 * is killed. Idle workers do not keep this process running.
 */
export class WorkerPool {
  readonly #size: number;
  readonly #workers = new Set<Worker>();
  readonly #idle: Worker[] = [];
  readonly #waiting: { demand: Demand; take: (worker: Worker) => void }[] = [];
  #idleTimer: NodeJS.Timeout | undefined;

  /** Creates a pool. `size` is the greatest number of photos that are processed at once. */
  constructor(size: number) {
    this.#size = size;
  }

  /** Returns the process ids of the workers, for monitoring. */
  get pids(): number[] {
    return [...this.#workers].flatMap(({ pid }) => pid ?? []);
  }

  /**
   * Inspects a photo (inspectPhoto) as a job that a caller waits for. Resolves to the inspection. Rejects if `read`
   * rejects, and as Worker.run does.
   */
  async inspect(read: Read): Promise<Inspection> {
    const inspection = await this.#run(AWAITED, async () => ({ make: 'inspection', bytes: await read() }));
    if (!inspection) throw new Error('A worker has answered without an inspection.');
    return inspection;
  }

  /**
   * Encodes every variant of a photo into `folder`, which is created. The size is the upright size of the photo in
   * pixels. Rejects if `read` rejects, and as Worker.run does.
   */
  async encode(read: Read, { width, height }: Size, folder: string, demand = AWAITED): Promise<void> {
    await this.#run(demand, async () => ({ make: 'variants', bytes: await read(), size: { width, height }, folder }));
  }

  /** Writes the light JPEG of a photo (encodeLight) to `file`. Rejects if `read` rejects, and as Worker.run does. */
  async lighten(read: Read, file: string): Promise<void> {
    await this.#run(AWAITED, async () => ({ make: 'light', bytes: await read(), file }));
  }

  /** Stops the idle workers and resolves when their processes have ended. */
  async stopIdle(): Promise<void> {
    const stopped = this.#idle.splice(0);
    for (const worker of stopped) {
      this.#workers.delete(worker);
      worker.end();
    }
    await Promise.all(stopped.map(async ({ ended }) => ended));
  }

  async #run(demand: Demand, makeJob: () => Promise<Job>): Promise<Inspection | undefined> {
    for (let attempt = 1; ; attempt += 1) {
      const worker = await this.#claim(demand);
      try {
        return await worker.run(await makeJob());
      } catch (error) {
        if (!(error instanceof WorkLost) || attempt === ATTEMPTS) throw error;
      } finally {
        this.#release(worker);
      }
    }
  }

  async #claim(demand: Demand): Promise<Worker> {
    clearTimeout(this.#idleTimer);
    const idle = this.#idle.pop();
    if (idle) return idle;
    if (this.#workers.size < this.#size) return this.#start();
    return new Promise((take) => {
      this.#waiting.push({ demand, take });
    });
  }

  #release(worker: Worker): void {
    if (!worker.alive) this.#workers.delete(worker);
    const first = this.#waiting.findIndex(({ demand }) => demand.awaited);
    const [next] = this.#waiting.splice(Math.max(0, first), 1);
    if (next) return next.take(worker.alive ? worker : this.#start());
    if (worker.alive) this.#idle.push(worker);
    if (this.#idle.length < this.#workers.size) return;
    this.#idleTimer = setTimeout(() => void this.stopIdle(), IDLE_LIMIT).unref();
  }

  #start(): Worker {
    const worker = new Worker();
    this.#workers.add(worker);
    void worker.ended.then(() => {
      this.#workers.delete(worker);
      const at = this.#idle.indexOf(worker);
      if (at >= 0) this.#idle.splice(at, 1);
    });
    return worker;
  }
}

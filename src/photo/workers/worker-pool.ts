import type { Inspection } from '../encode/inspection.ts';
import type { Job, PhotoBytes } from './job.ts';
import type { Size } from '../rules/size-rule.ts';
import { Worker, WorkLost } from './worker.ts';

/** Returns the bytes of a photo, or the file that has them; called when a worker is free. */
export type Read = () => Promise<PhotoBytes>;

/**
 * Whether a caller waits for some work now. Such work goes before work that is done ahead; queued work may become
 * awaited.
 */
export interface Demand {
  awaited: boolean;
}

const AWAITED: Demand = { awaited: true };

/** After how many idle milliseconds the workers end, to free their memory. */
const IDLE_LIMIT = 10_000;
/** A photo that ended this number of workers is not given to another. */
const ATTEMPTS = 2;

/**
 * Decodes, judges and encodes photos in separate processes of low priority, one photo each. A file that crashes the
 * decoder ends one of them and nothing else. They start when there is work, end with this process however it ends, and
 * do not keep it from ending.
 */
export class WorkerPool {
  readonly #size: number;
  readonly #workers = new Set<Worker>();
  readonly #idle: Worker[] = [];
  readonly #waiting: { demand: Demand; take: (worker: Worker) => void }[] = [];
  #idleTimer: NodeJS.Timeout | undefined;

  /** `size`: photos handled at once. */
  constructor(size: number) {
    this.#size = size;
  }

  /** Process ids of the workers, for monitoring. */
  get pids(): number[] {
    return [...this.#workers].flatMap(({ pid }) => pid ?? []);
  }

  /** See inspectPhoto. A caller always waits for the result. Rejects as all jobs do: see Worker.run. */
  async inspect(read: Read): Promise<Inspection> {
    const inspection = await this.#run(AWAITED, async () => ({ make: 'inspection', bytes: await read() }));
    if (!inspection) throw new Error('A worker has answered without an inspection.');
    return inspection;
  }

  /** Encodes every variant of a photo of a known upright size into a folder, which it creates. */
  async encode(read: Read, { width, height }: Size, folder: string, demand = AWAITED): Promise<void> {
    await this.#run(demand, async () => ({ make: 'variants', bytes: await read(), size: { width, height }, folder }));
  }

  /** Writes the light JPEG of a photo: see encodeLight. */
  async lighten(read: Read, file: string): Promise<void> {
    await this.#run(AWAITED, async () => ({ make: 'light', bytes: await read(), file }));
  }

  /** Ends the idle workers and waits until they are gone. */
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

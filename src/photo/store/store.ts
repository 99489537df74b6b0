import { hash as digest, randomUUID } from 'node:crypto';
import { mkdir, readFile, rename, rm, utimes, writeFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { dirname, join } from 'node:path';
import pLimit from 'p-limit';
import { inspectionResult } from '../workers/job-result.ts';
import { collectUnused, type Collected } from './cache-eviction.ts';
import { findingLine, isWaivable } from '../rules/finding.ts';
import { fatalInspection, INSPECTION_VERSION, type Inspection } from '../encode/inspection.ts';
import { exchanged } from '../workers/job.ts';
import { LIGHT, settingsKey, type Variant } from '../encode/variants.ts';
import { WorkLost } from '../workers/worker.ts';
import { WorkerPool, type Demand, type Read } from '../workers/worker-pool.ts';

/** A photo's file, identified by its content. */
export interface StoredPhoto {
  /** SHA-256 of the bytes, in hexadecimal. */
  hash: string;
  /**
   * Runs `work` with a function that returns the bytes, and that is called only when they are needed. A file that it
   * returns exists until the work ends.
   */
  provide(work: (read: Read) => Promise<void>): Promise<void>;
}

/** Receives how many of the requested photos without a stored inspection have been inspected. */
export type InspectionProgress = (done: number, requested: number) => void;

/** How many files of the store are open at once: all photos of a library are requested together. */
const MOST_OPEN = 64;

const SHA256 = /^[0-9a-f]{64}$/u;

/**
 * Wraps `read` so that it rejects if the bytes do not have the hash. If `read` returns a file, the worker checks its
 * bytes.
 */
function whole(hash: string, read: Read): Read {
  return async () => {
    const bytes = await read();
    if ('file' in bytes ? bytes.hash === hash : digest('sha256', bytes) === hash) return bytes;
    throw exchanged(hash);
  };
}

/** Names of the current versions within a photo's folder. */
const INSPECTION_NAME = `inspection-${INSPECTION_VERSION}.json`;
const LIGHT_NAME = `light-${settingsKey(LIGHT)}.jpg`;

/**
 * Inspections and encoded files of photos, in a folder, each made once. A photo is identified by the hash of its bytes
 * and stored in `<first 2 digits>/<hash>/`: `inspection-<version>.json`, a folder of variants for each set of settings,
 * and `light-<settings>.jpg`. Nothing there ever changes: other settings, rules or bytes have other paths. Anything
 * deleted is made again (of the variants, the whole folder must be deleted). Several processes may use one folder at
 * once: unfinished files have unique names. The mtime of a file or of a folder of variants is the time of its last use.
 */
export class EncodedStore {
  readonly #folder: string;
  readonly #pool: WorkerPool;
  readonly #files = pLimit(MOST_OPEN);
  /** Running work, so that it is not started twice. */
  readonly #inspecting = new Map<string, Promise<Inspection>>();
  readonly #encoding = new Map<string, Promise<void>>();
  /** Whether a caller waits for a photo that is being encoded. */
  readonly #demands = new Map<string, Demand>();
  readonly #lightening = new Map<string, Promise<string>>();
  readonly #onInspected: InspectionProgress;
  /** Photos of the current batch: requested without a stored inspection, and inspected since. */
  #unknown = 0;
  #inspected = 0;

  constructor(folder: string, pool: WorkerPool, onInspected: InspectionProgress = () => undefined) {
    this.#folder = folder;
    this.#pool = pool;
    this.#onInspected = onInspected;
  }

  /** Returns the path of a variant, which exists once the photo is encoded. */
  path(hash: string, variant: Variant): string {
    return join(this.#encodedFolder(hash), variant.name);
  }

  /** Whether every variant of a photo exists for the current settings. */
  async has(hash: string): Promise<boolean> {
    const folder = this.#encodedFolder(hash);
    return this.#files(async () => use(folder));
  }

  /**
   * Returns the stored inspection of a photo, or inspects it. Rejects only if `read` does or the folder cannot be
   * written. A file that ended every worker which inspected it counts as damaged; that result is not stored.
   */
  async inspect(hash: string, read: Read): Promise<Inspection> {
    return once(this.#inspecting, hash, async () => {
      const file = join(this.#photoFolder(hash), INSPECTION_NAME);
      const known = await this.#files(async () => readInspection(file));
      if (known) return known;
      this.#unknown += 1;
      try {
        const inspection = await this.#pool.inspect(whole(hash, read));
        const unfinished = `${file}.${randomUUID()}`;
        await mkdir(dirname(file), { recursive: true });
        await writeFile(unfinished, JSON.stringify(inspection), { flush: true });
        await rename(unfinished, file);
        return inspection;
      } catch (error) {
        if (error instanceof WorkLost) return fatalInspection();
        throw error;
      } finally {
        this.#inspected += 1;
        this.#onInspected(this.#inspected, this.#unknown);
        if (this.#inspected === this.#unknown) this.#inspected = this.#unknown = 0;
      }
    });
  }

  /**
   * Makes every variant of a photo unless they exist; all of them appear at once. Rejects if the photo cannot be read,
   * if it has an error that no reviewer can waive, or if the folder cannot be written.
   */
  async encode(hash: string, read: Read): Promise<void> {
    const underWay = this.#demands.get(hash);
    if (underWay) underWay.awaited = true;
    return this.#encode(hash, read, { awaited: true });
  }

  /** Like `encode`, but after all work that a caller waits for. */
  async encodeAhead(hash: string, read: Read): Promise<void> {
    return this.#encode(hash, read, { awaited: false });
  }

  /**
   * Encodes what is missing of some photos and reports after each how many are done. Continues after a failure.
   *
   * @throws AggregateError at the end, with every failure.
   */
  async encodeAll(photos: readonly StoredPhoto[], onProgress: (done: number, total: number) => void): Promise<void> {
    let done = 0;
    const results = await Promise.allSettled(
      photos.map(async ({ hash, provide }) => {
        await provide(async (read) => this.encode(hash, read));
        done += 1;
        onProgress(done, photos.length);
      }),
    );
    const failures = results.flatMap((result) => (result.status === 'rejected' ? [reasonOf(result.reason)] : []));
    if (failures.length > 0) {
      const what = failures.map(({ message }) => message).join('\n');
      throw new AggregateError(failures, `有 ${failures.length} 张照片没有编码成功：\n${what}`);
    }
  }

  /**
   * Returns the path of a light JPEG that the editor can show instead of the original; makes it if it does not exist.
   * Rejects as `encode` does.
   */
  async light(hash: string, read: Read): Promise<string> {
    return once(this.#lightening, hash, async () => {
      const file = join(this.#photoFolder(hash), LIGHT_NAME);
      if (await use(file)) return file;
      await this.#inspectSound(hash, read);
      const unfinished = `${file}.${randomUUID()}`;
      try {
        await this.#pool.lighten(whole(hash, read), unfinished);
        await rename(unfinished, file);
      } catch (error) {
        await rm(unfinished, { force: true });
        throw error;
      }
      return file;
    });
  }

  /**
   * Removes what has not been used for a while: see collectUnused. `inUse` has the hashes of photos that are in use.
   */
  async collect(inUse: ReadonlySet<string>, now?: number): Promise<Collected> {
    return collectUnused(this.#folder, { inUse, kept: [INSPECTION_NAME, settingsKey()] }, now);
  }

  /** Ends the worker processes once no work is running. They also end with this process. */
  async close(): Promise<void> {
    await this.#pool.stopIdle();
  }

  async #encode(hash: string, read: Read, demand: Demand): Promise<void> {
    return once(this.#encoding, hash, async () => {
      this.#demands.set(hash, demand);
      const unfinished = `${this.#encodedFolder(hash)}.${randomUUID()}`;
      try {
        if (await this.has(hash)) return;
        const inspection = await this.#inspectSound(hash, read);
        await this.#pool.encode(whole(hash, read), inspection, unfinished, demand);
        await rename(unfinished, this.#encodedFolder(hash));
      } catch (error) {
        await rm(unfinished, { recursive: true, force: true });
        // If another process was first, the variants exist.
        if (!(await this.has(hash))) throw error;
      } finally {
        this.#demands.delete(hash);
      }
    });
  }

  /**
   * Returns the inspection of a photo that can be shown.
   *
   * @throws Error if the photo has an error that cannot be waived.
   */
  async #inspectSound(hash: string, read: Read): Promise<Inspection> {
    const inspection = await this.inspect(hash, read);
    const errors = inspection.findings.filter((finding) => finding.level === 'error' && !isWaivable(finding));
    if (errors.length === 0) return inspection;
    throw new Error(`照片 ${hash} 不能编码：${errors.map(findingLine).join('')}`);
  }

  #photoFolder(hash: string): string {
    if (!SHA256.test(hash)) throw new TypeError(`Not a SHA-256: ${hash}`);
    return join(this.#folder, hash.slice(0, 2), hash);
  }

  #encodedFolder(hash: string): string {
    return join(this.#photoFolder(hash), settingsKey());
  }
}

/**
 * Opens the store in a folder, which is created at the first write. `workers` is the number of photos handled at once;
 * a process that serves readers on the same machine leaves them a core.
 */
export function openStore(
  folder: string,
  { workers = availableParallelism(), onInspected }: { workers?: number; onInspected?: InspectionProgress } = {},
): EncodedStore {
  return new EncodedStore(folder, new WorkerPool(workers), onInspected);
}

/** Marks a file or folder as used now; returns false if it does not exist. */
async function use(path: string): Promise<boolean> {
  const now = new Date();
  return utimes(path, now, now).then(
    () => true,
    () => false,
  );
}

/** Starts work unless the same work is running; all callers get its result. */
async function once<T>(underWay: Map<string, Promise<T>>, key: string, work: () => Promise<T>): Promise<T> {
  const running = underWay.get(key);
  if (running) return running;
  const started = work().finally(() => underWay.delete(key));
  underWay.set(key, started);
  return started;
}

/** Returns a stored inspection; undefined if there is none or it cannot be read. */
async function readInspection(file: string): Promise<Inspection | undefined> {
  try {
    const written = inspectionResult.safeParse(JSON.parse(await readFile(file, 'utf8')));
    await use(file);
    return written.success ? written.data : undefined;
  } catch {
    return undefined;
  }
}

function reasonOf(reason: unknown): Error {
  return reason instanceof Error ? reason : new Error(String(reason));
}

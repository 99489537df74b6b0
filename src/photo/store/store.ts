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

/** The file of a photo, identified by its content. */
export interface StoredPhoto {
  /** SHA-256 of the bytes, in hexadecimal. */
  hash: string;
  /**
   * Runs `work` with a function that returns the bytes, and that is called only when they are needed. A file that it
   * returns exists until the work ends.
   */
  provide(work: (read: Read) => Promise<void>): Promise<void>;
}

/**
 * Receives progress: how many photos had no stored inspection when they were requested (`requested`), and how many of
 * these have been inspected since (`done`).
 */
export type InspectionProgress = (done: number, requested: number) => void;

/**
 * How many files of the store are open at once. Without a limit there would be too many, because all photos of a
 * library are requested together.
 */
const MOST_OPEN = 64;

const SHA256 = /^[0-9a-f]{64}$/u;

/**
 * Wraps `read` so that the promise rejects if the bytes do not have the hash. If `read` resolves to a path, the file is
 * not read here: only the hash that comes with the path is compared, and the worker checks the bytes.
 */
function whole(hash: string, read: Read): Read {
  return async () => {
    const bytes = await read();
    if ('file' in bytes ? bytes.hash === hash : digest('sha256', bytes) === hash) return bytes;
    throw exchanged(hash);
  };
}

/** Names of the inspection and of the light JPEG in the folder of a photo, for the current versions and settings. */
const INSPECTION_NAME = `inspection-${INSPECTION_VERSION}.json`;
/** Name of the folder of a photo's variants for the current settings. */
const ENCODED_NAME = settingsKey();
const LIGHT_NAME = `light-${settingsKey(LIGHT)}.jpg`;

/**
 * Stores inspections and encoded files of photos in a folder. Each is made once. A photo is identified by the hash of
 * its bytes and has the folder `<first 2 digits>/<hash>/`. This folder contains `inspection-<version>.json`, a folder
 * of variants for each set of settings, and `light-<settings>.jpg`. Stored files never change: files for other
 * settings, rules or bytes have other paths. A file that was deleted is made again; a variant is made again only if its
 * whole folder was deleted. Several processes may use one folder at once, because unfinished files have unique names.
 * The mtime of a file or of a folder of variants is the time of its last use.
 */
export class EncodedStore {
  readonly #folder: string;
  readonly #pool: WorkerPool;
  readonly #files = pLimit(MOST_OPEN);
  /** Work that is running, by hash, so that no work is started twice. */
  readonly #inspecting = new Map<string, Promise<Inspection>>();
  readonly #encoding = new Map<string, Promise<void>>();
  /** Whether a caller waits for a photo that is being encoded, by hash. */
  readonly #demands = new Map<string, Demand>();
  readonly #lightening = new Map<string, Promise<string>>();
  readonly #onInspected: InspectionProgress;
  /**
   * Counts for the current batch of photos. `#unknown` is the number of photos that were requested and had no stored
   * inspection. `#inspected` is how many of these have been inspected. When both are equal, the batch is done and both
   * return to 0.
   */
  #unknown = 0;
  #inspected = 0;

  constructor(folder: string, pool: WorkerPool, onInspected: InspectionProgress = () => undefined) {
    this.#folder = folder;
    this.#pool = pool;
    this.#onInspected = onInspected;
  }

  /** Returns the path of a variant. The file exists once the photo is encoded. */
  path(hash: string, variant: Variant): string {
    return join(this.#encodedFolder(hash), variant.name);
  }

  /** Resolves to whether the variants of a photo exist for the current settings, and marks them as used now. */
  async has(hash: string): Promise<boolean> {
    const folder = this.#encodedFolder(hash);
    return this.#files(async () => use(folder));
  }

  /** Resolves to whether the inspection and the variants of a photo exist, and marks the variants as used now. */
  async isComplete(hash: string): Promise<boolean> {
    const inspection = join(this.#photoFolder(hash), INSPECTION_NAME);
    return (await this.has(hash)) && this.#files(async () => (await readInspection(inspection)) !== undefined);
  }

  /**
   * Resolves to the stored inspection of a photo, or inspects the photo and stores the result. A file that crashed
   * every worker that inspected it counts as damaged; that result is not stored. Rejects if `read` rejects, if the
   * bytes do not have the hash, if the worker fails, or if the folder cannot be written.
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
   * Makes all variants of a photo, unless they exist. All of them appear at once. Rejects if the photo cannot be read
   * or encoded, if it has an error that no reviewer can waive, or if the folder cannot be written.
   */
  async encode(hash: string, read: Read): Promise<void> {
    const underWay = this.#demands.get(hash);
    if (underWay) underWay.awaited = true;
    return this.#encode(hash, read, { awaited: true });
  }

  /**
   * Makes all variants of a photo as `encode` does, but only after the photos that a caller waits for. If the photo
   * must be inspected first, the inspection does not wait.
   */
  async encodeAhead(hash: string, read: Read): Promise<void> {
    return this.#encode(hash, read, { awaited: false });
  }

  /**
   * Makes the missing variants of some photos. Calls `onProgress` after each photo with the number of photos that are
   * done. Continues after a failure. If `ahead` is true, photos that other callers wait for come first (encodeAhead).
   *
   * @throws AggregateError at the end, with every failure.
   */
  async encodeAll(
    photos: readonly StoredPhoto[],
    onProgress: (done: number, total: number) => void,
    { ahead = false } = {},
  ): Promise<void> {
    let done = 0;
    const results = await Promise.allSettled(
      photos.map(async ({ hash, provide }) => {
        await provide(async (read) => (ahead ? this.encodeAhead(hash, read) : this.encode(hash, read)));
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
   * Resolves to the path of a light JPEG that the editor shows instead of the original. Makes the file if it does not
   * exist. Rejects as `encode` does.
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
   * Removes files that have not been used for some time (collectUnused). `inUse` contains the hashes of the photos that
   * are in use; `now` is the time from which age is measured, in milliseconds since 1970.
   */
  async collect(inUse: ReadonlySet<string>, now?: number): Promise<Collected> {
    return collectUnused(this.#folder, { inUse, kept: [INSPECTION_NAME, ENCODED_NAME] }, now);
  }

  /**
   * Removes everything that the store has of a photo, after work on the photo that is running. Work that starts later
   * needs the photo's bytes and makes everything again.
   */
  async remove(hash: string): Promise<void> {
    const folder = this.#photoFolder(hash);
    const running = [this.#inspecting, this.#encoding, this.#lightening].flatMap((work) => work.get(hash) ?? []);
    await Promise.allSettled(running);
    await rm(folder, { recursive: true, force: true });
  }

  /**
   * Stops the idle worker processes and resolves when they have ended. Does not stop workers that run a job. All
   * workers end when this process ends.
   */
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
        // If another process encoded the photo first, the variants exist.
        if (!(await this.has(hash))) throw error;
      } finally {
        this.#demands.delete(hash);
      }
    });
  }

  /**
   * Resolves to the inspection of a photo that can be shown.
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
    return join(this.#photoFolder(hash), ENCODED_NAME);
  }
}

/**
 * Opens the store in a folder, which is created at the first write. `workers` is how many photos are processed at once.
 * A process that also responds to readers should leave one processor core for that.
 */
export function openStore(
  folder: string,
  { workers = availableParallelism(), onInspected }: { workers?: number; onInspected?: InspectionProgress } = {},
): EncodedStore {
  return new EncodedStore(folder, new WorkerPool(workers), onInspected);
}

/** Marks a file or folder as used now. Resolves to false if it does not exist. */
async function use(path: string): Promise<boolean> {
  const now = new Date();
  return utimes(path, now, now).then(
    () => true,
    () => false,
  );
}

/** Starts work, unless work with the same key is running. All callers get the result of the same run. */
async function once<T>(underWay: Map<string, Promise<T>>, key: string, work: () => Promise<T>): Promise<T> {
  const running = underWay.get(key);
  if (running) return running;
  const started = work().finally(() => underWay.delete(key));
  underWay.set(key, started);
  return started;
}

/**
 * Resolves to a stored inspection and marks it as used now. Resolves to undefined if there is none or it is not valid.
 */
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

import { cp, mkdir, readdir, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import pLimit from 'p-limit';
import { brotliForLaterLoad } from './brotli-files.ts';
import type { DocumentFacts } from './documents.ts';
import { IndexStore, namesBelow, IndexOutdated, type LoadDocument } from './index-store.ts';
import { isSmall, planRecent, planShards, type IndexedDocument, type RecentPlan } from './shard-plan.ts';
import { readIndexManifest, type IndexManifest } from '../shared/index-manifest.ts';

/** Name of the folder of the search index in the output. */
export const SEARCH_FOLDER = 'pagefind';
/** Name of the manifest, which names the indexes that are searched together. */
const TIERS = 'tiers.json';
/** Names of Pagefind's script and its Brotli copy. */
const SCRIPTS = ['pagefind.js', 'pagefind.js.br'];
/**
 * Matches the name of an index: 12 lower-case hexadecimal digits, the start of a SHA-256 (nameOf in index-store.ts).
 */
const INDEX = /^[0-9a-f]{12}$/u;
/** How long superseded files are kept for pages that are already open, in milliseconds. */
export const KEEP_SUPERSEDED = 3_600_000;

/** Options for updating the index. */
export interface Indexing {
  /**
   * True: all documents are put into shards. Shards that change are made again, which takes some milliseconds for each
   * of their documents. False: new documents may be put into the small index.
   */
  fold: boolean;
  /** Stops the update at once. The next update uses the indexes that were already made. */
  signal?: AbortSignal;
}

interface Shard {
  name: string;
  documents: readonly IndexedDocument[];
}

/**
 * Returns whether the id of a result is enough to know whether the result is outdated. It is not enough if results of
 * two indexes have the same id, and one of the two results is outdated or in the small index.
 */
function isUnambiguous({ dates, gone }: IndexManifest, shards: readonly Shard[]): boolean {
  const results = shards.flatMap(({ documents }) => documents.map(({ id }) => id));
  const outdated = new Set(gone);
  return (
    results.filter((id) => outdated.has(id)).length === outdated.size && !results.some((id) => Object.hasOwn(dates, id))
  );
}

/** Returns the names of the indexes that readers load together. */
function namesIn({ shards, recent }: IndexManifest): readonly string[] {
  return recent === undefined ? shards : [...shards, recent];
}

/**
 * Manages the files of the search index in an output: shards, which hold most documents, and a small index of newer
 * documents. Each index is made once. Later its content does not change, except that documents of withdrawn entries are
 * removed. The manifest names the indexes that are searched together and is replaced as a whole.
 */
export class IndexFiles {
  readonly #root: string;
  readonly #indexes: IndexStore;
  readonly #oneAtATime = pLimit(1);
  /** Aborts running and waiting work when entries are withdrawn. */
  #interruption = new AbortController();

  /** Creates an object for an output folder, whose files readers can load. */
  constructor(output: string) {
    this.#root = join(output, SEARCH_FOLDER);
    this.#indexes = new IndexStore(this.#root);
  }

  /**
   * Updates the index so that it contains exactly these documents. `load` returns a whole document. Resolves to whether
   * anything changed. Resolves to false and leaves the manifest as before if a document has changed since its facts
   * were read, or if entries are withdrawn during the update: then another update will follow. Rejects with Pagefind's
   * errors, and if the signal aborts; the manifest then stays as before.
   */
  async update(documents: readonly DocumentFacts[], load: LoadDocument, { fold, signal }: Indexing): Promise<boolean> {
    try {
      return (await this.#work(signal, async (ending) => this.#update(documents, load, fold, ending))) ?? false;
    } catch (error) {
      if (error instanceof IndexOutdated) return false;
      throw error;
    }
  }

  /**
   * Writes Brotli copies of the files that searches load later, so that hosts can send smaller files
   * (brotliForLaterLoad). Rejects if the signal aborts.
   */
  async compress(signal?: AbortSignal): Promise<void> {
    await this.#work(signal, async (ending) => {
      const manifest = await this.#manifest();
      for (const name of manifest ? namesIn(manifest) : []) await brotliForLaterLoad(join(this.#root, name), ending);
    });
  }

  /**
   * Removes at once all data of the entries whose URLs satisfy `isGone`, from every index and also from superseded
   * ones. Other documents of the same index cannot be found until an update has made the index again. Rejects if a file
   * cannot be removed.
   */
  async takeBack(isGone: (url: string) => boolean): Promise<void> {
    this.#interruption.abort();
    this.#interruption = new AbortController();
    await this.#oneAtATime(async () => {
      const names = await namesBelow(this.#root);
      const affected = new Set<string>();
      for (const name of names) if (INDEX.test(name) && (await this.#indexes.holds(name, isGone))) affected.add(name);
      const steps = [
        // Unfinished files of a killed process may contain anything.
        ...names
          .filter((name) => name.startsWith('.'))
          .map((name) => async () => rm(join(this.#root, name), { recursive: true, force: true })),
        async () => this.#dropIndexes(affected),
        ...Array.from(affected, (name) => async () => this.#indexes.takeBack(name, isGone)),
      ];
      const failures: string[] = [];
      for (const step of steps) await step().catch((error: unknown) => failures.push(String(error)));
      if (failures.length > 0) throw new Error(failures.join('\n'));
    });
  }

  /**
   * Runs work while no other work on the files runs. Resolves to undefined if the work was aborted because entries were
   * withdrawn.
   */
  async #work<T>(signal: AbortSignal | undefined, work: (ending: AbortSignal) => Promise<T>): Promise<T | undefined> {
    const interrupted = this.#interruption.signal;
    const ending = signal ? AbortSignal.any([signal, interrupted]) : interrupted;
    try {
      return await this.#oneAtATime(async () => {
        ending.throwIfAborted();
        return work(ending);
      });
    } catch (error) {
      if (interrupted.aborted && signal?.aborted !== true) return undefined;
      throw error;
    }
  }

  /** Removes some indexes from the manifest, and marks the manifest as incomplete (`making`). */
  async #dropIndexes(names: ReadonlySet<string>): Promise<void> {
    const current = await this.#manifest();
    if (!current || !namesIn(current).some((name) => names.has(name))) return;
    const shards = current.shards.filter((name) => !names.has(name));
    const recent = current.recent === undefined || names.has(current.recent) ? undefined : current.recent;
    const results = (await this.#shards(shards)).flatMap(({ documents }) => documents.map(({ id }) => id));
    const there = new Set(results);
    await this.#writeManifest({
      shards,
      ...(recent === undefined ? { dates: {} } : { recent, dates: current.dates }),
      gone: current.gone.filter((id) => there.has(id)),
      making: true,
    });
  }

  async #update(
    documents: readonly DocumentFacts[],
    load: LoadDocument,
    fold: boolean,
    signal: AbortSignal,
  ): Promise<boolean> {
    await mkdir(this.#root, { recursive: true });
    const current = await this.#manifest();
    const shards = await this.#shards(current?.shards ?? []);
    const manifest =
      (fold ? undefined : await this.#withRecent(documents, shards, load, signal)) ??
      (await this.#fold(documents, shards, load, signal));
    const changed = JSON.stringify(manifest) !== JSON.stringify(current) || !(await this.#hasScripts(manifest));
    if (changed) await this.#replace(manifest);
    await this.#clear(manifest, current);
    return changed;
  }

  /** Resolves to the manifest; to undefined if there is none or it cannot be read. */
  async #manifest(): Promise<IndexManifest | undefined> {
    try {
      return readIndexManifest(JSON.parse(await readFile(join(this.#root, TIERS), 'utf8')));
    } catch {
      return undefined;
    }
  }

  /** Resolves to the shards with these names. Leaves out shards that are not complete. */
  async #shards(names: readonly string[]): Promise<Shard[]> {
    const shards = await Promise.all(
      names.map(async (name) => {
        const documents = await this.#indexes.contentsOf(name);
        return documents ? [{ name, documents }] : [];
      }),
    );
    return shards.flat();
  }

  /**
   * Keeps the shards and puts newer documents into the small index. Resolves to the new manifest. Resolves to undefined
   * if there are no shards, if the differences are too many, or if ids of results would be ambiguous.
   */
  async #withRecent(
    documents: readonly DocumentFacts[],
    shards: readonly Shard[],
    load: LoadDocument,
    signal?: AbortSignal,
  ): Promise<IndexManifest | undefined> {
    const plan = planRecent(
      documents,
      shards.map((shard) => shard.documents),
    );
    if (shards.length === 0 || !isSmall(plan)) return undefined;
    const manifest = { shards: shards.map(({ name }) => name), ...(await this.#makeRecent(plan, load, signal)) };
    return isUnambiguous(manifest, shards) ? manifest : undefined;
  }

  async #makeRecent(
    plan: RecentPlan,
    load: LoadDocument,
    signal?: AbortSignal,
  ): Promise<Omit<IndexManifest, 'shards'>> {
    if (plan.documents.length === 0) return { dates: {}, gone: plan.gone };
    const recent = await this.#indexes.make(plan.documents, load, signal);
    const documents = (await this.#indexes.contentsOf(recent)) ?? [];
    return { recent, dates: Object.fromEntries(documents.map(({ id, date }) => [id, date])), gone: plan.gone };
  }

  /** Puts all documents into shards. Resolves to the new manifest, without a small index. */
  async #fold(
    documents: readonly DocumentFacts[],
    shards: readonly Shard[],
    load: LoadDocument,
    signal?: AbortSignal,
  ): Promise<IndexManifest> {
    const ranges = planShards(
      documents,
      shards.map((shard) => shard.documents),
    );
    const names: string[] = [];
    // The indexes are made one after the other, because each takes much memory.
    for (const range of ranges) names.push(await this.#indexes.make(range, load, signal));
    return { shards: names, dates: {}, gone: [] };
  }

  async #hasScripts(manifest: IndexManifest): Promise<boolean> {
    if (namesIn(manifest).length === 0) return true;
    const present = new Set(await readdir(this.#root));
    return SCRIPTS.every((name) => present.has(name));
  }

  /** Publishes another set of indexes. Replaces first Pagefind's script and then the manifest, each by a rename. */
  async #replace(manifest: IndexManifest): Promise<void> {
    const [first] = namesIn(manifest);
    for (const name of first === undefined ? [] : SCRIPTS) {
      await cp(join(this.#root, first ?? '', name), join(this.#root, `.${name}`));
      await rename(join(this.#root, `.${name}`), join(this.#root, name));
    }
    await this.#writeManifest(manifest);
  }

  /** Replaces the manifest as a whole. */
  async #writeManifest(manifest: IndexManifest): Promise<void> {
    await writeFile(join(this.#root, `.${TIERS}`), JSON.stringify(manifest));
    await rename(join(this.#root, `.${TIERS}`), join(this.#root, TIERS));
  }

  /**
   * Removes files that have not been used for KEEP_SUPERSEDED. `before` is the manifest that was replaced. Indexes that
   * only `before` names were in use until now, so their mtime is set to the current time.
   */
  async #clear(manifest: IndexManifest, before: IndexManifest | undefined): Promise<void> {
    const kept = new Set([...namesIn(manifest), ...SCRIPTS, TIERS]);
    const superseded = new Set(before ? namesIn(before) : []);
    const now = Date.now();
    for (const name of await readdir(this.#root)) {
      if (kept.has(name)) continue;
      const path = join(this.#root, name);
      if (superseded.has(name)) await utimes(path, new Date(now), new Date(now));
      else if ((await stat(path)).mtimeMs < now - KEEP_SUPERSEDED) await this.#indexes.remove(name);
    }
  }
}

import { cp, mkdir, readdir, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import pLimit from 'p-limit';
import { brotliForLaterLoad } from './brotli-files.ts';
import type { DocumentFacts } from './documents.ts';
import { IndexStore, namesBelow, IndexOutdated, type LoadDocument } from './index-store.ts';
import { isSmall, planRecent, planShards, type IndexedDocument, type RecentPlan } from './shard-plan.ts';
import { readIndexManifest, type IndexManifest } from '../shared/index-manifest.ts';

/** Where the search index lies in the output. */
export const SEARCH_FOLDER = 'pagefind';
/** What names the indexes that belong together. */
const TIERS = 'tiers.json';
/** Pagefind's script, and its Brotli copy. */
const SCRIPTS = ['pagefind.js', 'pagefind.js.br'];
/** How an index is called: made-indexes.ts. */
const INDEX = /^[0-9a-f]{12}$/u;
/** How long superseded files stay for pages that are open, in milliseconds. */
export const KEEP_SUPERSEDED = 3_600_000;

/** How an index is brought up to date. */
export interface Indexing {
  /** For good, in shards: some milliseconds for each document of those that change. Else what is new may stay apart. */
  fold: boolean;
  /** Gives it up, at once; what was made by then is used the next time. */
  signal?: AbortSignal;
}

interface Shard {
  name: string;
  documents: readonly IndexedDocument[];
}

/** Whether the names of results tell apart what holds and what does not: of two indexes some could be the same. */
function isUnambiguous({ dates, gone }: IndexManifest, shards: readonly Shard[]): boolean {
  const results = shards.flatMap(({ documents }) => documents.map(({ id }) => id));
  const outdated = new Set(gone);
  return (
    results.filter((id) => outdated.has(id)).length === outdated.size && !results.some((id) => Object.hasOwn(dates, id))
  );
}

/** The indexes that readers fetch together. */
function namesIn({ shards, recent }: IndexManifest): readonly string[] {
  return recent === undefined ? shards : [...shards, recent];
}

/**
 * The files of the search index in an output: shards that hold most, and a small index of what is newer. Each is made
 * once and stays as it is; what belongs together is named by one file, which is replaced whole.
 */
export class IndexFiles {
  readonly #root: string;
  readonly #indexes: IndexStore;
  readonly #oneAtATime = pLimit(1);
  /** Ends what is under way, or waits, when something is taken back. */
  #interruption = new AbortController();

  /** `output`: the folder that readers get. */
  constructor(output: string) {
    this.#root = join(output, SEARCH_FOLDER);
    this.#indexes = new IndexStore(this.#root);
  }

  /**
   * Makes the index equal to some documents; `load` gives one whole. Answers whether anything changed: nothing does
   * where a document has changed since, or something is taken back meanwhile: another update will know of it. Rejects
   * with Pagefind's errors and when the signal says so; then the index is as it was.
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
   * Makes the files smaller to fetch for readers of a host that sends Brotli copies: see copyLoadedLater. Rejects when
   * the signal says so.
   */
  async compress(signal?: AbortSignal): Promise<void> {
    await this.#work(signal, async (ending) => {
      const tiers = await this.#standing();
      for (const name of tiers ? namesIn(tiers) : []) await brotliForLaterLoad(join(this.#root, name), ending);
    });
  }

  /**
   * Removes what any index, superseded or not, holds of some addresses, at once and before anything else. What else an
   * index held cannot be found until an update has made it again. Rejects where a file cannot be removed.
   */
  async takeBack(isGone: (url: string) => boolean): Promise<void> {
    this.#interruption.abort();
    this.#interruption = new AbortController();
    await this.#oneAtATime(async () => {
      const names = await namesBelow(this.#root);
      const holding = new Set<string>();
      for (const name of names) if (INDEX.test(name) && (await this.#indexes.holds(name, isGone))) holding.add(name);
      const steps = [
        // What a kill has left is unfinished, and of who knows what.
        ...names
          .filter((name) => name.startsWith('.'))
          .map((name) => async () => rm(join(this.#root, name), { recursive: true, force: true })),
        async () => this.#doWithout(holding),
        ...Array.from(holding, (name) => async () => this.#indexes.takeBack(name, isGone)),
      ];
      const failures: string[] = [];
      for (const step of steps) await step().catch((error: unknown) => failures.push(String(error)));
      if (failures.length > 0) throw new Error(failures.join('\n'));
    });
  }

  /** Does some work on the files alone; undefined: something was taken back meanwhile, and it was given up. */
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

  /** Lets readers no longer have some indexes. */
  async #doWithout(names: ReadonlySet<string>): Promise<void> {
    const standing = await this.#standing();
    if (!standing || !namesIn(standing).some((name) => names.has(name))) return;
    const shards = standing.shards.filter((name) => !names.has(name));
    const rest = standing.recent === undefined || names.has(standing.recent) ? undefined : standing.recent;
    const results = (await this.#shards(shards)).flatMap(({ documents }) => documents.map(({ id }) => id));
    const there = new Set(results);
    await this.#name({
      shards,
      ...(rest === undefined ? { dates: {} } : { recent: rest, dates: standing.dates }),
      gone: standing.gone.filter((id) => there.has(id)),
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
    const standing = await this.#standing();
    const shards = await this.#shards(standing?.shards ?? []);
    const tiers =
      (fold ? undefined : await this.#apart(documents, shards, load, signal)) ??
      (await this.#fold(documents, shards, load, signal));
    const changed = JSON.stringify(tiers) !== JSON.stringify(standing) || !(await this.#hasScripts(tiers));
    if (changed) await this.#replace(tiers);
    await this.#clear(tiers, standing);
    return changed;
  }

  /** The list of indexes as it is; undefined: there is none, or none that can be read. */
  async #standing(): Promise<IndexManifest | undefined> {
    try {
      return readIndexManifest(JSON.parse(await readFile(join(this.#root, TIERS), 'utf8')));
    } catch {
      return undefined;
    }
  }

  /** The shards that are whole. */
  async #shards(names: readonly string[]): Promise<Shard[]> {
    const shards = await Promise.all(
      names.map(async (name) => {
        const documents = await this.#indexes.contentsOf(name);
        return documents ? [{ name, documents }] : [];
      }),
    );
    return shards.flat();
  }

  /** The shards as they are, and what is newer apart from them; undefined: that is too much. */
  async #apart(
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
    const tiers = { shards: shards.map(({ name }) => name), ...(await this.#recent(plan, load, signal)) };
    return isUnambiguous(tiers, shards) ? tiers : undefined;
  }

  async #recent(plan: RecentPlan, load: LoadDocument, signal?: AbortSignal): Promise<Omit<IndexManifest, 'shards'>> {
    if (plan.documents.length === 0) return { dates: {}, gone: plan.gone };
    const recent = await this.#indexes.make(plan.documents, load, signal);
    const documents = (await this.#indexes.contentsOf(recent)) ?? [];
    return { recent, dates: Object.fromEntries(documents.map(({ id, date }) => [id, date])), gone: plan.gone };
  }

  /** Everything in shards. */
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
    // One after the other: each takes much memory.
    for (const range of ranges) names.push(await this.#indexes.make(range, load, signal));
    return { shards: names, dates: {}, gone: [] };
  }

  async #hasScripts(tiers: IndexManifest): Promise<boolean> {
    if (namesIn(tiers).length === 0) return true;
    const present = new Set(await readdir(this.#root));
    return SCRIPTS.every((name) => present.has(name));
  }

  /** Lets readers have other indexes: first Pagefind's script, then the list, by one rename. */
  async #replace(tiers: IndexManifest): Promise<void> {
    const [first] = namesIn(tiers);
    for (const name of first === undefined ? [] : SCRIPTS) {
      await cp(join(this.#root, first ?? '', name), join(this.#root, `.${name}`));
      await rename(join(this.#root, `.${name}`), join(this.#root, name));
    }
    await this.#name(tiers);
  }

  /** Replaces the list of indexes. */
  async #name(tiers: IndexManifest): Promise<void> {
    await writeFile(join(this.#root, `.${TIERS}`), JSON.stringify(tiers));
    await rename(join(this.#root, `.${TIERS}`), join(this.#root, TIERS));
  }

  /** Removes what nobody uses any more; what was in use until now only after a while. */
  async #clear(tiers: IndexManifest, before: IndexManifest | undefined): Promise<void> {
    const kept = new Set([...namesIn(tiers), ...SCRIPTS, TIERS]);
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

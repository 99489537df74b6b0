import { hash } from 'node:crypto';
import { cp, mkdir, readdir, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { DocumentFacts, SearchDocument } from './documents.ts';
import { makeIndex } from './indexing.ts';
import { MOST_RECENT, planRecent, planShards, type IndexedDocument } from './tier-plan.ts';
import { readTiers, type Tiers } from './tiers.ts';

/** Where the search index lies in the output. */
export const SEARCH_FOLDER = 'pagefind';
/** What names the indexes that belong together. */
const TIERS = 'tiers.json';
const SCRIPT = 'pagefind.js';
/** What an index holds, beside its files. */
const CONTENTS = 'documents.json';
/** How long superseded files stay for pages that are open, in milliseconds. */
const KEEP_SUPERSEDED = 3_600_000;
/** Raised when the same documents give other files. */
const FORMAT = 1;

const contents = z.array(z.object({ url: z.string(), date: z.string(), print: z.string(), id: z.string() }));

/** Gives a document whole; undefined: it has changed since. */
type LoadDocument = (facts: DocumentFacts) => SearchDocument | undefined;

/** A document was not to be had any more. */
class Outdated extends Error {}

interface Shard {
  name: string;
  documents: readonly IndexedDocument[];
}

/** The name of an index of these documents, whatever their order. */
function nameOf(documents: readonly DocumentFacts[]): string {
  const prints = documents.map(({ print }) => print).sort();
  return hash('sha256', `${FORMAT} ${prints.join(' ')}`, 'hex').slice(0, 12);
}

function wholeOr(document: SearchDocument | undefined): SearchDocument {
  if (!document) throw new Outdated();
  return document;
}

/** Whether the names of results tell apart what holds and what does not: of two indexes some could be the same. */
function isUnambiguous({ dates, gone }: Omit<Tiers, 'shards'>, shards: readonly Shard[]): boolean {
  const results = shards.flatMap(({ documents }) => documents.map(({ id }) => id));
  const outdated = new Set(gone);
  return (
    results.filter((id) => outdated.has(id)).length === outdated.size && !results.some((id) => Object.hasOwn(dates, id))
  );
}

/**
 * The files of the search index in an output: shards that hold most, and a small index of what is newer. Each is made
 * once and stays as it is; what belongs together is named by one file, which is replaced whole.
 */
export class TierFiles {
  readonly #root: string;
  /** What indexes hold, by name, read or made once. */
  readonly #contents = new Map<string, readonly IndexedDocument[]>();

  /** `output`: the folder that readers get. */
  constructor(output: string) {
    this.#root = join(output, SEARCH_FOLDER);
  }

  /**
   * Makes the index equal to some documents; `load` gives one whole. `fold`: into shards; else what is new may stay in
   * the small index as long as it is small. Answers whether anything changed: nothing does where a document has changed
   * since, of which another update will know. Rejects with Pagefind's errors; then the index is as it was.
   */
  async update(documents: readonly DocumentFacts[], load: LoadDocument, fold: boolean): Promise<boolean> {
    try {
      return await this.#update(documents, load, fold);
    } catch (error) {
      if (error instanceof Outdated) return false;
      throw error;
    }
  }

  async #update(documents: readonly DocumentFacts[], load: LoadDocument, fold: boolean): Promise<boolean> {
    await mkdir(this.#root, { recursive: true });
    const standing = await this.#standing();
    const shards = await this.#shards(standing?.shards ?? []);
    const plan = planRecent(
      documents,
      shards.map((shard) => shard.documents),
    );
    const small = plan.documents.length <= MOST_RECENT && shards.length > 0;
    const recent = fold || !small ? undefined : await this.#recent(plan, load);
    const tiers =
      recent && isUnambiguous(recent, shards)
        ? { shards: shards.map(({ name }) => name), ...recent }
        : await this.#fold(documents, shards, load);
    if (standing && JSON.stringify(tiers) === JSON.stringify(standing)) return false;
    await this.#replace(tiers);
    await this.#clear(tiers, standing);
    return true;
  }

  /** The list of indexes as it is; undefined: there is none, or none that can be read. */
  async #standing(): Promise<Tiers | undefined> {
    try {
      return readTiers(JSON.parse(await readFile(join(this.#root, TIERS), 'utf8')));
    } catch {
      return undefined;
    }
  }

  /** The shards that are whole. */
  async #shards(names: readonly string[]): Promise<Shard[]> {
    const shards = await Promise.all(
      names.map(async (name) => {
        const documents = await this.#contentsOf(name);
        return documents ? [{ name, documents }] : [];
      }),
    );
    return shards.flat();
  }

  async #contentsOf(name: string): Promise<readonly IndexedDocument[] | undefined> {
    const known = this.#contents.get(name);
    if (known) return known;
    try {
      const read = contents.parse(JSON.parse(await readFile(join(this.#root, name, CONTENTS), 'utf8')));
      this.#contents.set(name, read);
      return read;
    } catch {
      return undefined;
    }
  }

  async #fold(documents: readonly DocumentFacts[], shards: readonly Shard[], load: LoadDocument): Promise<Tiers> {
    const ranges = planShards(
      documents,
      shards.map((shard) => shard.documents),
    );
    const names: string[] = [];
    // One after the other: each takes much memory.
    for (const range of ranges) names.push(await this.#make(range, load));
    return { shards: names, dates: {}, gone: [] };
  }

  async #recent(
    plan: { documents: readonly DocumentFacts[]; gone: readonly string[] },
    load: LoadDocument,
  ): Promise<Omit<Tiers, 'shards'>> {
    if (plan.documents.length === 0) return { dates: {}, gone: plan.gone };
    const recent = await this.#make(plan.documents, load);
    const documents = (await this.#contentsOf(recent)) ?? [];
    return { recent, dates: Object.fromEntries(documents.map(({ id, date }) => [id, date])), gone: plan.gone };
  }

  /** An index of these documents, made if it is not there; answers its name. */
  async #make(facts: readonly DocumentFacts[], load: LoadDocument): Promise<string> {
    const name = nameOf(facts);
    if (await this.#contentsOf(name)) return name;
    const folder = join(this.#root, name);
    const fresh = join(this.#root, `.fresh-${process.pid}`);
    await rm(fresh, { recursive: true, force: true });
    try {
      const results = await makeIndex(
        fresh,
        facts.values().map((one) => wholeOr(load(one))),
      );
      const documents = facts.map(({ url, date, print }) => ({ url, date, print, id: results.get(url) ?? '' }));
      await writeFile(join(fresh, CONTENTS), JSON.stringify(documents));
      await rm(folder, { recursive: true, force: true });
      await rename(fresh, folder);
      this.#contents.set(name, documents);
    } finally {
      await rm(fresh, { recursive: true, force: true });
    }
    return name;
  }

  /** Lets readers have other indexes: first Pagefind's script, then the list, by one rename. */
  async #replace(tiers: Tiers): Promise<void> {
    const [first = tiers.recent] = tiers.shards;
    if (first !== undefined) {
      for (const name of [SCRIPT, `${SCRIPT}.br`]) {
        await cp(join(this.#root, first, name), join(this.#root, `.${name}`));
        await rename(join(this.#root, `.${name}`), join(this.#root, name));
      }
    }
    await writeFile(join(this.#root, `.${TIERS}`), JSON.stringify(tiers));
    await rename(join(this.#root, `.${TIERS}`), join(this.#root, TIERS));
  }

  /** Removes indexes that nobody uses any more; those that `before` named only after a while. */
  async #clear(tiers: Tiers, before: Tiers | undefined): Promise<void> {
    const namedBy = (list: Tiers | undefined): string[] =>
      list ? [...list.shards, ...(list.recent === undefined ? [] : [list.recent])] : [];
    const current = new Set(namedBy(tiers));
    const superseded = new Set(namedBy(before));
    for (const entry of await readdir(this.#root, { withFileTypes: true })) {
      if (!entry.isDirectory() || current.has(entry.name)) continue;
      const folder = join(this.#root, entry.name);
      const now = Date.now();
      if (superseded.has(entry.name)) await utimes(folder, new Date(now), new Date(now));
      else if ((await stat(folder)).mtimeMs < now - KEEP_SUPERSEDED) {
        await rm(folder, { recursive: true });
        this.#contents.delete(entry.name);
      }
    }
  }
}

import { hash } from 'node:crypto';
import { readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { documentFacts, type DocumentFacts, type SearchDocument } from './documents.ts';
import { makeIndex, PAGEFIND_VERSION } from './indexing.ts';
import { inOrder, MOST_RECENT, type IndexedDocument } from './shard-plan.ts';

/** What an index holds, beside its files; not for readers. */
const CONTENTS = '.documents.json';
/** What is left of an index of which something was taken back, beside its results; not for readers. */
const LEFT = '.left.json';
/** Where the results of an index lie. */
const RESULTS = 'fragment';
/** Raised when the same documents give other files. */
const FORMAT = 4;

const contents = z.array(documentFacts.extend({ id: z.string() }));

/** Gives a document whole; undefined: it has changed since. */
export type LoadDocument = (facts: DocumentFacts) => SearchDocument | undefined;

/** A document has changed since it was planned to be indexed. */
export class IndexOutdated extends Error {}

function whole(document: SearchDocument | undefined): SearchDocument {
  if (!document) throw new IndexOutdated();
  return document;
}

/** The names in a folder; none where there is no folder. */
export async function namesBelow(folder: string): Promise<string[]> {
  return readdir(folder).catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return [];
    throw error;
  });
}

/** Removes everything in a folder, if it is there, but some names. */
async function keepOnly(folder: string, kept: ReadonlySet<string>): Promise<void> {
  for (const name of await namesBelow(folder)) {
    if (!kept.has(name)) await rm(join(folder, name), { recursive: true, force: true });
  }
}

/** The name of an index of these documents, whatever their order. */
function nameOf(documents: readonly DocumentFacts[]): string {
  const prints = documents.map(({ print }) => print).sort();
  return hash('sha256', `${FORMAT} ${PAGEFIND_VERSION} ${prints.join(' ')}`, 'hex').slice(0, 12);
}

/** The indexes in a folder, each in a folder of its own named by what it holds: made once, whole or not at all. */
export class IndexStore {
  readonly #root: string;
  /** What they hold, by name, as far as it was read or made. */
  readonly #contents = new Map<string, readonly IndexedDocument[]>();

  constructor(root: string) {
    this.#root = root;
  }

  /** What an index holds, in order; undefined: it is not there. */
  async contentsOf(name: string): Promise<readonly IndexedDocument[] | undefined> {
    const known = this.#contents.get(name);
    if (known) return known;
    const read = await this.#listIn(name, CONTENTS);
    if (read) this.#contents.set(name, read);
    return read;
  }

  /** Whether an index, or what is left of it, holds anything of some addresses; also where nobody can tell. */
  async holds(name: string, isGone: (url: string) => boolean): Promise<boolean> {
    return (await this.#listOf(name))?.some(({ url }) => isGone(url)) ?? true;
  }

  /**
   * Removes what an index holds of some addresses. Its words go whole, for they are those of all its documents; the
   * results of the others stay for pages that have found them. One whose content is not known is removed. Rejects where
   * a file cannot be removed.
   */
  async takeBack(name: string, isGone: (url: string) => boolean): Promise<void> {
    const held = await this.#listOf(name);
    if (!held) return this.remove(name);
    const left = held.filter(({ url }) => !isGone(url));
    this.#contents.delete(name);
    const folder = join(this.#root, name);
    // The list first: without one, whoever comes after a kill removes the rest.
    for (const list of [CONTENTS, LEFT]) await rm(join(folder, list), { force: true });
    await keepOnly(folder, new Set([RESULTS]));
    const results = left.flatMap(({ id }) => [`${id}.pf_fragment`, `${id}.pf_fragment.br`]);
    await keepOnly(join(folder, RESULTS), new Set(results));
    await writeFile(join(folder, LEFT), JSON.stringify(left));
  }

  async #listOf(name: string): Promise<readonly IndexedDocument[] | undefined> {
    return (await this.contentsOf(name)) ?? this.#listIn(name, LEFT);
  }

  async #listIn(name: string, list: string): Promise<IndexedDocument[] | undefined> {
    try {
      return contents.parse(JSON.parse(await readFile(join(this.#root, name, list), 'utf8')));
    } catch {
      return undefined;
    }
  }

  /**
   * Makes an index of some documents unless it is there; answers its name. Rejects with Outdated, with Pagefind's errors
   * and when the signal says so.
   */
  async make(documents: readonly DocumentFacts[], load: LoadDocument, signal?: AbortSignal): Promise<string> {
    const name = nameOf(documents);
    if (await this.contentsOf(name)) return name;
    const fresh = join(this.#root, `.fresh-${process.pid}`);
    await rm(fresh, { recursive: true, force: true });
    try {
      const sorted = documents.toSorted(inOrder);
      const results = await makeIndex(
        fresh,
        sorted.values().map((facts) => whole(load(facts))),
        { small: sorted.length <= MOST_RECENT, signal },
      );
      // Parsed, so that nothing of a whole document but its facts is kept.
      const held = contents.parse(sorted.map((facts) => ({ ...facts, id: results.get(facts.url) ?? '' })));
      const lost = held.find(({ id }) => id === '');
      if (lost) throw new Error(`Pagefind made no result for ${lost.url}.`);
      await writeFile(join(fresh, CONTENTS), JSON.stringify(held));
      await rm(join(this.#root, name), { recursive: true, force: true });
      await rename(fresh, join(this.#root, name));
      this.#contents.set(name, held);
    } finally {
      await rm(fresh, { recursive: true, force: true });
    }
    return name;
  }

  /** Removes an index. */
  async remove(name: string): Promise<void> {
    this.#contents.delete(name);
    await rm(join(this.#root, name), { recursive: true, force: true });
  }
}

import { hash } from 'node:crypto';
import { readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { documentFacts, type DocumentFacts, type SearchDocument } from './documents.ts';
import { makeIndex, PAGEFIND_VERSION } from './indexing.ts';
import { inOrder, MOST_RECENT, type IndexedDocument } from './shard-plan.ts';

/** Name of the file that lists the documents of an index, in the folder of the index. Readers do not load it. */
const CONTENTS = '.documents.json';
/**
 * Name of the file that lists the remaining documents of an index from which some were removed. Readers do not load it.
 */
const LEFT = '.left.json';
/** Name of the folder of the results of an index, in the folder of the index. */
const RESULTS = 'fragment';
/** Version of the files of an index. Raise it if the same documents now result in other files. */
const FORMAT = 4;

const contents = z.array(documentFacts.extend({ id: z.string() }));

/** Returns a whole document; undefined if it has changed since its facts were read. */
export type LoadDocument = (facts: DocumentFacts) => SearchDocument | undefined;

/** The error that a document has changed since its indexing was planned. */
export class IndexOutdated extends Error {}

function whole(document: SearchDocument | undefined): SearchDocument {
  if (!document) throw new IndexOutdated();
  return document;
}

/** Resolves to the names in a folder; to none if the folder does not exist. */
export async function namesBelow(folder: string): Promise<string[]> {
  return readdir(folder).catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return [];
    throw error;
  });
}

/** Removes everything in a folder except the names in `kept`. The folder need not exist. */
async function keepOnly(folder: string, kept: ReadonlySet<string>): Promise<void> {
  for (const name of await namesBelow(folder)) {
    if (!kept.has(name)) await rm(join(folder, name), { recursive: true, force: true });
  }
}

/**
 * Returns the name of an index of these documents, in any order: 12 hexadecimal digits that also depend on the versions
 * of the format and of Pagefind.
 */
function nameOf(documents: readonly DocumentFacts[]): string {
  const fingerprints = documents.map(({ print }) => print).sort();
  return hash('sha256', `${FORMAT} ${PAGEFIND_VERSION} ${fingerprints.join(' ')}`, 'hex').slice(0, 12);
}

/**
 * Stores indexes in a folder, each in a subfolder that is named by its content. An index is made once, and is complete
 * or does not exist.
 */
export class IndexStore {
  readonly #root: string;
  /** Cache of the documents of indexes, by name of the index. Contains only indexes that were read or made. */
  readonly #contents = new Map<string, readonly IndexedDocument[]>();

  constructor(root: string) {
    this.#root = root;
  }

  /**
   * Resolves to the documents of an index, in the order in which they were indexed; to undefined if the index does not
   * exist or is not complete.
   */
  async contentsOf(name: string): Promise<readonly IndexedDocument[] | undefined> {
    const known = this.#contents.get(name);
    if (known) return known;
    const read = await this.#listIn(name, CONTENTS);
    if (read) this.#contents.set(name, read);
    return read;
  }

  /**
   * Resolves to whether an index, or what remains of an index, contains a document whose URL satisfies `isGone`.
   * Resolves to true if the content of the index is not known.
   */
  async holds(name: string, isGone: (url: string) => boolean): Promise<boolean> {
    return (await this.#listOf(name))?.some(({ url }) => isGone(url)) ?? true;
  }

  /**
   * Removes all data of the documents whose URLs satisfy `isGone` from an index. Also removes all word files of the
   * index, because each word file contains words of many documents. The results of the other documents are kept: open
   * pages may already show links to them. An index whose content is not known is removed as a whole. Rejects if a file
   * cannot be removed.
   */
  async takeBack(name: string, isGone: (url: string) => boolean): Promise<void> {
    const held = await this.#listOf(name);
    if (!held) return this.remove(name);
    const left = held.filter(({ url }) => !isGone(url));
    this.#contents.delete(name);
    const folder = join(this.#root, name);
    // The lists are removed first: if this process is killed, the next call finds no list and removes the whole index.
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
   * Makes an index of some documents, unless it exists. Resolves to its name. Rejects with IndexOutdated if a document
   * has changed, with Pagefind's errors, and if the signal aborts.
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
      // Parsing drops everything but the facts of the documents, so that memory holds no texts.
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

  /** Removes an index with all its files. */
  async remove(name: string): Promise<void> {
    this.#contents.delete(name);
    await rm(join(this.#root, name), { recursive: true, force: true });
  }
}

import { hash } from 'node:crypto';
import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { documentFacts, type DocumentFacts, type SearchDocument } from './documents.ts';
import { makeIndex, PAGEFIND_VERSION } from './indexing.ts';
import { inOrder, MOST_RECENT, type IndexedDocument } from './tier-plan.ts';

/** What an index holds, beside its files; not for readers. */
const CONTENTS = '.documents.json';
/** Raised when the same documents give other files. */
const FORMAT = 3;

const contents = z.array(documentFacts.extend({ id: z.string() }));

/** Gives a document whole; undefined: it has changed since. */
export type LoadDocument = (facts: DocumentFacts) => SearchDocument | undefined;

/** A document has changed since it was planned to be indexed. */
export class Outdated extends Error {}

function whole(document: SearchDocument | undefined): SearchDocument {
  if (!document) throw new Outdated();
  return document;
}

/** The name of an index of these documents, whatever their order. */
function nameOf(documents: readonly DocumentFacts[]): string {
  const prints = documents.map(({ print }) => print).sort();
  return hash('sha256', `${FORMAT} ${PAGEFIND_VERSION} ${prints.join(' ')}`, 'hex').slice(0, 12);
}

/** The indexes in a folder, each in a folder of its own named by what it holds: made once, whole or not at all. */
export class MadeIndexes {
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
    try {
      const read = contents.parse(JSON.parse(await readFile(join(this.#root, name, CONTENTS), 'utf8')));
      this.#contents.set(name, read);
      return read;
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

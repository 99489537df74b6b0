import { z } from 'zod';
import { entryAt } from '../../model/entry-path.ts';
import type { Drafts } from '../drafts/drafts.ts';
import { entryRefAt, type EntryRef } from '../domain/entry-ref.ts';
import { entryFacts } from '../drafts/entry-title.ts';
import type { Repository } from '../storage/repository.ts';
import type { Catalogue } from './catalogue.ts';

/** An entry with its current title. */
export interface TitledEntry {
  name: EntryRef;
  title: string;
}

const titled = z.object({ path: z.string(), title: z.string() });

/**
 * Finds the titles of entries by the paths of their files. The title is read from the published version. If nothing is
 * published, it is read from the draft, and if there is no draft, from the deleted draft.
 */
export class EntryTitles {
  readonly #repository: Repository;
  readonly #drafts: Drafts;
  readonly #catalogue: Catalogue;

  constructor(repository: Repository, drafts: Drafts, catalogue: Catalogue) {
    this.#repository = repository;
    this.#drafts = drafts;
    this.#catalogue = catalogue;
  }

  /**
   * Resolves to the entries whose paths are in `words`, each with its title. The keys of the map are the paths of the
   * entries' files. Words that are not the path of an entry are left out, and so are entries that no longer exist.
   * @param words any texts, for example the values of `object` in the audit log.
   * @throws CatalogueBusy
   */
  async of(words: Iterable<string>): Promise<Map<string, TitledEntry>> {
    const files = [...new Set(words)].filter((word) => entryAt(word));
    if (files.length === 0) return new Map();
    // `draft` sorts before `main`: in the map below, the published title replaces the title of the draft.
    const sql = `SELECT path, title FROM entries
      WHERE path IN (SELECT value FROM json_each(:files)) AND blob IS NOT NULL ORDER BY place`;
    const rows = await this.#catalogue.rows(['draft', 'main'], titled, sql, { files: JSON.stringify(files) });
    const titles = new Map(rows.map(({ path, title }) => [path, title]));
    const missing = files.filter((file) => !titles.has(file));
    for (const [file, title] of await this.#deletedTitles(missing)) titles.set(file, title);
    return new Map(Array.from(titles, ([file, title]) => [file, { name: entryRefAt(file), title }] as const));
  }

  /** Resolves to the titles of deleted drafts. They are read from git, because the catalogue does not contain them. */
  async #deletedTitles(files: readonly string[]): Promise<[file: string, title: string][]> {
    if (files.length === 0) return [];
    const deleted = new Map((await this.#drafts.deleted()).map(({ name, commit }) => [name.file, commit]));
    const found = files.map(async (file): Promise<[string, string][]> => {
      const commit = deleted.get(file);
      const blob = commit === undefined ? undefined : await this.#repository.blobAt(commit, file);
      if (blob === undefined) return [];
      return [[file, entryFacts(file, (await this.#repository.bytes(blob)).toString()).title]];
    });
    return (await Promise.all(found)).flat();
  }
}

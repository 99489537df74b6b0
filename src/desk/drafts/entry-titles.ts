import { entryAt } from '../../model/entry-path.ts';
import type { Drafts } from './drafts.ts';
import { entryRefAt, type EntryRef } from '../domain/entry-ref.ts';
import { entryFacts } from './entry-title.ts';
import type { Repository } from '../storage/repository.ts';

/** An entry with its current title. */
export interface TitledEntry {
  name: EntryRef;
  title: string;
}

/**
 * Finds the titles of entries by the paths of their files. The title is read from the published version. If nothing is
 * published, it is read from the draft, and if there is no draft, from the deleted draft.
 */
export class EntryTitles {
  readonly #repository: Repository;
  readonly #drafts: Drafts;

  constructor(repository: Repository, drafts: Drafts) {
    this.#repository = repository;
    this.#drafts = drafts;
  }

  /**
   * Resolves to the entries whose paths are in `words`, each with its title. The keys of the map are the paths of the
   * entries' files. Words that are not the path of an entry are left out, and so are entries that no longer exist.
   * @param words any texts, for example the values of `object` in the audit log.
   */
  async of(words: Iterable<string>): Promise<Map<string, TitledEntry>> {
    const files = [...new Set(words)].filter((word) => entryAt(word));
    const head = await this.#repository.head();
    const deleted = new Map((await this.#drafts.deleted()).map(({ name, commit }) => [name.file, commit]));
    const found = files.map(async (file): Promise<[string, TitledEntry][]> => {
      const name = entryRefAt(file);
      const published = await this.#repository.blobAt(head, file);
      const commit = published ? head : ((await this.#drafts.find(name))?.commit ?? deleted.get(file));
      const blob = commit === undefined ? undefined : await this.#repository.blobAt(commit, file);
      if (blob === undefined) return [];
      const { title } = entryFacts(file, (await this.#repository.bytes(blob)).toString());
      return [[file, { name, title }]];
    });
    return new Map((await Promise.all(found)).flat());
  }
}

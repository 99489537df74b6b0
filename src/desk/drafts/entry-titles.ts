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

/** Looks up the titles of entries by their files: the published title, or the draft's, or the deleted draft's. */
export class EntryTitles {
  readonly #repository: Repository;
  readonly #drafts: Drafts;

  constructor(repository: Repository, drafts: Drafts) {
    this.#repository = repository;
    this.#drafts = drafts;
  }

  /** Returns the entries whose files are among some words, by file; leaves out those that no longer exist. */
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

import { entryAt } from '../../model/entry-path.ts';
import type { Drafts } from './drafts.ts';
import { entryRefAt, type EntryRef } from '../domain/entry-ref.ts';
import { entryFacts } from './entry-title.ts';
import type { Repository } from '../storage/repository.ts';

/** An entry with what it is called now. */
export interface TitledEntry {
  name: EntryRef;
  title: string;
}

/** What entries are called by their files: as published, else as the draft says. */
export class EntryTitles {
  readonly #repository: Repository;
  readonly #drafts: Drafts;

  constructor(repository: Repository, drafts: Drafts) {
    this.#repository = repository;
    this.#drafts = drafts;
  }

  /** The entries that some words are files of, as far as they are still there, by file. */
  async of(words: Iterable<string>): Promise<Map<string, TitledEntry>> {
    const files = [...new Set(words)].filter((word) => entryAt(word));
    const head = await this.#repository.head();
    const found = files.map(async (file): Promise<[string, TitledEntry][]> => {
      const name = entryRefAt(file);
      const commit = (await this.#repository.blobAt(head, file)) ? head : (await this.#drafts.find(name))?.commit;
      const blob = commit === undefined ? undefined : await this.#repository.blobAt(commit, file);
      if (blob === undefined) return [];
      const { title } = entryFacts(file, (await this.#repository.bytes(blob)).toString());
      return [[file, { name, title }]];
    });
    return new Map((await Promise.all(found)).flat());
  }
}

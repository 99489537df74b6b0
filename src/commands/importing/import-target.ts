import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { Comments } from '../../desk/drafts/comments.ts';
import { Drafts } from '../../desk/drafts/drafts.ts';
import type { EntryRef } from '../../desk/domain/entry-ref.ts';
import { importEntries, type Imported } from '../../desk/editing/import-folder.ts';
import { erasureOf } from '../../desk/erasure/erasure-record.ts';
import { openOriginals } from '../../desk/originals/open-originals.ts';
import type { Originals } from '../../desk/originals/originals.ts';
import { PhotoSource } from '../../desk/originals/photo-source.ts';
import { SamePictures } from '../../desk/originals/same-pictures.ts';
import { StoredPhotos } from '../../desk/originals/stored-photos.ts';
import { StoringSource, type LocalSource } from '../../desk/originals/storing-source.ts';
import { TurnedOriginals } from '../../desk/originals/turned-originals.ts';
import { UnreachedOriginals } from '../../desk/originals/unreached-originals.ts';
import { CommitSource } from '../../desk/storage/commit-source.ts';
import { repositoryFolder } from '../../desk/storage/create-repository.ts';
import { Repository } from '../../desk/storage/repository.ts';
import { TextThreads } from '../../desk/texts/text-threads.ts';
import { Library } from '../../library/library.ts';
import type { Fault } from '../../model/fault.ts';
import { MODEL_VERSION } from '../../model/migrations.ts';
import type { Finding } from '../../photo/rules/finding.ts';
import { openStore, type EncodedStore } from '../../photo/store/store.ts';
import { ownPages } from '../../render/compile/mdx-pages.ts';
import { PhotoFiles } from '../../render/publish/photo-files.ts';
import type { SiteNames } from '../../word/fields/story.ts';
import { originalsPlace } from '../environment/originals.ts';
import { CommandRefusal } from '../environment/settings.ts';
import { siteNames } from './site-names.ts';

const LOGIN = 'import';

/** Opens the database of a desk, which may be running; undefined if there is none. */
function openDatabase(file: string): DatabaseSync | undefined {
  if (!existsSync(file)) return undefined;
  const database = new DatabaseSync(file, { timeout: 5000 });
  UnreachedOriginals.createTable(database);
  return database;
}

/** Opens the repository of a data folder. @throws CommandRefusal if there is none, or it cannot be written by us. */
async function openRepository(data: string): Promise<Repository> {
  const folder = repositoryFolder(data);
  if (!existsSync(join(folder, 'HEAD'))) {
    throw new CommandRefusal(`${data} 里还没有编辑台的稿件库：请先运行一次 npm start。`);
  }
  const repository = await Repository.join(folder);
  const head = await repository.head().catch(() => {
    repository.close();
    throw new CommandRefusal(`${data} 里的稿件库（content.git）读不出来，没有导入：请先运行 npm start，看它怎么说。`);
  });
  if ((await repository.log.modelOf(head)) === MODEL_VERSION) return repository;
  repository.close();
  throw new CommandRefusal(`${data} 里的稿件库是由另一个版本的软件写的：请先运行一次 npm start，再来导入。`);
}

/** The parts of an open data folder. `database` is undefined if the desk has never been started with it. */
interface OpenParts {
  repository: Repository;
  originals: Originals;
  database: DatabaseSync | undefined;
}

/** A file of a photo that is to be imported. */
export interface PhotoToImport {
  /** Path of the file. */
  file: string;
  /** SHA-256 of its bytes, hexadecimal. */
  hash: string;
}

/** What the photo rules say of a photo: its erasure, or all findings about it. */
export type PhotoVerdict = { erased: string } | { findings: readonly Finding[] };

/** The data folder of a desk, into which entries are imported as drafts. The desk may be running. */
export class ImportTarget {
  readonly #parts: OpenParts;
  readonly #texts = new TextThreads();
  readonly #stored: StoredPhotos;
  readonly #encoded: EncodedStore;
  readonly #author = { name: process.env['EDITOR_NAME'] || '导入', login: LOGIN, role: 'reviewer' as const };
  #library: Promise<Library> | undefined;

  private constructor(data: string, parts: OpenParts) {
    this.#parts = parts;
    this.#encoded = openStore(join(data, 'encoded'));
    // Waits for a running desk that removes the same original.
    const unreached = parts.database && new UnreachedOriginals(parts.database);
    const claim = async (hash: string) => unreached?.claim(hash);
    this.#stored = new StoredPhotos(parts.repository, parts.originals, { claim });
  }

  /** Opens a data folder. @throws CommandRefusal if nothing can be imported into it. */
  static async open(data: string): Promise<ImportTarget> {
    const repository = await openRepository(data);
    const originals = await openOriginals(data, originalsPlace(), { alone: false });
    return new ImportTarget(data, { repository, originals, database: openDatabase(join(data, 'desk.sqlite')) });
  }

  /** Whether comments can be written, which mark what has to be checked in imported documents. */
  get takesComments(): boolean {
    return this.#parts.database !== undefined;
  }

  /** Imports the entries of a source with their photos as drafts: see `importEntries`. */
  async importEntries(source: LocalSource): Promise<Imported[]> {
    const { repository, database } = this.#parts;
    const storing = new StoringSource(source, async (file, name) => this.#stored.store(file, name));
    const pictures = new SamePictures(repository, database && new TurnedOriginals(database));
    return importEntries(storing, repository, new Drafts(repository), this.#author, this.#texts, pictures);
  }

  /** Resolves to the faults of the entries of a source, checked together with what is published: they may refer to it. */
  async faultsIn(source: LocalSource): Promise<Fault[]> {
    const library = await this.#published();
    const files = [...(await source.list()).keys()];
    const { decision } = await library.propose(source, new PhotoFiles(this.#encoded), files);
    const own = new Set(files);
    return [...decision.faults].filter(([file]) => own.has(file)).flatMap(([, found]) => found);
  }

  /** Resolves to the names of units and the federation in what is published. */
  async siteNames(): Promise<SiteNames> {
    const { repository } = this.#parts;
    return siteNames(new CommitSource(repository, await repository.head()));
  }

  /** Resolves to whether an entry is published. */
  async isPublished({ file }: EntryRef): Promise<boolean> {
    const { repository } = this.#parts;
    return (await repository.blobAt(await repository.head(), file)) !== undefined;
  }

  /** Applies the rules of an upload to a photo that is to belong to the entry `entry`. */
  async judge({ file, hash }: PhotoToImport, entry: EntryRef): Promise<PhotoVerdict> {
    const { database } = this.#parts;
    const erased = database && erasureOf(database, hash);
    if (erased) return { erased: erased.why };
    const inspection = await this.#encoded.inspect(hash, async () => ({ file, hash }));
    return { findings: (await this.#published()).findingsOf({ ...inspection, hash }, entry.file) };
  }

  /** Resolves to whether an entry has a draft. */
  async hasDraft(entry: EntryRef): Promise<boolean> {
    return (await new Drafts(this.#parts.repository).find(entry)) !== undefined;
  }

  /**
   * Adds comments on an entry, except those that an import has added before. Returns a function that removes the added
   * ones. @throws Error if the target takes no comments.
   */
  comment(entry: EntryRef, texts: readonly string[]): () => void {
    const { database } = this.#parts;
    if (!database) throw new Error('There is no database for comments.');
    const comments = new Comments(database);
    const own = comments.of(entry).filter(({ login }) => login === LOGIN);
    const added = texts
      .filter((text) => !own.some((comment) => comment.text === text))
      .map((text) => comments.add(entry, text, this.#author));
    return () => {
      for (const { id } of added) comments.remove(entry, id, this.#author);
    };
  }

  /** Resolves to what is published. It is read once. */
  async #published(): Promise<Library> {
    this.#library ??= this.#readPublished();
    return this.#library;
  }

  async #readPublished(): Promise<Library> {
    const { repository } = this.#parts;
    const library = new Library({ origin: '', ownPages: ownPages() }, new Map());
    const published = new PhotoSource(new CommitSource(repository, await repository.head()), this.#stored);
    library.accept(await library.propose(published, new PhotoFiles(this.#encoded)));
    return library;
  }

  async close(): Promise<void> {
    const { repository, originals, database } = this.#parts;
    await this.#texts.close();
    repository.close();
    originals.close();
    database?.close();
  }
}

import pLimit from 'p-limit';
import { textLengthFault } from '../../model/text-limit.ts';
import { draftJobs } from '../drafts/draft-job-file.ts';
import type { SentDocument } from '../drafts/draft-jobs.ts';
import type { Draft, Drafts } from '../drafts/drafts.ts';
import { DRAFTS, entryRefAt, entryRefOfBranch, photoPath, type EntryRef } from '../domain/entry-ref.ts';
import type { Writer } from '../drafts/photo-waivers.ts';
import type { SaveConflicts } from './save-conflicts.ts';
import { DraftMoved, Refusal } from '../domain/refusal.ts';
import type { Repository, TreeChange } from '../storage/repository.ts';
import type { TextThreads } from '../texts/text-threads.ts';

/** A text that somebody wants to save as the next version of an entry. */
export interface UnparsedSave {
  ref: EntryRef;
  /** The whole text of its file. */
  raw: string;
  /** Whether an exemption that the writer may not give is left out instead of refused, as in an older version. */
  lenient?: boolean;
}

/** The same text, parsed by `DraftSaves.parse`: what permissions are checked on and what is saved. */
export interface ParsedSave extends UnparsedSave {
  writer: Writer;
  document: SentDocument;
  /** The blobs of the stored versions that `document.settled` depends on. */
  settledOn: StoredVersions;
}

/** How a parsed text is saved. */
export interface SaveOptions {
  /** The blob that it was written from; null: the entry must be new. */
  baseId: string | null;
  /** First line of the commit message. */
  subject: string;
  /** Blobs of photos of another version of the entry, by file name: they replace stored photos of the same name. */
  photos?: ReadonlyMap<string, string>;
}

/** The result of a save: the next save is based on the blob, a review decision refers to the tree. */
export interface Saved {
  blob: string;
  tree: string;
}

/** The blobs of an entry's file: published, and in the version that a save is based on; undefined: there is none. */
interface StoredVersions {
  published: string | undefined;
  base: string | undefined;
}

/** An entry as it is stored at one moment. */
interface StoredEntry extends StoredVersions {
  draft: Draft | undefined;
  /** The published commit. */
  head: string;
  /** The commit that a save is based on: the draft's, or the published one if there is no draft. */
  commit: string;
}

/** Returns the blob of a photo that a writer may take into an entry, or undefined. */
type PhotoLookup = (src: string) => Promise<string | undefined>;

/** Most attempts at a save whose draft is moved meanwhile. */
const MOST_TRIES = 5;

/** Saves drafts, incomplete ones too: missing fields are faults only on the way to review. */
export class DraftSaves {
  readonly #repository: Repository;
  readonly #drafts: Drafts;
  readonly #photo: (src: string, author: Writer) => Promise<string | undefined>;
  readonly #texts: TextThreads;
  readonly #conflicts: SaveConflicts | undefined;
  /** New entries are stored one after another, so that no two get the same key. */
  readonly #filing = pLimit(1);

  /**
   * @param photo returns the blob of a photo that a writer may take into an entry, or undefined.
   * @param conflicts where texts that come too late are stored; undefined if nobody else writes.
   */
  constructor(
    repository: Repository,
    drafts: Drafts,
    photo: (src: string, author: Writer) => Promise<string | undefined>,
    texts: TextThreads,
    conflicts?: SaveConflicts,
  ) {
    this.#repository = repository;
    this.#drafts = drafts;
    this.#photo = photo;
    this.#texts = texts;
    this.#conflicts = conflicts;
  }

  /**
   * Parses a text for a save, in one job of a thread. The caller checks permissions on the result and hands it to
   * `save`.
   * @throws Refusal 413 if the text is too long, 422 if it cannot be parsed.
   */
  async parse(unparsed: UnparsedSave, writer: Writer): Promise<ParsedSave> {
    requireShort(unparsed.raw, '保存');
    return this.#parse(unparsed, writer, await this.#storedAt(unparsed.ref));
  }

  async #parse(unparsed: UnparsedSave, writer: Writer, { published, base }: StoredVersions): Promise<ParsedSave> {
    const { ref, raw, lenient = false } = unparsed;
    const baseText = await this.#textOf(base);
    const stored = { base: baseText, published: published === base ? baseText : await this.#textOf(published) };
    const job = { file: ref.file, raw, stored, writer, lenient };
    const document = await this.#texts.ask(writer.login, draftJobs, 'sentDocument', job);
    if ('what' in document) throw new Refusal(422, `没有保存：${document.what}。${document.remedy}`);
    return { ref, raw, lenient, writer, document, settledOn: { published, base } };
  }

  /**
   * Saves a parsed text as a draft that contains exactly the entry's file and the photos that it names. A repeated
   * save, whose first answer was lost, returns the first result again.
   * @throws Refusal 422 if a photo is missing, 403 if the writer may not give an exemption, 409 if the key is in use.
   * @throws StaleSave 409 if somebody else was faster; the text is stored as a conflict.
   */
  async save(parsed: ParsedSave, options: SaveOptions): Promise<Saved> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await this.#save(parsed, options);
      } catch (error) {
        // If only the draft's state has changed, the next attempt succeeds; if its text has, that attempt is refused.
        if (!(error instanceof DraftMoved) || attempt === MOST_TRIES) throw error;
      }
    }
  }

  async #save(parsed: ParsedSave, { baseId, subject, photos }: SaveOptions): Promise<Saved> {
    const { ref, raw, writer, document } = parsed;
    const uploaded: PhotoLookup = async (src) => photos?.get(src) ?? this.#photo(src, writer);
    const stored = await this.#storedAt(ref);
    const compose = async () => this.#compose(parsed, stored, uploaded, photos);
    if ((stored.base ?? null) !== baseId) {
      const done = await this.#savedBefore(stored, writer, compose);
      if (done) return done;
      const late = { name: ref, raw, photos: document.photos, baseId, author: writer, uploaded };
      const refusal = await this.#conflicts?.refuse(late, stored.commit);
      throw refusal ?? new Refusal(409, '同一个编号的稿件已经有了，没有保存。');
    }
    const { blob, tree } = await compose();
    const store = async () => this.#drafts.save(ref, stored.draft, { base: stored.commit, tree }, writer, subject);
    if (stored.base !== undefined) await store();
    else {
      await this.#filing(async () => {
        // Read again: another draft with this key may have been published meanwhile.
        await this.#refuseTwins(ref, await this.#repository.head());
        await store();
      });
    }
    return { blob, tree };
  }

  async #storedAt(ref: EntryRef): Promise<StoredEntry> {
    const draft = await this.#drafts.find(ref);
    const head = await this.#repository.head();
    const published = await this.#repository.blobAt(head, ref.file);
    const base = draft ? await this.#repository.blobAt(draft.commit, ref.file) : published;
    return { draft, head, commit: draft?.commit ?? head, published, base };
  }

  /** Stores the blob and the tree of a save on the current version; moves no ref. */
  async #compose(
    parsed: ParsedSave,
    stored: StoredEntry,
    uploaded: PhotoLookup,
    photos: SaveOptions['photos'],
  ): Promise<Saved> {
    const { ref, document, settledOn } = parsed;
    const isCurrent = settledOn.base === stored.base && settledOn.published === stored.published;
    const { settled } = isCurrent ? document : (await this.#parse(parsed, parsed.writer, stored)).document;
    if ('status' in settled) throw new Refusal(settled.status, settled.sentence);
    const blob = await this.#repository.write(settled.text);
    const changes = await this.#photoChanges(ref, stored, document.photos, uploaded, photos);
    return { blob, tree: await this.#repository.tree(stored.commit, [{ path: ref.file, blob }, ...changes]) };
  }

  /**
   * Returns the result of an earlier save by the same person whose text and photos were the same to the byte, if
   * nothing has happened to the draft since; otherwise undefined.
   */
  async #savedBefore(
    { draft, base }: StoredEntry,
    { login }: Writer,
    compose: () => Promise<Saved>,
  ): Promise<Saved | undefined> {
    if (draft?.state !== 'draft' || draft.by !== login || base === undefined) return undefined;
    const saved = await compose().catch((error: unknown) => {
      if (error instanceof Refusal) return undefined;
      throw error;
    });
    return saved?.blob === base && saved.tree === draft.tree ? saved : undefined;
  }

  async #textOf(blob: string | undefined): Promise<string | undefined> {
    return blob === undefined ? undefined : (await this.#repository.bytes(blob)).toString();
  }

  /**
   * Ids are unique over all units.
   * @throws Refusal 409 if another entry, published at `head` or a draft, has the same key.
   */
  async #refuseTwins(ref: EntryRef, head: string): Promise<void> {
    const folder = ref.file.slice(0, ref.file.indexOf('/'));
    const published = ref.collection === 'site' ? [] : await this.#repository.files(head, folder);
    const drafted = await this.#repository.refs(`${DRAFTS}${ref.collection}/`);
    const files = [
      ...published.map(({ path }) => path),
      ...Array.from(drafted.keys(), (branch) => entryRefOfBranch(branch)?.file ?? ''),
    ];
    const twin = files.find((file) => {
      if (file === ref.file || !/(?:^|\/)(?:index\.md|[^/]+\.(?:md|yml))$/u.test(file)) return false;
      try {
        return entryRefAt(file).key === ref.key;
      } catch {
        return false;
      }
    });
    if (twin !== undefined) throw new Refusal(409, `编号“${ref.key}”已经用在 ${twin}，没有保存。请新建一篇。`);
  }

  /**
   * Returns the changes that leave exactly the named photos beside an entry.
   * @param given blobs that replace stored photos of the same name.
   * @throws Refusal 422 if a photo is neither stored nor uploaded.
   */
  async #photoChanges(
    ref: EntryRef,
    { commit, head }: StoredEntry,
    named: readonly string[],
    uploaded: PhotoLookup,
    given: ReadonlyMap<string, string> = new Map(),
  ): Promise<TreeChange[]> {
    if (ref.folder === undefined) return [];
    const beside = await this.#repository.files(commit, ref.folder);
    const there = new Set(beside.map(({ path }) => path));
    /** Blobs by path; undefined: the stored photo stays. */
    const wanted = new Map<string, string | undefined>();
    const missing: string[] = [];
    for (const src of named) {
      const path = photoPath(ref, src);
      if (there.has(path) && !given.has(src)) wanted.set(path, undefined);
      else {
        const blob = (await uploaded(src)) ?? (await this.#repository.blobAt(head, path));
        if (blob === undefined) missing.push(src);
        else wanted.set(path, blob);
      }
    }
    if (missing.length > 0) {
      throw new Refusal(422, `没有保存：照片“${missing.join('”“')}”没有传上来。请删去它，重新选一次照片。`);
    }
    const gone = beside.filter(({ path }) => path !== ref.file && !wanted.has(path));
    return [
      ...gone.map(({ path }) => ({ path, blob: undefined })),
      ...[...wanted].flatMap(([path, blob]) => (blob === undefined ? [] : [{ path, blob }])),
    ];
  }
}

/**
 * @param not what is not done, as a verb in the refusal: “没有保存”.
 * @throws Refusal 413 if a text is longer than the desk accepts.
 */
export function requireShort(raw: string, not: string): void {
  const fault = textLengthFault(raw);
  if (fault) throw new Refusal(413, `没有${not}：${fault.what}。${fault.remedy}`);
}

import pLimit from 'p-limit';
import { entryAt } from '../../model/entry-path.ts';
import { textLengthFault } from '../../model/text-limit.ts';
import { draftJobs } from '../drafts/draft-job-file.ts';
import type { Refused, SentDocument } from '../drafts/draft-jobs.ts';
import type { Draft, Drafts } from '../drafts/drafts.ts';
import { DRAFTS, entryRefOfBranch, photoPath, type EntryRef } from '../domain/entry-ref.ts';
import type { Writer } from '../drafts/photo-waivers.ts';
import type { PhotoBlobs, SamePictures } from '../originals/same-pictures.ts';
import type { SaveConflicts } from './save-conflicts.ts';
import { DraftMoved, Refusal } from '../domain/refusal.ts';
import type { Repository, TreeChange } from '../storage/repository.ts';
import type { TextThreads } from '../texts/text-threads.ts';

/** A text that an editor wants to save as the next version of an entry. */
export interface UnparsedSave {
  ref: EntryRef;
  /** The whole text of the entry's file. */
  raw: string;
  /**
   * What happens to an exemption that the writer may not give: if true, the stored exemption stays; if false or
   * undefined, the save is refused. True is for older versions and refused texts, because these may contain exemptions
   * that other people gave.
   */
  lenient?: boolean;
}

/**
 * A text to save, parsed by `DraftSaves.parse`. Permissions are checked on this object, and `DraftSaves.save` saves it.
 */
export interface ParsedSave extends UnparsedSave {
  writer: Writer;
  document: SentDocument;
  /** The stored versions that `document.settled` was made from. */
  settledOn: StoredVersions;
}

/** The options of saving a parsed text. */
export interface SaveOptions {
  /** Id of the blob that the editor started from; null if the entry must be new. */
  baseId: string | null;
  /** First line of the commit message. */
  subject: string;
  /**
   * Ids of the blobs of photos of another version of the entry, by file name. They replace stored photos of the same
   * name.
   */
  photos?: ReadonlyMap<string, string>;
}

/**
 * The ids of the blob and the tree that a save has stored. The next save is based on the blob; a review decision refers
 * to the tree.
 */
export interface Saved {
  blob: string;
  tree: string;
}

/**
 * The ids of the blobs of an entry's file: in the published version, and in the version that a save is based on.
 * Undefined if there is no such version.
 */
interface StoredVersions {
  published: string | undefined;
  base: string | undefined;
}

/** The state of an entry in the repository at one moment. */
interface StoredEntry extends StoredVersions {
  draft: Draft | undefined;
  /** Id of the published commit. */
  head: string;
  /** Id of the commit that a save is based on: the draft's, or the published one if there is no draft. */
  commit: string;
}

/** A function that resolves to the id of the blob of a photo that a writer may use in an entry, or to undefined. */
type PhotoLookup = (src: string) => Promise<string | undefined>;

/** How many times a save is tried. It is tried again if the draft has changed during an attempt. */
const MOST_TRIES = 5;

/**
 * A service that saves drafts, incomplete ones too: missing fields are faults only when the draft is sent to review.
 */
export class DraftSaves {
  readonly #repository: Repository;
  readonly #drafts: Drafts;
  readonly #photo: (src: string, author: Writer) => Promise<string | undefined>;
  readonly #texts: TextThreads;
  readonly #pictures: SamePictures;
  readonly #conflicts: SaveConflicts | undefined;
  /** Queue in which new entries are saved one after another, so that no two get the same key. */
  readonly #filing = pLimit(1);

  /**
   * @param photo returns the id of the blob of a photo that a writer may use in an entry, or undefined.
   * @param pictures finds withdrawn pictures under other file names.
   * @param conflicts stores texts that are refused because the entry was changed meanwhile; undefined if nobody else
   * writes.
   */
  constructor(
    repository: Repository,
    drafts: Drafts,
    photo: (src: string, author: Writer) => Promise<string | undefined>,
    texts: TextThreads,
    pictures: SamePictures,
    conflicts?: SaveConflicts,
  ) {
    this.#repository = repository;
    this.#drafts = drafts;
    this.#photo = photo;
    this.#texts = texts;
    this.#pictures = pictures;
    this.#conflicts = conflicts;
  }

  /**
   * Parses a text for a save, in one job of a worker thread. The caller checks permissions on the result and then
   * passes it to `save`.
   * @throws Refusal 413 if the text is too long, 422 if it cannot be parsed or parsing takes too long.
   */
  async parse(unparsed: UnparsedSave, writer: Writer): Promise<ParsedSave> {
    requireShort(unparsed.raw, '保存');
    return this.#parse(unparsed, writer, await this.#storedAt(unparsed.ref));
  }

  /** @param related see `withDeskKeys`. */
  async #parse(
    unparsed: UnparsedSave,
    writer: Writer,
    { published, base }: StoredVersions,
    related: ReadonlyMap<string, unknown> = new Map(),
  ): Promise<ParsedSave> {
    const { ref, raw, lenient = false } = unparsed;
    const baseText = await this.#textOf(base);
    const stored = { base: baseText, published: published === base ? baseText : await this.#textOf(published) };
    const job = { file: ref.file, raw, stored, writer, lenient, related };
    const document = await this.#texts.ask(writer.login, draftJobs, 'sentDocument', job);
    if ('what' in document) throw new Refusal(422, `没有保存：${document.what}。${document.remedy}`);
    return { ref, raw, lenient, writer, document, settledOn: { published, base } };
  }

  /**
   * Saves a parsed text as a draft that contains exactly the entry's file and the photos that the text names. If the
   * same save was made before, and its response was lost, saves nothing and resolves to the first result.
   * @throws Refusal 422 if a photo is missing, 403 if the writer may not give an exemption, 409 if another entry has
   * the same key.
   * @throws StaleSave 409 if somebody else has changed the entry first. The text is then stored as a conflict.
   * @throws DraftMoved 409 if the draft changes during each of five attempts.
   */
  async save(parsed: ParsedSave, options: SaveOptions): Promise<Saved> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await this.#save(parsed, options);
      } catch (error) {
        // If only the state of the draft has changed, the next attempt succeeds. If the text has changed, the next
        // attempt is refused.
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
        // The published commit is read again: another draft with this key may have been published meanwhile.
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

  /**
   * Stores the blob and the tree of a save, based on the current version, and resolves to their ids. Moves no ref. Photos
   * are marked as withdrawn also if only another file with the same picture is withdrawn.
   * @throws Refusal 422 if a photo is missing or the reason of an exemption is too long, 403 if the writer may not give
   * an exemption.
   */
  async #compose(
    parsed: ParsedSave,
    stored: StoredEntry,
    uploaded: PhotoLookup,
    photos: SaveOptions['photos'],
  ): Promise<Saved> {
    const { ref, document, settledOn } = parsed;
    const isCurrent = settledOn.base === stored.base && settledOn.published === stored.published;
    const { settled } = isCurrent ? document : (await this.#parse(parsed, parsed.writer, stored)).document;
    const { text, withdrawn } = requireSettled(settled);
    const beside = await this.#photosBeside(ref, stored, document.photos, uploaded, photos);
    const related = await this.#relatedMarks(ref, stored, withdrawn, beside);
    const marked =
      related.size === 0
        ? text
        : requireSettled((await this.#parse(parsed, parsed.writer, stored, related)).document.settled).text;
    const blob = await this.#repository.write(marked);
    const changes = await this.#photoChanges(ref, stored, beside);
    return { blob, tree: await this.#repository.tree(stored.commit, [{ path: ref.file, blob }, ...changes]) };
  }

  /**
   * Resolves to the result of an earlier save by the same person. Text and photos of that save must be identical to the
   * byte, and the draft must not have changed since; otherwise resolves to undefined.
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
   * Checks that no other entry of the collection has the same key. Keys are unique over all units.
   * @param head the published commit.
   * @throws Refusal 409 if another published entry or another draft has the key.
   */
  async #refuseTwins(ref: EntryRef, head: string): Promise<void> {
    const [top = '', , ...rest] = ref.file.split('/');
    const drafted = await this.#repository.refs(`${DRAFTS}${ref.collection}/`);
    // Two paths with the same key can only differ in the folder below that of the collection: the unit.
    const others = rest.length === 0 ? [] : await this.#repository.foldersIn(head, top);
    const candidates = others.map((other) => [top, other, ...rest].join('/')).filter((file) => isTwin(file, ref));
    const published = await Promise.all(
      candidates.map(async (file) => ((await this.#repository.blobAt(head, file)) === undefined ? [] : [file])),
    );
    const drafts = Array.from(drafted.keys(), (branch) => entryRefOfBranch(branch)?.file ?? '');
    const [twin] = [...published.flat(), ...drafts.filter((file) => isTwin(file, ref))];
    if (twin !== undefined) throw new Refusal(409, `编号“${ref.key}”已经用在 ${twin}，没有保存。请新建一篇。`);
  }

  /** Resolves to the marks of photos whose pictures are withdrawn in a stored version under other file names. */
  async #relatedMarks(
    ref: EntryRef,
    { head, commit }: StoredEntry,
    withdrawn: ReadonlyMap<string, unknown>,
    photos: PhotoBlobs,
  ): Promise<ReadonlyMap<string, unknown>> {
    if (withdrawn.size === 0) return new Map();
    const commits = [...new Set([head, commit])];
    const versions = await Promise.all(commits.map(async (version) => this.#pictures.photosOf(version, ref)));
    return this.#pictures.relatedMarks(withdrawn, versions, photos);
  }

  /**
   * Resolves to the photos that an entry is to have beside its file.
   * @param named the file names of the photos.
   * @param given ids of blobs by file name: they replace stored photos of the same name.
   * @throws Refusal 422 if a photo is neither stored nor uploaded.
   */
  async #photosBeside(
    ref: EntryRef,
    { commit, head }: StoredEntry,
    named: readonly string[],
    uploaded: PhotoLookup,
    given: PhotoBlobs = new Map(),
  ): Promise<PhotoBlobs> {
    if (ref.folder === undefined) return new Map();
    const stored = new Map((await this.#repository.files(commit, ref.folder)).map(({ path, blob }) => [path, blob]));
    const photos = new Map<string, string>();
    const missing: string[] = [];
    for (const src of named) {
      const path = photoPath(ref, src);
      const kept = given.has(src) ? undefined : stored.get(path);
      const blob = kept ?? (await uploaded(src)) ?? (await this.#repository.blobAt(head, path));
      if (blob === undefined) missing.push(src);
      else photos.set(src, blob);
    }
    if (missing.length > 0) {
      throw new Refusal(422, `没有保存：照片“${missing.join('”“')}”没有传上来。请删去它，重新选一次照片。`);
    }
    return photos;
  }

  /** Resolves to the tree changes after which exactly these photos are beside an entry. */
  async #photoChanges(ref: EntryRef, { commit }: StoredEntry, photos: PhotoBlobs): Promise<TreeChange[]> {
    if (ref.folder === undefined) return [];
    const stored = new Map((await this.#repository.files(commit, ref.folder)).map(({ path, blob }) => [path, blob]));
    const wanted = new Map(Array.from(photos, ([src, blob]) => [photoPath(ref, src), blob]));
    const gone = [...stored.keys()].filter((path) => path !== ref.file && !wanted.has(path));
    return [
      ...gone.map((path) => ({ path, blob: undefined })),
      ...Array.from(wanted, ([path, blob]) => ({ path, blob })).filter(({ path, blob }) => stored.get(path) !== blob),
    ];
  }
}

/** Returns the settled text of a save. @throws Refusal if the writer may not save it. */
function requireSettled(settled: SentDocument['settled']): Exclude<SentDocument['settled'], Refused> {
  if ('status' in settled) throw new Refusal(settled.status, settled.sentence);
  return settled;
}

/**
 * Checks that a text is not longer than the desk accepts (MOST_CHARACTERS).
 * @param not Chinese verb for the action that is refused. The refusal begins with “没有” and this verb, such as “没有保存”.
 * @throws Refusal 413 if the text is too long.
 */
export function requireShort(raw: string, not: string): void {
  const fault = textLengthFault(raw);
  if (fault) throw new Refusal(413, `没有${not}：${fault.what}。${fault.remedy}`);
}

/** Returns whether a path is that of another entry with the same key as `ref`. */
function isTwin(file: string, ref: EntryRef): boolean {
  return file !== ref.file && entryAt(file)?.collection === ref.collection && entryAt(file)?.key === ref.key;
}

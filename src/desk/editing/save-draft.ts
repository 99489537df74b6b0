import pLimit from 'p-limit';
import { textLengthFault } from '../../model/text-limit.ts';
import { draftJobs } from '../drafts/draft-job-file.ts';
import type { SentFacts, SentText } from '../drafts/draft-jobs.ts';
import type { Draft, Drafts } from '../drafts/drafts.ts';
import { DRAFTS, entryRefAt, entryRefOfBranch, photoPath, type EntryRef } from '../domain/entry-ref.ts';
import type { Writer } from '../drafts/photo-waivers.ts';
import type { SaveConflicts } from './save-conflicts.ts';
import { DraftMoved, Refusal } from '../domain/refusal.ts';
import type { Repository, TreeChange } from '../storage/repository.ts';
import type { TextThreads } from '../texts/text-room.ts';

/** A save as an editor asks for it. */
export interface Save {
  /** Path of the entry's file. */
  file: string;
  /** Its whole text. */
  raw: string;
  /** The version it was written from; null: there was none, so it must be new. */
  baseId: string | null;
  subject: string;
  /** Files of photos that come from another version of the entry, by name: they go before what is there. */
  photos?: ReadonlyMap<string, string>;
  /** An exemption that the writer may not give is left out, not refused: the text is an older one. */
  lenient?: boolean;
}

/** What a save has made: the next save starts from the blob, a decision is about the tree. */
export interface Saved {
  blob: string;
  tree: string;
}

/** What a version of an entry is made of. */
interface Composing {
  name: EntryRef;
  save: Save;
  /** The photos that it names, and where one comes from that is not there yet. */
  sources: readonly string[];
  uploaded: (src: string) => string | undefined;
  /** The commits that it is laid over and that is published, and the version that stands in the first. */
  base: string;
  head: string;
  current: string | undefined;
}

/** How often a save is made anew because its draft has moved meanwhile. */
const MOST_TRIES = 5;

/** Writing drafts: half-finished ones too, for what is missing is asked for on the way to review. */
export class DraftSaves {
  readonly #repository: Repository;
  readonly #drafts: Drafts;
  /** The blob of a photo that somebody may take into an entry; undefined: there is none of that name. */
  readonly #photo: (src: string, author: Writer) => string | undefined;
  readonly #texts: TextThreads;
  /** Where texts that come too late are kept; undefined: nobody else writes. */
  readonly #conflicts: SaveConflicts | undefined;
  /** New entries are filed one after another, so that no two get the same key. */
  readonly #filing = pLimit(1);

  constructor(
    repository: Repository,
    drafts: Drafts,
    photo: (src: string, author: Writer) => string | undefined,
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
   * What a text that somebody sends says. Throws a Refusal where it is too long (413), or cannot be taken apart (422).
   */
  async look({ file, raw }: SentText, author: Pick<Writer, 'login'>): Promise<SentFacts> {
    requireShort(raw, '保存');
    const said = await this.#texts.ask(author.login, draftJobs, 'sentFacts', { file, raw });
    if ('what' in said) throw new Refusal(422, `没有保存：${said.what}。${said.remedy}`);
    return said;
  }

  /**
   * Saves an entry as a draft; answers its file's new version and its new tree. The draft then holds exactly the file
   * and the photos it names. A save that was done already, whose answer was lost on its way, is answered once more.
   * Throws a Refusal: the text cannot be taken apart, a photo is not there, somebody else was faster (a StaleSave, which
   * keeps the text), an exemption is given by who may not.
   */
  async save(save: Save, author: Writer): Promise<Saved> {
    const { file, raw } = save;
    const name = entryRefAt(file);
    const { photos: sources } = await this.look({ file, raw }, author);
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await this.#save(name, save, sources, author);
      } catch (error) {
        // Where only the state has moved, the same save is right on what it is now; else it is refused as stale.
        if (!(error instanceof DraftMoved) || attempt === MOST_TRIES) throw error;
      }
    }
  }

  async #save(name: EntryRef, save: Save, sources: readonly string[], author: Writer): Promise<Saved> {
    const { file, raw, baseId, subject } = save;
    const uploaded = (src: string) => save.photos?.get(src) ?? this.#photo(src, author);
    const draft = await this.#drafts.find(name);
    const head = await this.#repository.head();
    const base = draft?.commit ?? head;
    const current = await this.#repository.blobAt(base, file);
    const composing = { name, save, sources, uploaded, base, head, current };
    if ((current ?? null) !== baseId) {
      const done = await this.#savedBefore(draft, composing, author);
      if (done) return done;
      const refusal = await this.#conflicts?.refuse({ name, raw, photos: sources, baseId, author, uploaded }, base);
      throw refusal ?? new Refusal(409, '同一个编号的稿件已经有了，没有保存。');
    }
    const { blob, tree } = await this.#compose(composing, author);
    const store = async () => this.#drafts.save(name, draft, { base, tree }, author, subject);
    if (current !== undefined) await store();
    else {
      await this.#filing(async () => {
        // As published now: another of this key may have gone from draft to page meanwhile.
        await this.#refuseTwins(name, await this.#repository.head());
        await store();
      });
    }
    return { blob, tree };
  }

  /** What is stored if the text is saved on what it is based on; nothing is moved yet. */
  async #compose({ name, save, sources, uploaded, base, head, current }: Composing, author: Writer): Promise<Saved> {
    const { file, raw, lenient = false } = save;
    const published = await this.#repository.blobAt(head, file);
    const [publishedText, baseText] = await Promise.all([this.#textOf(published), this.#textOf(current)]);
    const standing = { published: publishedText, base: baseText, lenient };
    const settled = await this.#texts.ask(author.login, draftJobs, 'settledText', {
      file,
      raw,
      standing,
      writer: author,
    });
    if ('status' in settled) throw new Refusal(settled.status, settled.sentence);
    const blob = await this.#repository.write(settled.text);
    const photos = await this.#photoChanges(name, base, head, sources, uploaded, save.photos);
    return { blob, tree: await this.#repository.tree(base, [{ path: file, blob }, ...photos]) };
  }

  /**
   * What an earlier save by the same person has made, if it is to the byte what is sent now, text and photos, and if
   * nothing has happened to the draft since; undefined: there is no such save.
   */
  async #savedBefore(draft: Draft | undefined, composing: Composing, author: Writer): Promise<Saved | undefined> {
    if (draft?.state !== 'draft' || draft.by !== author.login || composing.current === undefined) return undefined;
    const saved = await this.#compose(composing, author).catch((error: unknown) => {
      if (error instanceof Refusal) return undefined;
      throw error;
    });
    return saved?.blob === composing.current && saved.tree === draft.tree ? saved : undefined;
  }

  async #textOf(blob: string | undefined): Promise<string | undefined> {
    return blob === undefined ? undefined : (await this.#repository.bytes(blob)).toString();
  }

  /** Ids are unique over all units: no other entry, published or not, may have this one's key. */
  async #refuseTwins(name: EntryRef, head: string): Promise<void> {
    const folder = name.file.slice(0, name.file.indexOf('/'));
    const published = name.collection === 'site' ? [] : await this.#repository.files(head, folder);
    const drafted = await this.#repository.refs(`${DRAFTS}${name.collection}/`);
    const files = [
      ...published.map(({ path }) => path),
      ...Array.from(drafted.keys(), (ref) => entryRefOfBranch(ref)?.file ?? ''),
    ];
    const twin = files.find((file) => {
      if (file === name.file || !/(?:^|\/)(?:index\.md|[^/]+\.(?:md|yml))$/u.test(file)) return false;
      try {
        return entryRefAt(file).key === name.key;
      } catch {
        return false;
      }
    });
    if (twin !== undefined) throw new Refusal(409, `编号“${name.key}”已经用在 ${twin}，没有保存。请新建一篇。`);
  }

  /** Puts the photos that an entry names beside it, and takes the others away. */
  async #photoChanges(
    name: EntryRef,
    base: string,
    head: string,
    sources: readonly string[],
    uploaded: (src: string) => string | undefined,
    given: ReadonlyMap<string, string> = new Map(),
  ): Promise<TreeChange[]> {
    const { folder } = name;
    if (folder === undefined) return [];
    const beside = await this.#repository.files(base, folder);
    const there = new Set(beside.map(({ path }) => path));
    const wanted = new Map<string, string | undefined>();
    const missing: string[] = [];
    for (const src of sources) {
      const path = photoPath(name, src);
      if (there.has(path) && !given.has(src)) wanted.set(path, undefined);
      else {
        const blob = uploaded(src) ?? (await this.#repository.blobAt(head, path));
        if (blob === undefined) missing.push(src);
        else wanted.set(path, blob);
      }
    }
    if (missing.length > 0) {
      throw new Refusal(422, `没有保存：照片“${missing.join('”“')}”没有传上来。请删去它，重新选一次照片。`);
    }
    const gone = beside.filter(({ path }) => path !== name.file && !wanted.has(path));
    return [
      ...gone.map(({ path }) => ({ path, blob: undefined })),
      ...[...wanted].flatMap(([path, blob]) => (blob === undefined ? [] : [{ path, blob }])),
    ];
  }
}

/** Throws a Refusal (413) where a text that somebody sends is longer than the desk takes; `not`: what is not done, then. */
export function requireShort(raw: string, not: string): void {
  const fault = textLengthFault(raw);
  if (fault) throw new Refusal(413, `没有${not}：${fault.what}。${fault.remedy}`);
}

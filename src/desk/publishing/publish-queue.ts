import pLimit from 'p-limit';
import { addressOf } from '../../library/queries/addresses.ts';
import { hasProvenance } from '../../model/collections/collections.ts';
import type { Fault, Verdict } from '../../model/fault.ts';
import type { Published } from '../../render/publish/publisher.ts';
import { isDiskFull } from '../storage/disk-full-error.ts';
import { requireShort } from '../editing/save-draft.ts';
import { stateWords, type Draft, type Drafts } from '../drafts/drafts.ts';
import type { EntryRef } from '../domain/entry-ref.ts';
import { consentFaults } from '../../model/consents.ts';
import { parseFile } from '../../model/document.ts';
import {
  shownPhotosIn,
  withdrawnIn,
  withPhotoWithdrawal,
  withPublication,
  withWithdrawal,
} from '../drafts/front-matter.ts';
import type { Source } from '../../library/content/content-source.ts';
import type { PhotoBlobs, SamePictures } from '../originals/same-pictures.ts';
import { Refusal, refusedFor } from '../domain/refusal.ts';
import { MAIN, type Author, type RefUpdate, type Repository, type TreeChange } from '../storage/repository.ts';
import type { SiteUpdates } from './site-updates.ts';

/** The result of a change after it was published. */
export interface PublishResult {
  /** Time from the request until the last page was replaced, in milliseconds. */
  milliseconds: number;
  /** Number of pages that were rendered. */
  pages: number;
  /** Path of the entry's page, or undefined if it has none. */
  address: string | undefined;
}

/**
 * Checks that a person may still make a change. This function is called just before the change is made, perhaps minutes
 * after the request.
 * @throws Refusal 401 or 403 if the person may no longer make the change.
 */
export type StillAllowed = () => Promise<unknown>;

/** A new commit to which main has not been moved yet. */
interface Candidate {
  commit: string;
  paths: string[];
  /** Updates of other refs, which are made in one transaction with the update of main. */
  refs: readonly RefUpdate[];
  /** Faults of the change that depend on today's date, which the rules of the library do not know. */
  faults?: readonly Fault[];
}

/** A withdrawal: the reason, and whether the entry's page shows neither title nor reason. */
export interface Withdrawal {
  reason: string;
  hideTitle?: boolean | undefined;
}

/** A withdrawal of photos of an entry. */
export interface PhotoWithdrawal {
  /** File names of the photos; `all` for every photo that is not withdrawn yet. */
  srcs: readonly string[] | 'all';
  reason: string;
  /** Id of the blob of the entry's file that the person's form started from. */
  baseId?: string | null | undefined;
}

/** Parameters of a PublishQueue; see its constructor. */
interface PublishQueueOptions {
  sourceOf: (commit: string) => Source;
  pictures: SamePictures;
  onTrouble: (error: unknown) => void;
  retryAfter?: number | undefined;
}

/** How many times a change is composed. It is composed again if another writer has moved main in the meantime. */
const MOST_TRIES = 20;
/** Time after which a failed round of rendering is repeated, in milliseconds. */
const RETRY_AFTER = 60_000;

/** What an editor reads if a round of rendering failed, by kind of change. */
const FAILURES = {
  published: '内容已经收下，但网页没有做成，网站保持原样',
  takenDown: '已经记下，但没有全部从网站上撤掉',
} as const;

/**
 * Publishes changes of the content. Changes are committed one after another, and each is checked before main moves.
 * Changes that are accepted while pages are being rendered are rendered together in the next round. A fault in a file
 * that a change does not touch does not prevent the change.
 *
 * Every method that changes content also throws Refusal 401 or 403 if the person may no longer make the change, 409 if
 * other writers move main too often, and 500 or 507 if the change is committed but rendering failed.
 */
export class PublishQueue {
  readonly #repository: Repository;
  readonly #drafts: Drafts;
  readonly #site: SiteUpdates;
  readonly #today: () => string;
  readonly #sourceOf: (commit: string) => Source;
  readonly #pictures: SamePictures;
  readonly #merging = pLimit(1);
  readonly #rendering = pLimit(1);
  /** Files that are in main but not published yet: being rendered, waiting, or left by a failed round. */
  readonly #pending = new Set<string>();
  /** Id of the commit to which main was last moved; empty before the first change. */
  #accepted = '';
  /** The next round of rendering if it has not started yet, or undefined if no change waits for one. */
  #round: Promise<Published> | undefined;
  readonly #retryAfter: number;
  /** The timer for the next attempt after a failed round. */
  #nextTry: NodeJS.Timeout | undefined;
  readonly #onTrouble: (error: unknown) => void;

  /**
   * @param today returns today's date in China, YYYY-MM-DD.
   * @param options.sourceOf returns the content of a commit, with its photos.
   * @param options.pictures finds withdrawn pictures under other file names.
   * @param options.onTrouble receives the errors of repeated rounds: no request waits for these.
   * @param options.retryAfter time after which a failed round is repeated, in milliseconds.
   */
  constructor(
    repository: Repository,
    drafts: Drafts,
    site: SiteUpdates,
    today: () => string,
    { sourceOf, pictures, onTrouble, retryAfter = RETRY_AFTER }: PublishQueueOptions,
  ) {
    this.#sourceOf = sourceOf;
    this.#pictures = pictures;
    this.#repository = repository;
    this.#drafts = drafts;
    this.#site = site;
    this.#today = today;
    this.#onTrouble = onTrouble;
    this.#retryAfter = retryAfter;
  }

  /**
   * Resolves to the faults and remarks that a draft would have if it were published now. @throws Refusal 404, 409 or
   * 413 if the draft cannot be merged into main or is too long.
   */
  async verdictOn(draft: Draft, author: Author): Promise<Verdict> {
    const { commit, paths, faults = [] } = await this.#publicationOf(draft, author, await this.#repository.head());
    const verdict = await this.#site.judge(this.#sourceOf(commit), paths, this.#pending);
    return { ...verdict, faults: [...verdict.faults, ...faults] };
  }

  /**
   * Publishes an approved draft. Resolves when its page is published.
   * @param seen id of the git tree that the person looked at.
   * @throws Refusal 404 if there is no draft; 409 if it is not approved, has another tree or conflicts with main; 422
   * if `seen` is undefined or the draft has faults (all of them are listed).
   */
  async publish(
    name: EntryRef,
    seen: string | undefined,
    author: Author,
    stillAllowed: StillAllowed,
  ): Promise<PublishResult> {
    return this.#change(name, stillAllowed, async (head) => {
      const draft = await this.#drafts.require(name);
      if (draft.state !== 'pending_publish') {
        throw new Refusal(409, `这一篇现在是“${stateWords[draft.state]}”，没有发布：先改为“已通过”才能发布。`);
      }
      requireShown(draft, seen);
      return this.#publicationOf(draft, author, head);
    });
  }

  /**
   * Withdraws a published entry: its page stays, and shows the reason, or only that the entry is withdrawn.
   * @throws Refusal 404 if the entry is not published, 422 if entries of its collection cannot be withdrawn.
   */
  async withdraw(
    name: EntryRef,
    withdrawal: Withdrawal,
    author: Author,
    stillAllowed: StillAllowed,
  ): Promise<PublishResult> {
    if (!hasProvenance(name.collection)) throw new Refusal(422, '这一类内容不能撤稿：请直接修改或删除。');
    return this.#takeDown(name, stillAllowed, async (head) => {
      const blob = await this.#repository.blobAt(head, name.file);
      if (blob === undefined) throw new Refusal(404, '这一篇还没有发布，用不着撤稿。');
      const text = await this.#textOf(blob);
      const facts = { today: this.#today(), ...withdrawal };
      const withdrawn = await this.#repository.write(withWithdrawal(name.file, text, facts));
      const changes = [{ path: name.file, blob: withdrawn }];
      const candidate = await this.#commitOf(head, changes, author, `撤稿 ${name.slug}`);
      // A draft of the entry is rebased to the withdrawal, so that publishing the draft later causes no conflict.
      const draft = await this.#drafts.find(name);
      if (!draft) return candidate;
      const to = await this.#drafts.rebased(draft, candidate.commit, author);
      return { ...candidate, refs: [{ ref: name.ref, from: draft.commit, to }] };
    });
  }

  /**
   * Withdraws some photos of a published entry; the entry stays as it is, published or withdrawn. A draft of the entry
   * gets the same marks and is rebased, so that publishing the draft later does not bring the photos back. In both, all
   * photos with the same pictures are withdrawn (SamePictures). So a photo may also be named as only the draft names it.
   * @returns the result; `withdrawn`, the file names of the withdrawn photos in the published text; and `blob`, the id of
   * the blob from which the person's form continues. It is undefined if the form did not start from the version that was
   * changed.
   * @throws Refusal 404 if the entry is not published, 409 if no photo of these names is left to withdraw.
   */
  async withdrawPhotos(
    name: EntryRef,
    { srcs, reason, baseId }: PhotoWithdrawal,
    author: Author,
    stillAllowed: StillAllowed,
  ): Promise<{ live: PublishResult; blob: string | undefined; withdrawn: readonly string[] }> {
    let continued: string | undefined;
    let withdrawn: readonly string[] = [];
    const live = await this.#takeDown(name, stillAllowed, async (head) => {
      const before = await this.#repository.blobAt(head, name.file);
      if (before === undefined) throw new Refusal(404, '这一篇还没有发布：照片直接在草稿里删去就行。');
      const text = await this.#textOf(before);
      const shown = shownPhotosIn(name.file, text);
      const draft = await this.#drafts.find(name);
      const photos = {
        published: await this.#pictures.photosOf(head, name),
        drafted: draft ? await this.#pictures.photosOf(draft.commit, name) : new Map<string, string>(),
      };
      const named = srcs === 'all' ? shown : srcs;
      const blobs = named.flatMap((src) => photos.published.get(src) ?? photos.drafted.get(src) ?? []);
      const same = async (others: PhotoBlobs) => (await this.#pictures.matches(others, blobs)).keys();
      const chosen = new Set([...named, ...(await same(photos.published))]);
      withdrawn = shown.filter((src) => chosen.has(src));
      if (withdrawn.length === 0) {
        throw new Refusal(409, '已发布的这一篇里没有这张照片，或它已经撤下，没有处理。请刷新页面再看。');
      }
      const facts = { today: this.#today(), reason };
      const write = async (source: string, marked: Iterable<string>, published: boolean): Promise<string> =>
        this.#repository.write(withPhotoWithdrawal(name.file, source, new Set(marked), { ...facts, published }));
      const blob = await write(text, withdrawn, true);
      const candidate = await this.#commitOf(head, [{ path: name.file, blob }], author, `撤下照片 ${name.slug}`);
      const drafted = draft && (await this.#repository.blobAt(draft.commit, name.file));
      if (!draft || drafted === undefined) {
        continued = baseId === before ? blob : undefined;
        return candidate;
      }
      const marked = [...withdrawn, ...(await same(photos.drafted))];
      const own = await write(await this.#textOf(drafted), marked, false);
      continued = baseId === drafted ? own : undefined;
      const to = await this.#drafts.rebased(draft, candidate.commit, author, [{ path: name.file, blob: own }]);
      return { ...candidate, refs: [{ ref: name.ref, from: draft.commit, to }] };
    });
    return { live, blob: continued, withdrawn };
  }

  /**
   * Deletes a published entry with its photos.
   * @throws Refusal 404 if the entry is not published; 422 if other entries refer to it (all of them are listed).
   */
  async remove(name: EntryRef, author: Author, stillAllowed: StillAllowed): Promise<PublishResult> {
    if (name.collection === 'site') throw new Refusal(422, '网站设置不能删除，只能修改。');
    return this.#takeDown(name, stillAllowed, async (head) => {
      if ((await this.#repository.blobAt(head, name.file)) === undefined) {
        throw new Refusal(404, '这一篇没有发布，或已被删除。请刷新页面。');
      }
      const files = name.folder === undefined ? [] : await this.#repository.files(head, name.folder);
      const paths = new Set([name.file, ...files.map(({ path }) => path)]);
      const changes = Array.from(paths, (path) => ({ path, blob: undefined }));
      return this.#commitOf(head, changes, author, `删除 ${name.slug}`);
    });
  }

  /**
   * Changes several published entries in one commit, and moves or deletes other refs in the same transaction.
   * @param compose resolves to the changes, compared with the commit `head` of main.
   * @throws Refusal 422 if the result has faults (all of them are listed).
   */
  async rewrite(
    subject: string,
    author: Author,
    stillAllowed: StillAllowed,
    compose: (head: string) => Promise<{ changes: readonly TreeChange[]; refs: readonly RefUpdate[] }>,
  ): Promise<PublishResult> {
    return this.#change(
      undefined,
      stillAllowed,
      async (head) => {
        const { changes, refs } = await compose(head);
        return { ...(await this.#commitOf(head, changes, author, subject)), refs };
      },
      'takenDown',
    );
  }

  /**
   * Resolves when the changes and rounds of rendering that are in progress have ended. Files that a failed round has
   * left are not rendered: the next start of the desk does that.
   */
  async settled(): Promise<void> {
    await this.#merging(async () => undefined);
    await this.#rendering(async () => undefined);
    clearTimeout(this.#nextTry);
  }

  async #takeDown(
    name: EntryRef,
    stillAllowed: StillAllowed,
    compose: (head: string) => Promise<Candidate>,
  ): Promise<PublishResult> {
    return this.#change(name, stillAllowed, compose, 'takenDown');
  }

  async #change(
    name: EntryRef | undefined,
    stillAllowed: StillAllowed,
    compose: (head: string) => Promise<Candidate>,
    request: keyof typeof FAILURES = 'published',
  ): Promise<PublishResult> {
    const start = performance.now();
    await this.#merging(async () => this.#move(stillAllowed, compose));
    const { rendered } = await this.#render().catch((error: unknown) => {
      const why = error instanceof Error ? error.message : String(error);
      throw new Refusal(
        isDiskFull(error) ? 507 : 500,
        `${FAILURES[request]}：${why}。编辑台过一分钟会自己再试；请把这句话告诉管理员。`,
      );
    });
    const address = name && addressOf(name.collection, name.key);
    return { milliseconds: performance.now() - start, pages: rendered, address };
  }

  /**
   * Composes a change, checks it and moves main to it. If this method throws, no ref has moved.
   * @throws Refusal 422 if the change has faults; 401 or 403 if the person may no longer make it; 409 if main has been
   * moved by other writers too many times.
   */
  async #move(stillAllowed: StillAllowed, compose: (head: string) => Promise<Candidate>): Promise<void> {
    for (let attempt = 0; attempt < MOST_TRIES; attempt += 1) {
      await stillAllowed();
      const head = await this.#repository.head();
      const candidate = await compose(head);
      const source = this.#sourceOf(candidate.commit);
      const verdict = await this.#site.judge(source, candidate.paths, this.#pending);
      const faults = [...verdict.faults, ...(candidate.faults ?? [])];
      if (faults.length > 0) throw refusedFor(faults);
      // Permission is checked again, because checking the content takes a while.
      await stillAllowed();
      if (await this.#repository.move([{ ref: MAIN, from: head, to: candidate.commit }, ...candidate.refs])) {
        for (const path of candidate.paths) this.#pending.add(path);
        this.#accepted = candidate.commit;
        return;
      }
    }
    throw new Refusal(409, '编辑台很忙，没有发布。请过一会儿再试一次。');
  }

  /**
   * Renders all pending files. All calls that come before the next round starts share that round. If a round fails, a
   * timer repeats it, so that a withdrawn page is removed even if nobody publishes anything.
   */
  async #render(): Promise<Published> {
    this.#round ??= this.#rendering(async () => {
      // All callers up to now share this round; later callers wait for the next one.
      await Promise.resolve();
      this.#round = undefined;
      const paths = [...this.#pending];
      clearTimeout(this.#nextTry);
      try {
        const published = await this.#site.publish(paths, this.#sourceOf(this.#accepted));
        for (const path of paths) this.#pending.delete(path);
        return published;
      } catch (error) {
        this.#nextTry = setTimeout(() => void this.#render().catch(this.#onTrouble), this.#retryAfter).unref();
        throw error;
      }
    });
    return this.#round;
  }

  async #publicationOf(draft: Draft, author: Author, head: string): Promise<Candidate> {
    const { name, commit } = draft;
    const merged = await this.#repository.mergedTree(head, commit);
    if (merged === undefined) {
      throw new Refusal(
        409,
        '这一篇在您修改期间被他人发布过，两边改了同一处。请打开已发布的版本，把修改补进去再送审。',
      );
    }
    // Publishes the merged text, not the draft's: it contains corrections that were made in main in the meantime.
    const blob = await this.#repository.blobAt(merged, name.file);
    if (blob === undefined) throw new Refusal(404, '草稿里没有这一篇的文字。请重新保存一次。');
    const text = await this.#textOf(blob);
    // Drafts from before the limit may be longer: checking one would delay the responses to readers.
    requireShort(text, '处理');
    const changes: TreeChange[] = [];
    let published = text;
    if (hasProvenance(name.collection)) {
      const current = await this.#repository.blobAt(head, name.file);
      const before = current === undefined ? undefined : await this.#textOf(current);
      const related = await this.#relatedMarks(name, before, head, merged);
      const publication = { before, today: this.#today(), by: author.name, related };
      published = withPublication(name.file, text, publication);
      changes.push({ path: name.file, blob: await this.#repository.write(published) });
    }
    const subject = `发布 ${name.slug}`;
    const tree = await this.#repository.tree(merged, changes);
    const submitted = draft.submittedAt === undefined ? {} : { 'Desk-Submitted': draft.submittedAt };
    const trailers = { 'Desk-By': author.login, 'Desk-Entry': name.file, ...submitted };
    const publication = await this.#repository.commit(tree, [head, commit], author, { subject, trailers });
    const refs = [{ ref: name.ref, from: commit, to: undefined }];
    const faults = consentFaultsIn(name, published, this.#today());
    return { commit: publication, paths: await this.#pathsOf(name, head, publication), refs, faults };
  }

  /**
   * Resolves to the marks of the photos in a git tree whose pictures are withdrawn in the published text under other file
   * names.
   */
  async #relatedMarks(
    name: EntryRef,
    published: string | undefined,
    head: string,
    tree: string,
  ): Promise<ReadonlyMap<string, unknown>> {
    const withdrawn = published === undefined ? new Map<string, unknown>() : withdrawnIn(name.file, published);
    if (withdrawn.size === 0) return new Map();
    const pictures = this.#pictures;
    const versions = [await pictures.photosOf(head, name)];
    return pictures.relatedMarks(withdrawn, versions, await pictures.photosOf(tree, name));
  }

  async #commitOf(head: string, changes: readonly TreeChange[], author: Author, subject: string): Promise<Candidate> {
    const tree = await this.#repository.tree(head, changes);
    const trailers = { 'Desk-By': author.login };
    const commit = await this.#repository.commit(tree, [head], author, { subject, trailers });
    return { commit, paths: changes.map(({ path }) => path), refs: [] };
  }

  async #textOf(blob: string): Promise<string> {
    return (await this.#repository.bytes(blob)).toString();
  }

  /** Resolves to the paths of all files that an entry has in any of the given commits. */
  async #pathsOf(name: EntryRef, ...commits: string[]): Promise<string[]> {
    const { folder } = name;
    if (folder === undefined) return [name.file];
    const files = await Promise.all(commits.map(async (commit) => this.#repository.files(commit, folder)));
    return [...new Set(files.flat().map(({ path }) => path))];
  }
}

/**
 * Checks that a draft has not changed since a person looked at it: that its git tree is still `seen`. If `seen` is
 * undefined, checks nothing.
 * @throws Refusal 409 if the draft has another tree.
 */
export function requireSeen(draft: Draft, seen: string | undefined): void {
  if (seen === undefined || seen === draft.tree) return;
  throw new Refusal(409, `${draft.author}刚刚改过这一篇，您看到的不是最新的。请刷新页面，重新看过再决定。`);
}

/**
 * Checks that a draft has not changed since a person looked at it: that its git tree is still `seen`.
 * @throws Refusal 422 if `seen` is undefined, 409 if the draft has another tree.
 */
export function requireShown(draft: Draft, seen: string | undefined): void {
  if (seen === undefined) throw new Refusal(422, '没有说明看的是哪一版，没有处理。请刷新页面，看过再决定。');
  requireSeen(draft, seen);
}

/** Returns the faults of the consents that ended before `today` (YYYY-MM-DD) in the text of an entry. */
function consentFaultsIn({ file }: EntryRef, text: string, today: string): Fault[] {
  // Most texts name no end of a consent: they need not be parsed.
  if (!text.includes('consentUntil')) return [];
  const parsed = parseFile(file, text);
  return 'what' in parsed ? [] : consentFaults(file, parsed.data, today);
}

import pLimit from 'p-limit';
import { addressOf } from '../../library/queries/addresses.ts';
import { collections } from '../../model/collections/collections.ts';
import type { Verdict } from '../../model/fault.ts';
import type { Published } from '../../render/publish/publisher.ts';
import { isDiskFull } from '../storage/disk-full-error.ts';
import { requireShort } from '../editing/save-draft.ts';
import { stateWords, type Draft, type Drafts } from '../drafts/drafts.ts';
import type { EntryRef } from '../domain/entry-ref.ts';
import { withPublication, withWithdrawal } from '../drafts/front-matter.ts';
import type { Source } from '../../library/content/content-source.ts';
import { Refusal, refusedFor } from '../domain/refusal.ts';
import { MAIN, type Author, type RefUpdate, type Repository, type TreeChange } from '../storage/repository.ts';
import type { SiteUpdates } from './site-updates.ts';

/** The result of a change that is live. */
export interface PublishResult {
  /** Milliseconds from the request to the last page. */
  milliseconds: number;
  /** How many pages were rendered. */
  pages: number;
  /** Address of the entry's page; undefined: it has none. */
  address: string | undefined;
}

/**
 * Checks that the person may still make a change whose turn has come, perhaps minutes after the request.
 * @throws Refusal 401 or 403
 */
export type StillAllowed = () => Promise<unknown>;

/** A commit that main has not been moved to yet. */
interface Candidate {
  commit: string;
  paths: string[];
  /** Updates of other refs, in one transaction with main. */
  refs: readonly RefUpdate[];
}

interface PublishQueueOptions {
  sourceOf: (commit: string) => Source;
  onTrouble: (error: unknown) => void;
  again?: number | undefined;
}

/** Most attempts at a change while main is moved by others. */
const MOST_TRIES = 20;
/** Milliseconds after which a failed round of rendering is repeated. */
const AGAIN = 60_000;

/** The sentence for a failed round of rendering, by request. */
const FAILURES = {
  published: '内容已经收下，但网页没有做成，网站保持原样',
  takenDown: '已经记下，但没有全部从网站上撤掉',
} as const;

/**
 * Changes of the published content. They are committed one after another; each is judged before a ref moves. Changes
 * that are accepted while pages are being rendered are rendered together in the next round. Faults of files that a
 * change does not touch do not refuse it.
 */
export class PublishQueue {
  readonly #repository: Repository;
  readonly #drafts: Drafts;
  readonly #site: SiteUpdates;
  readonly #today: () => string;
  readonly #sourceOf: (commit: string) => Source;
  readonly #merging = pLimit(1);
  readonly #rendering = pLimit(1);
  /** Files that are accepted and not live yet: being rendered, waiting, or left by a failed round. */
  readonly #pending = new Set<string>();
  /** The newest accepted commit. */
  #accepted = '';
  /** The next round of rendering, which has not begun; undefined: nobody waits for one. */
  #round: Promise<Published> | undefined;
  readonly #again: number;
  /** The timer of the next attempt after a failed round. */
  #nextTry: NodeJS.Timeout | undefined;
  readonly #onTrouble: (error: unknown) => void;

  /**
   * @param today returns the date in China, YYYY-MM-DD.
   * @param options.sourceOf returns the content of a commit, with its photos.
   * @param options.onTrouble receives errors of repeated rounds, which nobody waits for.
   * @param options.again milliseconds after which a failed round is repeated.
   */
  constructor(
    repository: Repository,
    drafts: Drafts,
    site: SiteUpdates,
    today: () => string,
    { sourceOf, onTrouble, again = AGAIN }: PublishQueueOptions,
  ) {
    this.#sourceOf = sourceOf;
    this.#repository = repository;
    this.#drafts = drafts;
    this.#site = site;
    this.#today = today;
    this.#onTrouble = onTrouble;
    this.#again = again;
  }

  /** Judges a draft as if it were published now. */
  async verdictOn(draft: Draft, author: Author): Promise<Verdict> {
    const { commit, paths } = await this.#publicationOf(draft, author, await this.#repository.head());
    return this.#site.judge(this.#sourceOf(commit), paths, this.#pending);
  }

  /**
   * Publishes an approved draft; resolves when it is live.
   * @param seen the tree that the person looked at.
   * @throws Refusal 404 if there is no draft, 409 if it is not approved or another tree, 422 with all its faults.
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
        throw new Refusal(409, `这一篇现在是“${stateWords[draft.state]}”，没有发布：先改为“就绪”才能发布。`);
      }
      requireShown(draft, seen);
      return this.#publicationOf(draft, author, head);
    });
  }

  /**
   * Withdraws a published entry: its page stays and shows the reason.
   * @throws Refusal 404 if it is not published, 422 if entries of its collection cannot be withdrawn.
   */
  async withdraw(name: EntryRef, reason: string, author: Author, stillAllowed: StillAllowed): Promise<PublishResult> {
    if (!hasProvenance(name)) throw new Refusal(422, '这一类内容不能撤稿：请直接修改或删除。');
    return this.#takeDown(name, stillAllowed, async (head) => {
      const blob = await this.#repository.blobAt(head, name.file);
      if (blob === undefined) throw new Refusal(404, '这一篇还没有发布，用不着撤稿。');
      const text = await this.#textOf(blob);
      const withdrawn = await this.#repository.write(withWithdrawal(name.file, text, this.#today(), reason));
      const changes = [{ path: name.file, blob: withdrawn }];
      const candidate = await this.#commitOf(head, changes, author, `撤稿 ${name.slug}`);
      // A draft of the entry is rebased, so that publishing it later is no conflict.
      const draft = await this.#drafts.find(name);
      if (!draft) return candidate;
      const to = await this.#drafts.rebased(draft, candidate.commit, author);
      return { ...candidate, refs: [{ ref: name.ref, from: draft.commit, to }] };
    });
  }

  /**
   * Deletes a published entry with its photos.
   * @throws Refusal 404 if it is not published, 422 with the entries that refer to it.
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
   * Changes several published entries in one commit, together with refs of drafts.
   * @param compose returns the changes of a published commit.
   * @throws Refusal 422 with all faults of the result.
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

  /** Waits for changes and rendering under way; leaves failed files to the next start. */
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
   * Composes a change, judges it and moves main to it. If this throws, no ref has moved.
   * @throws Refusal 422 if the change has faults, 401 or 403 if the person may no longer make it.
   */
  async #move(stillAllowed: StillAllowed, compose: (head: string) => Promise<Candidate>): Promise<void> {
    for (let attempt = 0; attempt < MOST_TRIES; attempt += 1) {
      await stillAllowed();
      const head = await this.#repository.head();
      const candidate = await compose(head);
      const source = this.#sourceOf(candidate.commit);
      const { faults } = await this.#site.judge(source, candidate.paths, this.#pending);
      if (faults.length > 0) throw refusedFor(faults);
      // Again, because judging takes a while.
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
   * Renders pending files. Callers that come during a round share the next one. A failed round is repeated by a timer,
   * so that a withdrawn page is removed even if nobody publishes.
   */
  async #render(): Promise<Published> {
    this.#round ??= this.#rendering(async () => {
      // Callers until now share this round; later ones wait for the next.
      await Promise.resolve();
      this.#round = undefined;
      const paths = [...this.#pending];
      clearTimeout(this.#nextTry);
      try {
        const published = await this.#site.publish(paths, this.#sourceOf(this.#accepted));
        for (const path of paths) this.#pending.delete(path);
        return published;
      } catch (error) {
        this.#nextTry = setTimeout(() => void this.#render().catch(this.#onTrouble), this.#again).unref();
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
    // The merged text, not the draft's: corrections in main meanwhile stay.
    const blob = await this.#repository.blobAt(merged, name.file);
    if (blob === undefined) throw new Refusal(404, '草稿里没有这一篇的文字。请重新保存一次。');
    const text = await this.#textOf(blob);
    // Drafts from before the limit may be longer: judging one would keep readers waiting.
    requireShort(text, '处理');
    const changes: TreeChange[] = [];
    if (hasProvenance(name)) {
      const current = await this.#repository.blobAt(head, name.file);
      const before = current === undefined ? undefined : await this.#textOf(current);
      const publication = { before, today: this.#today(), by: author.name };
      const published = withPublication(name.file, text, publication);
      changes.push({ path: name.file, blob: await this.#repository.write(published) });
    }
    const subject = `发布 ${name.slug}`;
    const tree = await this.#repository.tree(merged, changes);
    const submitted = draft.submittedAt === undefined ? {} : { 'Desk-Submitted': draft.submittedAt };
    const trailers = { 'Desk-By': author.login, 'Desk-Entry': name.file, ...submitted };
    const publication = await this.#repository.commit(tree, [head, commit], author, { subject, trailers });
    const refs = [{ ref: name.ref, from: commit, to: undefined }];
    return { commit: publication, paths: await this.#pathsOf(name, head, publication), refs };
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

  /** Returns the paths of all files that an entry has in some commits. */
  async #pathsOf(name: EntryRef, ...commits: string[]): Promise<string[]> {
    const { folder } = name;
    if (folder === undefined) return [name.file];
    const files = await Promise.all(commits.map(async (commit) => this.#repository.files(commit, folder)));
    return [...new Set(files.flat().map(({ path }) => path))];
  }
}

/** @throws Refusal 409 if a draft is no longer the tree that somebody looked at; undefined passes. */
export function requireSeen(draft: Draft, seen: string | undefined): void {
  if (seen === undefined || seen === draft.tree) return;
  throw new Refusal(409, `${draft.author}刚刚改过这一篇，您看到的不是最新的。请刷新页面，重新看过再决定。`);
}

/** @throws Refusal 422 if the tree that somebody looked at is not given, 409 if it is another one. */
export function requireShown(draft: Draft, seen: string | undefined): void {
  if (seen === undefined) throw new Refusal(422, '没有说明看的是哪一版，没有处理。请刷新页面，看过再决定。');
  requireSeen(draft, seen);
}

/** Returns whether entries of this collection record when they were published, changed and withdrawn. */
function hasProvenance({ collection }: EntryRef): boolean {
  return 'published' in collections[collection].schema.shape;
}

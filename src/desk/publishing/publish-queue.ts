import pLimit from 'p-limit';
import type { Source } from '../../library/content/source.ts';
import { addressOf } from '../../library/queries/addresses.ts';
import { collections } from '../../model/collections/collections.ts';
import type { Verdict } from '../../model/fault.ts';
import type { Published } from '../../render/publish/publisher.ts';
import { isDiskFull } from '../storage/disk-full-error.ts';
import { requireShort } from '../editing/save-draft.ts';
import { stateWords, type Draft, type Drafts } from '../drafts/drafts.ts';
import type { EntryRef } from '../domain/entry-ref.ts';
import { withPublication, withWithdrawal } from '../drafts/front-matter.ts';
import { CommitSource } from '../storage/commit-source.ts';
import { Refusal, refusedFor } from '../domain/refusal.ts';
import { MAIN, type Author, type RefUpdate, type Repository, type TreeChange } from '../storage/repository.ts';

/** What publishing needs of the publisher. */
export interface SiteRenderer {
  /** What the rules say of some files, in the company of others that are accepted and not live yet. */
  judge(source: Source, paths: readonly string[], besides: Iterable<string>): Promise<Verdict>;
  publish(paths: Iterable<string>, source: Source): Promise<Published>;
}

/** When and where a change is live. */
export interface PublishResult {
  /** From the request to the last page, in milliseconds. */
  milliseconds: number;
  pages: number;
  /** Address of the entry's page; undefined: it has none of its own. */
  address: string | undefined;
}

/**
 * Checks that the person may still make a change whose turn has come, perhaps minutes after the request.
 * @throws Refusal 401 or 403
 */
export type StillAllowed = () => Promise<unknown>;

/** A change of main that is ready and not yet made. */
interface Candidate {
  commit: string;
  paths: string[];
  /** Refs that move together with main. */
  refs: readonly RefUpdate[];
}

/** How often a change is made anew because main has moved meanwhile. */
const MOST_TRIES = 20;
/** After a round of rendering that failed the next one begins by itself, in milliseconds. */
const AGAIN = 60_000;

/** What a round of rendering that failed leaves, by what was asked for. */
const LEFT_BEHIND = {
  published: '内容已经收下，但网页没有做成，网站保持原样',
  takenBack: '已经记下，但没有全部从网站上撤掉',
} as const;

/**
 * Changes of what is published: made one after another, each judged before anything moves; what becomes ready while
 * pages are being rendered is rendered together. A fault elsewhere in the library is no reason to refuse.
 */
export class PublishQueue {
  readonly #repository: Repository;
  readonly #drafts: Drafts;
  readonly #press: SiteRenderer;
  readonly #today: () => string;
  readonly #merging = pLimit(1);
  readonly #rendering = pLimit(1);
  /** Files that are accepted and not live yet: being rendered, waiting for it, or left by a round that failed. */
  readonly #owed = new Set<string>();
  /** The newest accepted commit. */
  #accepted = '';
  /** The round of rendering that has not begun; undefined: nobody waits. */
  #round: Promise<Published> | undefined;
  readonly #again: number;
  /** The next try after a round that failed. */
  #nextTry: NodeJS.Timeout | undefined;
  readonly #onTrouble: (error: unknown) => void;

  /**
   * `today` answers the date in China, YYYY-MM-DD; `onTrouble` is told what fails again when nobody waits for it;
   * `again`: how long after a failure it is tried again, in milliseconds.
   */
  constructor(
    repository: Repository,
    drafts: Drafts,
    press: SiteRenderer,
    today: () => string,
    { onTrouble, again = AGAIN }: { onTrouble: (error: unknown) => void; again?: number | undefined },
  ) {
    this.#repository = repository;
    this.#drafts = drafts;
    this.#press = press;
    this.#today = today;
    this.#onTrouble = onTrouble;
    this.#again = again;
  }

  /** What the rules would say of a draft if it were published now. */
  async verdictOn(draft: Draft, author: Author): Promise<Verdict> {
    const { commit, paths } = await this.#publicationOf(draft, author, await this.#repository.head());
    return this.#press.judge(new CommitSource(this.#repository, commit), paths, this.#owed);
  }

  /**
   * Publishes a draft that is ready; resolves when it is live. `seen`: the tree that was looked at. Throws a Refusal:
   * the draft is not ready or another, or it has faults (all of them).
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

  /** Takes a published entry back: its page stays and says why. */
  async withdraw(name: EntryRef, reason: string, author: Author, stillAllowed: StillAllowed): Promise<PublishResult> {
    if (!isProvenanced(name)) throw new Refusal(422, '这一类内容不能撤稿：请直接修改或删除。');
    return this.#takeBack(name, stillAllowed, async (head) => {
      const blob = await this.#repository.blobAt(head, name.file);
      if (blob === undefined) throw new Refusal(404, '这一篇还没有发布，用不着撤稿。');
      const text = await this.#textOf(blob);
      const written = await this.#repository.write(withWithdrawal(name.file, text, this.#today(), reason));
      const changes = [{ path: name.file, blob: written }];
      const candidate = await this.#commitOf(head, changes, author, `撤稿 ${name.slug}`);
      // A draft of it goes on from here, so that publishing it later is no conflict.
      const draft = await this.#drafts.find(name);
      if (!draft) return candidate;
      const to = await this.#drafts.rebased(draft, candidate.commit, author);
      return { ...candidate, refs: [{ ref: name.ref, from: draft.commit, to }] };
    });
  }

  /** Deletes a published entry with its photos. Throws a Refusal that lists who refers to it. */
  async remove(name: EntryRef, author: Author, stillAllowed: StillAllowed): Promise<PublishResult> {
    if (name.collection === 'site') throw new Refusal(422, '网站设置不能删除，只能修改。');
    return this.#takeBack(name, stillAllowed, async (head) => {
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
   * Changes several published entries in one commit, and takes drafts away with it. `compose` answers what is to
   * change of what is published at a commit. Throws a Refusal where the whole would have faults.
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
      'takenBack',
    );
  }

  /** Waits for what is under way; what failed is left to the next start. */
  async settled(): Promise<void> {
    await this.#merging(async () => undefined);
    await this.#rendering(async () => undefined);
    clearTimeout(this.#nextTry);
  }

  async #takeBack(
    name: EntryRef,
    stillAllowed: StillAllowed,
    compose: (head: string) => Promise<Candidate>,
  ): Promise<PublishResult> {
    return this.#change(name, stillAllowed, compose, 'takenBack');
  }

  async #change(
    name: EntryRef | undefined,
    stillAllowed: StillAllowed,
    compose: (head: string) => Promise<Candidate>,
    asked: keyof typeof LEFT_BEHIND = 'published',
  ): Promise<PublishResult> {
    const start = performance.now();
    await this.#merging(async () => this.#move(stillAllowed, compose));
    const { rendered } = await this.#render().catch((error: unknown) => {
      const why = error instanceof Error ? error.message : String(error);
      throw new Refusal(
        isDiskFull(error) ? 507 : 500,
        `${LEFT_BEHIND[asked]}：${why}。编辑台过一分钟会自己再试；请把这句话告诉管理员。`,
      );
    });
    const address = name && addressOf(name.collection, name.key);
    return { milliseconds: performance.now() - start, pages: rendered, address };
  }

  /**
   * Makes a change, judges it and moves main to it. Nothing has moved when this throws.
   * @throws Refusal 422 with the faults of the change, 401 or 403 if the person may no longer make it.
   */
  async #move(stillAllowed: StillAllowed, compose: (head: string) => Promise<Candidate>): Promise<void> {
    for (let attempt = 0; attempt < MOST_TRIES; attempt += 1) {
      await stillAllowed();
      const head = await this.#repository.head();
      const candidate = await compose(head);
      const source = new CommitSource(this.#repository, candidate.commit);
      const { faults } = await this.#press.judge(source, candidate.paths, this.#owed);
      if (faults.length > 0) throw refusedFor(faults);
      // Again, because judging takes a while.
      await stillAllowed();
      if (await this.#repository.move([{ ref: MAIN, from: head, to: candidate.commit }, ...candidate.refs])) {
        for (const path of candidate.paths) this.#owed.add(path);
        this.#accepted = candidate.commit;
        return;
      }
    }
    throw new Refusal(409, '编辑台很忙，没有发布。请过一会儿再试一次。');
  }

  /**
   * Renders what is owed; whoever comes while pages are rendered shares the next round. After one that failed the next
   * begins by itself: nothing that was taken back stays because nobody publishes.
   */
  async #render(): Promise<Published> {
    this.#round ??= this.#rendering(async () => {
      // Others may have come since this round was asked for; who comes from now on waits for the next.
      await Promise.resolve();
      this.#round = undefined;
      const paths = [...this.#owed];
      clearTimeout(this.#nextTry);
      try {
        const published = await this.#press.publish(paths, new CommitSource(this.#repository, this.#accepted));
        for (const path of paths) this.#owed.delete(path);
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
    // The merged text, not the draft's: what was corrected in main meanwhile stays.
    const blob = await this.#repository.blobAt(merged, name.file);
    if (blob === undefined) throw new Refusal(404, '草稿里没有这一篇的文字。请重新保存一次。');
    const text = await this.#textOf(blob);
    // A draft that is longer was saved when longer ones were taken: judging it would keep readers waiting.
    requireShort(text, '处理');
    const changes: TreeChange[] = [];
    if (isProvenanced(name)) {
      const standing = await this.#repository.blobAt(head, name.file);
      const before = standing === undefined ? undefined : await this.#textOf(standing);
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

  /** Every file that an entry has or had. */
  async #pathsOf(name: EntryRef, ...commits: string[]): Promise<string[]> {
    const { folder } = name;
    if (folder === undefined) return [name.file];
    const files = await Promise.all(commits.map(async (commit) => this.#repository.files(commit, folder)));
    return [...new Set(files.flat().map(({ path }) => path))];
  }
}

/** Throws a Refusal where a draft is no longer what somebody looked at. */
export function requireSeen(draft: Draft, seen: string | undefined): void {
  if (seen === undefined || seen === draft.tree) return;
  throw new Refusal(409, `${draft.author}刚刚改过这一篇，您看到的不是最新的。请刷新页面，重新看过再决定。`);
}

/** Throws a Refusal where nobody says what was looked at (422), or it was something else (409). */
export function requireShown(draft: Draft, seen: string | undefined): void {
  if (seen === undefined) throw new Refusal(422, '没有说明看的是哪一版，没有处理。请刷新页面，看过再决定。');
  requireSeen(draft, seen);
}

/** Does the desk note when entries of this collection were published, changed and taken back? */
function isProvenanced({ collection }: EntryRef): boolean {
  return 'published' in collections[collection].schema.shape;
}

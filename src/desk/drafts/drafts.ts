import { z } from 'zod';
import { timeInChina } from '../domain/china-time.ts';
import { DRAFTS, entryRefOfBranch, TRASH, type EntryRef } from '../domain/entry-ref.ts';
import { DraftMoved, Refusal } from '../domain/refusal.ts';
import type { Author, RefUpdate, Repository, TreeChange } from '../storage/repository.ts';

/** The states of a draft. Decap and the trailers of commits use these names. */
export const draftState = z.enum(['draft', 'pending_review', 'pending_publish']);
export type DraftState = z.infer<typeof draftState>;

/** The names of the states in sentences for editors. */
export const stateWords = { draft: '草稿', pending_review: '待审', pending_publish: '已通过' } as const;

/** A draft in the repository, as the last commit of the draft's ref contains it. */
export interface Draft {
  name: EntryRef;
  commit: string;
  /**
   * Id of the git tree of `commit`. It identifies the content and does not depend on the state: a review decision
   * refers to one tree.
   */
  tree: string;
  state: DraftState;
  /** The name of the person who made the last commit: who saved the draft, or moved it to another state. */
  author: string;
  /** The login of the person who made the last commit; empty if the commit does not name it. */
  by: string;
  /** When the last commit was made, ISO 8601. */
  updatedAt: string;
  /** The logins of all people who have saved the draft. */
  writers: readonly string[];
  /** When the draft was first sent to review, ISO 8601; undefined if it never was. */
  submittedAt: string | undefined;
  /**
   * The last return of the draft to its author; undefined if there was none, or the draft was sent to review again
   * since.
   */
  returned: Return | undefined;
}

/** A draft that was deleted. */
export interface DeletedDraft {
  name: EntryRef;
  /** The last commit of the draft. */
  commit: string;
  /** When the draft was deleted, ISO 8601. */
  at: string;
}

/** The return of a draft to its author. */
interface Return {
  reason: string;
  /** The reviewer's name. */
  by: string;
}

/** Those fields of a draft that are stored in the trailers of each of the draft's commits. */
type Progress = Pick<Draft, 'state' | 'writers' | 'submittedAt' | 'returned'>;

function trailersOf({ state, writers, submittedAt, returned }: Progress, author: Author) {
  return {
    'Desk-State': state,
    'Desk-By': author.login,
    'Desk-Writer': writers,
    ...(submittedAt === undefined ? {} : { 'Desk-Submitted': submittedAt }),
    ...(returned ? { 'Desk-Returned': returned.reason, 'Desk-Returned-By': returned.by } : {}),
  };
}

/**
 * The drafts of entries. A draft is a git ref beside main, at most one for each entry. The state of a draft is in the
 * trailers of its commits.
 */
export class Drafts {
  readonly #repository: Repository;
  readonly #now: () => number;

  /** @param now returns the time, in milliseconds since 1970, that becomes part of the ref of a deleted draft. */
  constructor(repository: Repository, now: () => number = Date.now) {
    this.#repository = repository;
    this.#now = now;
  }

  /** Resolves to the draft of an entry, or to undefined if there is none. */
  async find(name: EntryRef): Promise<Draft | undefined> {
    const commit = await this.#repository.commitAt(name.ref);
    return commit === undefined ? undefined : this.#read(name, commit);
  }

  /**
   * Resolves to the draft of an entry.
   * @throws Refusal 404 if there is none.
   */
  async require(name: EntryRef): Promise<Draft> {
    const draft = await this.find(name);
    if (!draft) throw new Refusal(404, '这一篇没有草稿：可能刚刚发布，或已被删除。请刷新页面。');
    return draft;
  }

  /** Resolves to all drafts. */
  async all(): Promise<Draft[]> {
    const refs = [...(await this.#repository.refs(DRAFTS))];
    const drafts = refs.map(async ([ref, commit]) => {
      const name = entryRefOfBranch(ref);
      return name ? [await this.#read(name, commit)] : [];
    });
    return (await Promise.all(drafts)).flat();
  }

  /**
   * Resolves to the last deleted draft of every entry that has no draft now, sorted by the time of deletion, latest
   * first.
   */
  async deleted(): Promise<DeletedDraft[]> {
    const open = await this.#repository.refs(DRAFTS);
    const found = [...(await this.#repository.refs(TRASH))].flatMap(([ref, commit]): [number, DeletedDraft][] => {
      const [, digits = '', branch = ''] = /^(\d{1,15})\/(.+)$/u.exec(ref.slice(TRASH.length)) ?? [];
      const name = entryRefOfBranch(DRAFTS + branch);
      if (!name || open.has(name.ref)) return [];
      return [[Number(digits), { name, commit, at: new Date(Number(digits)).toISOString() }]];
    });
    const newestFirst = found.sort(([one], [other]) => other - one).map(([, draft]) => draft);
    const known = new Set<string>();
    return newestFirst.filter(({ name: { file } }) => !known.has(file) && known.add(file));
  }

  /**
   * Commits a tree as the next version of a draft, in the state `draft`. Resolves to the new draft.
   * @param from the draft that is replaced; undefined if the entry must have none.
   * @param version.base the commit that the tree is based on: the draft's, or the published one if there is no draft.
   * @param subject first line of the commit message.
   * @throws DraftMoved 409 if the entry's draft is no longer `from`.
   */
  async save(
    name: EntryRef,
    from: Draft | undefined,
    { base, tree }: { base: string; tree: string },
    author: Author,
    subject: string,
  ): Promise<Draft> {
    const writers = [...new Set([...(from?.writers ?? []), author.login])];
    const { submittedAt, returned } = from ?? {};
    return this.#commit(
      name,
      from,
      { base, tree },
      { state: 'draft', writers, submittedAt, returned },
      author,
      subject,
    );
  }

  /**
   * Commits the files of a draft's folder on top of another published commit, as if the draft had been based on that
   * commit. Moves no ref.
   * @param onto the published commit.
   * @param changes files of the draft's folder that get another blob in the new commit.
   * @returns the id of the new commit.
   */
  async rebased(draft: Draft, onto: string, author: Author, changes: readonly TreeChange[] = []): Promise<string> {
    const { name, commit } = draft;
    const folder = name.file.slice(0, name.file.lastIndexOf('/'));
    const own = await this.#repository.files(commit, folder);
    const there = await this.#repository.files(onto, folder);
    const gone = there.filter(({ path }) => !own.some((file) => file.path === path));
    const removed = gone.map(({ path }) => ({ path, blob: undefined }));
    const kept = own.filter(({ path }) => !changes.some((change) => change.path === path));
    const tree = await this.#repository.tree(onto, [...removed, ...kept, ...changes]);
    const trailers = trailersOf(draft, author);
    return this.#repository.commit(tree, [commit, onto], author, { subject: '跟上已发布的版本', trailers });
  }

  /**
   * Moves a draft to another state and resolves to the draft in this state.
   * @param reason why the draft is returned to its author; undefined for other changes.
   * @throws DraftMoved 409 if the draft has changed meanwhile.
   */
  async move(draft: Draft, state: DraftState, author: Author, reason?: string): Promise<Draft> {
    const subject = reason === undefined ? `${stateWords[draft.state]} → ${stateWords[state]}` : '退回';
    const { name, commit: base, tree, writers } = draft;
    const submittedAt = draft.submittedAt ?? (state === 'draft' ? undefined : new Date().toISOString());
    const returned = reason === undefined ? undefined : { reason, by: author.name };
    return this.#commit(name, draft, { base, tree }, { state, writers, submittedAt, returned }, author, subject);
  }

  /**
   * Deletes a draft. A ref under refs/trash still contains the draft's last commit.
   * @throws Refusal 409 if the draft has changed meanwhile.
   */
  async remove(draft: Draft): Promise<void> {
    const moved = await this.#repository.move(this.deletionOf(draft));
    if (!moved) throw new Refusal(409, '这一篇刚刚被改过，没有删除。请刷新页面再看。');
  }

  /** Returns the ref updates that delete a draft and make a ref under refs/trash for the draft's last commit. */
  deletionOf({ name, commit }: Draft): RefUpdate[] {
    const trash = `${TRASH}${this.#now()}/${name.ref.slice(DRAFTS.length)}`;
    return [
      { ref: trash, from: undefined, to: commit },
      { ref: name.ref, from: commit, to: undefined },
    ];
  }

  /**
   * Deletes the refs of drafts that are already merged into main. Publishing moves main and deletes the draft's ref in
   * one transaction. Git changes the refs of a transaction one after another, main first, so the draft's ref is left if
   * the process is killed in between (docs/decisions/0001-git-as-store.md).
   * @returns how many refs were deleted.
   */
  async sweep(): Promise<number> {
    const left = await this.#repository.refs(DRAFTS, { merged: true });
    for (const [ref, from] of left) await this.#repository.move([{ ref, from, to: undefined }]);
    return left.size;
  }

  async #commit(
    name: EntryRef,
    from: Draft | undefined,
    { base, tree }: { base: string; tree: string },
    progress: Progress,
    author: Author,
    subject: string,
  ): Promise<Draft> {
    const trailers = trailersOf(progress, author);
    const commit = await this.#repository.commit(tree, [base], author, { subject, trailers });
    if (!(await this.#repository.move([{ ref: name.ref, from: from?.commit, to: commit }]))) {
      const now = await this.find(name);
      throw new DraftMoved(409, conflictSentence(now));
    }
    return this.#read(name, commit);
  }

  async #read(name: EntryRef, commit: string): Promise<Draft> {
    return draftIn(name, commit, await this.#repository.commitText(commit));
  }
}

/**
 * Returns the draft that the text of a commit contains.
 * @param commit the id of the last commit on the branch of the draft, and `text` that commit as git stores it.
 */
export function draftIn(name: EntryRef, commit: string, text: string): Draft {
  const [, tree = ''] = /^tree ([0-9a-f]+)$/mu.exec(text) ?? [];
  const [, author = '', seconds = '0'] = /^author (.*) <[^>]*> (\d+)/mu.exec(text) ?? [];
  const trailer = (key: string): string[] =>
    Array.from(text.matchAll(new RegExp(`^Desk-${key}: (.+)$`, 'gmu')), ([, value = '']) => value);
  const written = draftState.safeParse(trailer('State')[0]);
  const [reason] = trailer('Returned');
  const writers = trailer('Writer');
  return {
    name,
    commit,
    tree,
    state: written.data ?? 'draft',
    author,
    by: trailer('By')[0] ?? '',
    updatedAt: new Date(Number(seconds) * 1000).toISOString(),
    // The commits of older drafts have no trailer Desk-Writer: they name only the person who made the last commit.
    writers: writers.length > 0 ? writers : trailer('By'),
    submittedAt: trailer('Submitted')[0],
    returned: reason === undefined ? undefined : { reason, by: trailer('Returned-By')[0] ?? '' },
  };
}

/**
 * Returns the Chinese sentence for a save that is refused because the draft has changed.
 * @param now the current draft; undefined if it has been published or deleted.
 */
function conflictSentence(now: Draft | undefined): string {
  const what = now
    ? `${now.author}在 ${timeInChina(now.updatedAt)} 改过这一篇，您这次没有保存，他人的修改也没有被覆盖。`
    : '这一篇刚刚发布或删除，您这次没有保存。';
  return `${what}您写的还在这一页：请先复制出来，刷新页面，再把要改的地方补上。`;
}

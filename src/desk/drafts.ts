import { z } from 'zod';
import { DRAFTS, entryNameOfRef, type EntryName } from './entry-name.ts';
import { Refusal } from './refusal.ts';
import type { Author, Repository } from './repository.ts';

/** The states of a draft, as Decap and the repository call them. */
export const draftState = z.enum(['draft', 'pending_review', 'pending_publish']);
export type DraftState = z.infer<typeof draftState>;

/** How the states are called in sentences. */
export const stateWords = { draft: '草稿', pending_review: '待审', pending_publish: '就绪' } as const;

/** A draft as it lies in the repository: the last commit of its ref. */
export interface Draft {
  name: EntryName;
  commit: string;
  /** Names its content, whatever its state: a decision is about one tree. */
  tree: string;
  state: DraftState;
  /** Who saved last, by name, and when (ISO 8601). */
  author: string;
  updatedAt: string;
}

/** Drafts are refs beside main, one for each entry; their state is written in their commits. */
export class Drafts {
  readonly #repository: Repository;

  constructor(repository: Repository) {
    this.#repository = repository;
  }

  /** The draft of an entry; undefined: there is none. */
  async find(name: EntryName): Promise<Draft | undefined> {
    const commit = await this.#repository.commitAt(name.ref);
    return commit === undefined ? undefined : this.#read(name, commit);
  }

  /** The draft of an entry. Throws a Refusal (404) where there is none. */
  async require(name: EntryName): Promise<Draft> {
    const draft = await this.find(name);
    if (!draft) throw new Refusal(404, '这一篇没有草稿：可能刚刚发布，或已被删除。请刷新页面。');
    return draft;
  }

  async all(): Promise<EntryName[]> {
    const refs = await this.#repository.refs(DRAFTS);
    return [...refs.keys()].flatMap((ref) => entryNameOfRef(ref) ?? []);
  }

  /**
   * Commits a tree as the next version of a draft; `base`: the commit that the tree was made from, which is the draft
   * or, where there is none, what is published. Throws a Refusal (409) where somebody else was faster.
   */
  async save(
    name: EntryName,
    from: Draft | undefined,
    { base, tree }: { base: string; tree: string },
    author: Author,
    subject: string,
  ): Promise<Draft> {
    return this.#commit(name, from, base, tree, 'draft', author, subject);
  }

  /** The draft of an entry with a folder, as if it had begun with another published commit: its own files on that. */
  async rebased({ name, commit, state }: Draft, onto: string, author: Author): Promise<string> {
    const folder = name.file.slice(0, name.file.lastIndexOf('/'));
    const kept = await this.#repository.files(commit, folder);
    const there = await this.#repository.files(onto, folder);
    const gone = there.filter(({ path }) => !kept.some((file) => file.path === path));
    const tree = await this.#repository.tree(onto, [...gone.map(({ path }) => ({ path, blob: undefined })), ...kept]);
    const trailers = { 'Desk-State': state, 'Desk-By': author.login };
    return this.#repository.commit(tree, [commit, onto], author, { subject: '跟上已发布的版本', trailers });
  }

  /** Moves a draft to another state. Throws a Refusal (409) where it is no longer the version that is meant. */
  async move(draft: Draft, state: DraftState, author: Author): Promise<Draft> {
    const subject = `${stateWords[draft.state]} → ${stateWords[state]}`;
    return this.#commit(draft.name, draft, draft.commit, draft.tree, state, author, subject);
  }

  /** Takes a draft away; it is kept under refs/trash. Throws a Refusal (409) where it has just been changed. */
  async remove({ name, commit }: Draft): Promise<void> {
    const trash = `refs/trash/${Date.now()}/${name.ref.slice(DRAFTS.length)}`;
    const moved = await this.#repository.move([
      { ref: trash, from: undefined, to: commit },
      { ref: name.ref, from: commit, to: undefined },
    ]);
    if (!moved) throw new Refusal(409, '这一篇刚刚被改过，没有删除。请刷新页面再看。');
  }

  /**
   * Removes the drafts of what is published already. git renames the refs of one move one by one, main first, so a
   * kill in between leaves the draft behind (measured: findings on the store). Answers how many there were.
   */
  async sweep(): Promise<number> {
    const left = await this.#repository.refs(DRAFTS, { merged: true });
    for (const [ref, from] of left) await this.#repository.move([{ ref, from, to: undefined }]);
    return left.size;
  }

  async #commit(
    name: EntryName,
    from: Draft | undefined,
    parent: string,
    tree: string,
    state: DraftState,
    author: Author,
    subject: string,
  ): Promise<Draft> {
    const trailers = { 'Desk-State': state, 'Desk-By': author.login };
    const commit = await this.#repository.commit(tree, [parent], author, { subject, trailers });
    if (!(await this.#repository.move([{ ref: name.ref, from: from?.commit, to: commit }]))) {
      const now = await this.find(name);
      throw new Refusal(409, conflictSentence(now));
    }
    return this.#read(name, commit);
  }

  async #read(name: EntryName, commit: string): Promise<Draft> {
    const text = await this.#repository.commitText(commit);
    const [, tree = ''] = /^tree ([0-9a-f]+)$/mu.exec(text) ?? [];
    const [, author = '', seconds = '0'] = /^author (.*) <[^>]*> (\d+)/mu.exec(text) ?? [];
    const written = draftState.safeParse(/^Desk-State: (.+)$/mu.exec(text)?.[1]);
    const updatedAt = new Date(Number(seconds) * 1000).toISOString();
    return { name, commit, tree, state: written.data ?? 'draft', author, updatedAt };
  }
}

/** Why a save came too late, and what to do; `now` is the draft as it is. */
export function conflictSentence(now: Draft | undefined): string {
  const what = now
    ? `${now.author}在 ${clock(now.updatedAt)} 改过这一篇，您这次没有保存，他人的修改也没有被覆盖。`
    : '这一篇刚刚发布或删除，您这次没有保存。';
  return `${what}您写的还在这一页：请先复制出来，刷新页面，再把要改的地方补上。`;
}

/** A moment as people in China read it. */
function clock(iso: string): string {
  return new Intl.DateTimeFormat('zh-CN', {
    timeZone: 'Asia/Shanghai',
    month: 'numeric',
    day: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
  }).format(new Date(iso));
}

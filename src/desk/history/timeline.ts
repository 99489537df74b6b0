import { draftState, type DraftState } from '../drafts/drafts.ts';
import { DRAFTS, type EntryRef } from '../domain/entry-ref.ts';
import type { LoggedCommit } from '../storage/commit-log.ts';
import type { Author, Repository } from '../storage/repository.ts';

/** What happened to an entry at one moment. */
export type ChangeKind =
  | 'saved'
  | 'submitted'
  | 'approved'
  | 'returned'
  | 'takenBack'
  | 'followed'
  | 'published'
  | 'changed'
  | 'withdrawn'
  | 'deleted'
  | 'discarded';

/** One line of an entry's history. */
export interface TimelineItem {
  commit: string;
  deed: ChangeKind;
  author: Author;
  /** ISO 8601. */
  at: string;
  /** What the commit says of itself. */
  subject: string;
  /** Why a draft was returned. */
  reason: string | undefined;
  /** Where it stands: published, in the draft that is being written, or in one that was thrown away. */
  line: 'main' | 'draft' | 'trash';
  /** Did file or photos change? Then the commit is a version of the entry that can be looked at. */
  isVersion: boolean;
}

/** Refs of drafts that were thrown away begin so. */
const TRASH = 'refs/trash/';
/** Histories that are kept in memory: a page of one asks for its photos one by one. */
const MOST_KEPT = 40;

/** What stands in the place of an entry: its folder, or its file. */
export function placeOf({ folder, file }: EntryRef): string {
  return folder ?? file;
}

function trailer({ message }: LoggedCommit, key: string): string | undefined {
  return new RegExp(`^Desk-${key}: (.+)$`, 'mu').exec(message)?.[1];
}

function subjectOf({ message }: LoggedCommit): string {
  return message.slice(0, Math.max(0, message.indexOf('\n'))) || message;
}

/** What a commit of a draft did; `before` is the one that it followed in the draft. */
function draftDeed(commit: LoggedCommit, before: LoggedCommit | undefined, isVersion: boolean): ChangeKind {
  const stateOf = (one: LoggedCommit | undefined): DraftState =>
    draftState.catch('draft').parse(one && trailer(one, 'State'));
  if (commit.parents.length > 1) return 'followed';
  if (isVersion) return 'saved';
  const [state, stood] = [stateOf(commit), stateOf(before)];
  if (state === stood) return 'saved';
  if (state === 'pending_review') return 'submitted';
  if (state === 'pending_publish') return 'approved';
  return trailer(commit, 'Returned') === undefined ? 'takenBack' : 'returned';
}

/**
 * What became of every entry, from the repository alone: main, along the commits that changed the entry, with the
 * drafts that were merged into it, the draft that is open, and (for reviewers) drafts that were thrown away.
 */
export class Timeline {
  readonly #repository: Repository;
  readonly #kept = new Map<string, { state: string; chapters: Promise<readonly TimelineItem[]> }>();

  constructor(repository: Repository) {
    this.#repository = repository;
  }

  /** The history of an entry, newest first; `trash`: with the drafts that were thrown away. */
  async of(name: EntryRef, { trash }: { trash: boolean }): Promise<readonly TimelineItem[]> {
    const [head, draft, thrown] = await Promise.all([
      this.#repository.head(),
      this.#repository.commitAt(name.ref),
      trash ? this.#trash(name) : [],
    ]);
    const key = `${trash} ${name.file}`;
    const state = [head, draft, ...thrown.map(({ tip }) => tip)].join(' ');
    const kept = this.#kept.get(key);
    if (kept?.state === state) return kept.chapters;
    const chapters = this.#read(name, head, draft, thrown);
    this.#kept.delete(key);
    this.#kept.set(key, { state, chapters });
    const [oldest] = this.#kept.keys();
    if (this.#kept.size > MOST_KEPT && oldest !== undefined) this.#kept.delete(oldest);
    return chapters;
  }

  async #read(
    name: EntryRef,
    head: string,
    draft: string | undefined,
    thrown: readonly { tip: string; at: string }[],
  ): Promise<readonly TimelineItem[]> {
    const main = await this.#repository.log.line(head, { path: placeOf(name) });
    const lines = await Promise.all([
      draft === undefined ? [] : this.#draftLine(name, draft, head, 'draft'),
      ...thrown.map(async ({ tip, at }) => this.#trashLine(name, tip, at)),
      ...main.map(async (commit) => this.#published(name, commit)),
    ]);
    // Stable: within one second a line's own order stands.
    return lines.flat().sort((one, other) => Date.parse(other.at) - Date.parse(one.at));
  }

  /** A commit of main, and the draft that it published. */
  async #published(name: EntryRef, commit: LoggedCommit): Promise<TimelineItem[]> {
    const { id, parents, author, at } = commit;
    const [first, second] = parents;
    const there = await this.#repository.idAt(id, placeOf(name));
    const subject = subjectOf(commit);
    const deed =
      there === undefined
        ? 'deleted'
        : second !== undefined
          ? 'published'
          : subject.startsWith('撤稿 ')
            ? 'withdrawn'
            : 'changed';
    const isVersion = there !== undefined;
    const chapter: TimelineItem = { commit: id, deed, author, at, subject, reason: undefined, line: 'main', isVersion };
    if (first === undefined || second === undefined) return [chapter];
    return [chapter, ...(await this.#draftLine(name, second, first, 'main'))];
  }

  async #trashLine(name: EntryRef, tip: string, at: string): Promise<TimelineItem[]> {
    const line = await this.#draftLine(name, tip, await this.#repository.head(), 'trash');
    const nobody = { name: '', login: '' };
    const discarded: TimelineItem = {
      commit: tip,
      deed: 'discarded',
      author: nobody,
      at,
      subject: '',
      reason: undefined,
      line: 'trash',
      isVersion: false,
    };
    return [discarded, ...line];
  }

  async #draftLine(name: EntryRef, tip: string, base: string, line: TimelineItem['line']): Promise<TimelineItem[]> {
    const commits = await this.#repository.log.line(tip, { without: base });
    const place = placeOf(name);
    return Promise.all(
      commits.map(async (commit, number) => {
        const before = commits[number + 1];
        const from = before?.id ?? commit.parents[0];
        const [is, was] = await Promise.all([
          this.#repository.idAt(commit.id, place),
          from === undefined ? undefined : this.#repository.idAt(from, place),
        ]);
        const isVersion = is !== undefined && is !== was;
        const deed = draftDeed(commit, before, isVersion);
        const reason = deed === 'returned' ? trailer(commit, 'Returned') : undefined;
        const { id, author, at } = commit;
        return { commit: id, deed, author, at, subject: subjectOf(commit), reason, line, isVersion };
      }),
    );
  }

  /** Drafts of an entry that were thrown away, and when (ISO 8601). */
  async #trash(name: EntryRef): Promise<{ tip: string; at: string }[]> {
    const ending = `/${name.ref.slice(DRAFTS.length)}`;
    const refs = await this.#repository.refs(TRASH);
    return [...refs].flatMap(([ref, tip]) => {
      const moment = Number(ref.slice(TRASH.length, -ending.length));
      return ref.endsWith(ending) && Number.isSafeInteger(moment) ? [{ tip, at: new Date(moment).toISOString() }] : [];
    });
  }
}

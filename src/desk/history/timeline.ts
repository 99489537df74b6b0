import { draftState, type DraftState } from '../drafts/drafts.ts';
import { DRAFTS, TRASH, type EntryRef } from '../domain/entry-ref.ts';
import type { LoggedCommit } from '../storage/commit-log.ts';
import type { Author, Repository } from '../storage/repository.ts';

/**
 * The kind of change that a commit made to an entry. Less obvious ones:
 * - `takenBack`: the author took the draft back from review;
 * - `followed`: the draft was based on a newer published version;
 * - `changed`: the published version was changed without a draft;
 * - `discarded`: the draft was deleted.
 */
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

/** A change in the history of an entry. */
export interface TimelineItem {
  commit: string;
  change: ChangeKind;
  author: Author;
  /** When the change was made, ISO 8601. */
  at: string;
  /** First line of the commit message. */
  subject: string;
  /** Why a draft was returned; undefined for other changes. */
  reason: string | undefined;
  /** Where the commit is: in the published history (`main`), in the open draft, or in a deleted draft. */
  line: 'main' | 'draft' | 'trash';
  /** Whether the text or photos changed. If so, the commit is a version of the entry that can be shown. */
  isVersion: boolean;
}

/**
 * Most timelines in the cache. A cache is needed because the page of one version requests the version's photos one by
 * one, and each request reads the timeline.
 */
const MOST_CACHED = 40;

/**
 * Returns the path that contains the text and the photos of an entry: the entry's folder, or its file if it has no
 * folder.
 */
export function contentPath({ folder, file }: EntryRef): string {
  return folder ?? file;
}

function trailer({ message }: LoggedCommit, key: string): string | undefined {
  return new RegExp(`^Desk-${key}: (.+)$`, 'mu').exec(message)?.[1];
}

function subjectOf({ message }: LoggedCommit): string {
  return message.slice(0, Math.max(0, message.indexOf('\n'))) || message;
}

/**
 * Returns the kind of change that a commit of a draft made.
 * @param before the previous commit of the draft; undefined for its first commit.
 */
function draftChange(commit: LoggedCommit, before: LoggedCommit | undefined, isVersion: boolean): ChangeKind {
  const stateOf = (one: LoggedCommit | undefined): DraftState =>
    draftState.catch('draft').parse(one && trailer(one, 'State'));
  if (commit.parents.length > 1) return 'followed';
  if (isVersion) return 'saved';
  const [state, previous] = [stateOf(commit), stateOf(before)];
  if (state === previous) return 'saved';
  if (state === 'pending_review') return 'submitted';
  if (state === 'pending_publish') return 'approved';
  return trailer(commit, 'Returned') === undefined ? 'takenBack' : 'returned';
}

/**
 * Reads the histories of entries from the git repository. A history contains the commits of main that changed the
 * entry. If such a commit published a draft, the history also contains the commits of that draft. It also contains the
 * commits of the open draft and, on request, those of deleted drafts.
 */
export class Timeline {
  readonly #repository: Repository;
  /**
   * The cached timelines, by the arguments of `of` as one string. `state` lists the commits of the refs that a timeline
   * was read from.
   */
  readonly #cache = new Map<string, { state: string; items: Promise<readonly TimelineItem[]> }>();

  constructor(repository: Repository) {
    this.#repository = repository;
  }

  /**
   * Resolves to the history of an entry, newest first. The result is cached until main or a draft of the entry changes.
   * @param options.trash whether the history includes deleted drafts.
   */
  async of(name: EntryRef, { trash }: { trash: boolean }): Promise<readonly TimelineItem[]> {
    const [head, draft, deleted] = await Promise.all([
      this.#repository.head(),
      this.#repository.commitAt(name.ref),
      trash ? this.#trash(name) : [],
    ]);
    const key = `${trash} ${name.file}`;
    const state = [head, draft, ...deleted.map(({ tip }) => tip)].join(' ');
    const cached = this.#cache.get(key);
    if (cached?.state === state) return cached.items;
    const items = this.#read(name, head, draft, deleted);
    this.#cache.delete(key);
    this.#cache.set(key, { state, items });
    const [oldest] = this.#cache.keys();
    if (this.#cache.size > MOST_CACHED && oldest !== undefined) this.#cache.delete(oldest);
    return items;
  }

  async #read(
    name: EntryRef,
    head: string,
    draft: string | undefined,
    deleted: readonly { tip: string; at: string }[],
  ): Promise<readonly TimelineItem[]> {
    const main = await this.#repository.log.line(head, { path: contentPath(name) });
    const lines = await Promise.all([
      draft === undefined ? [] : this.#draftLine(name, draft, head, 'draft'),
      ...deleted.map(async ({ tip, at }) => this.#trashLine(name, tip, at)),
      ...main.map(async (commit) => this.#published(name, commit)),
    ]);
    // The sort is stable: commits of the same second keep the order in which git lists them.
    return lines.flat().sort((one, other) => Date.parse(other.at) - Date.parse(one.at));
  }

  /**
   * Resolves to the item for a commit of main. If the commit published a draft, also resolves to the items for the
   * commits of that draft.
   */
  async #published(name: EntryRef, commit: LoggedCommit): Promise<TimelineItem[]> {
    const { id, parents, author, at } = commit;
    const [first, second] = parents;
    const content = await this.#repository.idAt(id, contentPath(name));
    const subject = subjectOf(commit);
    const change =
      content === undefined
        ? 'deleted'
        : second !== undefined
          ? 'published'
          : subject.startsWith('撤稿 ')
            ? 'withdrawn'
            : 'changed';
    const isVersion = content !== undefined;
    const item: TimelineItem = { commit: id, change, author, at, subject, reason: undefined, line: 'main', isVersion };
    if (first === undefined || second === undefined) return [item];
    return [item, ...(await this.#draftLine(name, second, first, 'main'))];
  }

  async #trashLine(name: EntryRef, tip: string, at: string): Promise<TimelineItem[]> {
    const line = await this.#draftLine(name, tip, await this.#repository.head(), 'trash');
    const nobody = { name: '', login: '' };
    const deletion: TimelineItem = {
      commit: tip,
      change: 'discarded',
      author: nobody,
      at,
      subject: '',
      reason: undefined,
      line: 'trash',
      isVersion: false,
    };
    return [deletion, ...line];
  }

  async #draftLine(name: EntryRef, tip: string, base: string, line: TimelineItem['line']): Promise<TimelineItem[]> {
    const commits = await this.#repository.log.line(tip, { without: base });
    const path = contentPath(name);
    return Promise.all(
      commits.map(async (commit, index) => {
        const before = commits[index + 1];
        const from = before?.id ?? commit.parents[0];
        const [is, was] = await Promise.all([
          this.#repository.idAt(commit.id, path),
          from === undefined ? undefined : this.#repository.idAt(from, path),
        ]);
        const isVersion = is !== undefined && is !== was;
        const change = draftChange(commit, before, isVersion);
        const reason = change === 'returned' ? trailer(commit, 'Returned') : undefined;
        const { id, author, at } = commit;
        return { commit: id, change, author, at, subject: subjectOf(commit), reason, line, isVersion };
      }),
    );
  }

  /**
   * Resolves to the last commits of an entry's deleted drafts, and the times when the drafts were deleted (ISO 8601).
   */
  async #trash(name: EntryRef): Promise<{ tip: string; at: string }[]> {
    const ending = `/${name.ref.slice(DRAFTS.length)}`;
    const refs = await this.#repository.refs(TRASH);
    return [...refs].flatMap(([ref, tip]) => {
      const moment = Number(ref.slice(TRASH.length, -ending.length));
      return ref.endsWith(ending) && Number.isSafeInteger(moment) ? [{ tip, at: new Date(moment).toISOString() }] : [];
    });
  }
}

import { timeInChina } from '../domain/china-time.ts';
import { canBePhoto, DRAFTS, photoPath, type EntryRef } from '../domain/entry-ref.ts';
import { StaleSave, type Refusal } from '../domain/refusal.ts';
import type { Author, RefUpdate, Repository, TreeChange } from '../storage/repository.ts';
import type { TextThreads } from '../texts/text-threads.ts';
import { versionJobs } from '../history/version-job-file.ts';
import { contentPath, type TimelineItem, type Timeline } from '../history/timeline.ts';
import { versionAt, type EntryVersion } from '../history/version.ts';

/**
 * A text that was not saved because somebody else had changed the entry first. The text is stored, so that it is not
 * lost.
 */
export interface Conflict {
  name: EntryRef;
  /**
   * Unique among the conflicts of the entry: `<milliseconds since 1970>-<login>`, with each dot of the login as a
   * hyphen.
   */
  id: string;
  commit: string;
  by: Author;
  /** When the text was refused, ISO 8601. */
  at: string;
  /** Id of the blob that the text was based on; undefined if the entry was to be new. */
  base: string | undefined;
}

/** A save that is refused because the entry was changed meanwhile. */
export interface LateSave {
  name: EntryRef;
  raw: string;
  /** The file names of the photos that the text names. */
  photos: readonly string[];
  /** Id of the blob that the text was based on; null if the entry was to be new. */
  baseId: string | null;
  author: Author;
  /** Resolves to the id of the blob of a photo that this person may use in the entry, or to undefined. */
  uploaded(src: string): Promise<string | undefined>;
}

const CONFLICTS = 'refs/conflicts/';
/**
 * Most conflicts of one person on one entry. Older ones lose their refs; their commits stay in the repository as
 * parents of the newest.
 */
const MOST_STORED = 5;
const ID = /^(\d{13})-[\w-]+$/u;
const BLOB = /^[0-9a-f]{40}$/u;

/** Returns URL path and query of the page that compares a conflict with the current version. */
export function conflictAddress({ name, id }: Pick<Conflict, 'name' | 'id'>): string {
  return `/desk/conflict/${name.collection}/${name.slug}?kept=${id}`;
}

/**
 * Returns a login as a part of a ref. Each dot becomes a hyphen, because a ref may not contain two dots in a row or end
 * in `.lock`. The other characters of logins are letters, digits and `_`.
 */
function refPart(login: string): string {
  return login.replaceAll('.', '-');
}

function refsOf(name: EntryRef): string {
  return `${CONFLICTS}${name.ref.slice(DRAFTS.length)}/`;
}

/**
 * The texts that were not saved because somebody else had changed the entry first. Each is stored as a ref beside the
 * drafts. So two people who edited an entry at the same time can see and use both texts.
 */
export class SaveConflicts {
  readonly #repository: Repository;
  readonly #timeline: Timeline;
  readonly #texts: TextThreads;

  constructor(repository: Repository, timeline: Timeline, texts: TextThreads) {
    this.#repository = repository;
    this.#timeline = timeline;
    this.#texts = texts;
  }

  /** Resolves to the conflicts of an entry, newest first. */
  async of(name: EntryRef): Promise<Conflict[]> {
    const prefix = refsOf(name);
    const refs = await this.#repository.refs(prefix);
    const found = [...refs].map(async ([ref, commit]): Promise<Conflict[]> => {
      const id = ref.slice(prefix.length);
      const moment = ID.exec(id)?.[1];
      if (moment === undefined) return [];
      const text = await this.#repository.commitText(commit);
      const [, author = '', mail = ''] = /^author (.*) <([^>]*)> \d+/mu.exec(text) ?? [];
      const login = /^Desk-By: (.+)$/mu.exec(text)?.[1] ?? mail;
      const base = /^Desk-Base: ([0-9a-f]{40})$/mu.exec(text)?.[1];
      const at = new Date(Number(moment)).toISOString();
      return [{ name, id, commit, by: { name: author, login }, at, base }];
    });
    return (await Promise.all(found)).flat().sort((one, other) => (one.id < other.id ? 1 : -1));
  }

  /**
   * Resolves to the version of an entry whose text is this blob, among all versions that the entry ever had; to
   * undefined if there is none.
   */
  async versionOf(name: EntryRef, blob: string | undefined): Promise<EntryVersion | undefined> {
    if (blob === undefined || !BLOB.test(blob)) return undefined;
    for (const { commit, isVersion } of await this.#timeline.of(name, { trash: true })) {
      if (isVersion && (await this.#repository.blobAt(commit, name.file)) === blob) {
        return versionAt(this.#repository, name, commit);
      }
    }
    return undefined;
  }

  /**
   * Stores a text that is not saved, and resolves to the refusal for the person who sent it. The sentence of the
   * refusal says who saved first and which fields were changed. Its URL leads to the page that compares both texts.
   * @param current the commit with the version that is saved now.
   */
  async refuse(save: LateSave, current: string): Promise<Refusal> {
    const { name, baseId } = save;
    const id = await this.#store(save, current);
    const address = conflictAddress({ name, id });
    const rest = '您写的另外留着，没有丢：请打开比较，再决定哪一处用谁的。';
    if (baseId === null) return new StaleSave(`同一个编号的稿件已经有了，没有保存。${rest}`, address);
    const since = await this.#since(name, baseId);
    const [base, now] = await Promise.all([this.versionOf(name, baseId), versionAt(this.#repository, name, current)]);
    const fields =
      base && now
        ? await this.#texts.ask(save.author.login, versionJobs, 'differing', { name, before: base, after: now })
        : [];
    const labels = fields.map(({ label }) => label);
    return new StaleSave(`${sentenceOf(since, labels)}您这次没有保存，他人的修改也没有被覆盖。${rest}`, address);
  }

  /**
   * Resolves to the changes that were made to the entry after the version whose text is `blob`, newest first. If there
   * is no such version, resolves to all changes. Commits that changed only the state of a draft are left out.
   */
  async #since(name: EntryRef, blob: string): Promise<TimelineItem[]> {
    const changes: TimelineItem[] = [];
    for (const item of await this.#timeline.of(name, { trash: true })) {
      if (!item.isVersion && item.change !== 'deleted' && item.change !== 'discarded') continue;
      if (item.isVersion && (await this.#repository.blobAt(item.commit, name.file)) === blob) break;
      changes.push(item);
    }
    return changes;
  }

  /**
   * Stores a conflict and resolves to its id. If the same person has a conflict with the same text on this entry
   * already, stores nothing and resolves to the id of that conflict.
   */
  async #store({ name, raw, photos, baseId, author, uploaded }: LateSave, current: string): Promise<string> {
    const blob = await this.#repository.write(raw);
    const own = (await this.of(name)).filter(({ by }) => by.login === author.login);
    for (const { id, commit } of own) if ((await this.#repository.blobAt(commit, name.file)) === blob) return id;

    const changes = [{ path: name.file, blob }, ...(await this.#photos(name, photos, current, uploaded))];
    const tree = await this.#repository.tree(current, changes);
    const over = own.slice(MOST_STORED - 1);
    const based = baseId !== null && BLOB.test(baseId) ? { 'Desk-Base': baseId } : {};
    const message = { subject: '没有保存的一版', trailers: { 'Desk-By': author.login, ...based } };
    const parents = [current, ...over.map(({ commit }) => commit)];
    const commit = await this.#repository.commit(tree, parents, author, message);
    const dropped = over.map((old): RefUpdate => ({ ref: refsOf(name) + old.id, from: old.commit, to: undefined }));
    for (let moment = Date.now(); ; moment += 1) {
      const id = `${moment}-${refPart(author.login)}`;
      if (await this.#repository.move([{ ref: refsOf(name) + id, from: undefined, to: commit }])) {
        // The refs are deleted all together or not at all. If another request has deleted one of them already, the rest
        // stay: a few more conflicts do no harm.
        if (dropped.length > 0) await this.#repository.move(dropped);
        return id;
      }
    }
  }

  /**
   * Resolves to the tree changes that bring the photos beside the entry into line with the refused text. They add the
   * photos that the text names, as far as `uploaded` finds them, and delete all other photos.
   */
  async #photos(
    name: EntryRef,
    photos: readonly string[],
    current: string,
    uploaded: (src: string) => Promise<string | undefined>,
  ): Promise<TreeChange[]> {
    if (name.folder === undefined) return [];
    const named = photos.filter(canBePhoto);
    const paths = new Set(named.map((src) => photoPath(name, src)));
    const beside = await this.#repository.files(current, contentPath(name));
    const gone = beside.filter(({ path }) => path !== name.file && !paths.has(path));
    const sent = await Promise.all(
      named.map(async (src) => ({ path: photoPath(name, src), blob: await uploaded(src) })),
    );
    return [...gone.map(({ path }) => ({ path, blob: undefined })), ...sent.filter(({ blob }) => blob !== undefined)];
  }
}

/**
 * Returns the beginning of a refusal in Chinese: who saved first, when, and in which fields.
 * @param since the changes since the version that the refused text is based on, newest first.
 * @param fields the labels of the changed fields.
 */
function sentenceOf(since: readonly TimelineItem[], fields: readonly string[]): string {
  const [latest] = since;
  if (!latest) return '这一篇刚刚被改过，';
  const moment = timeInChina(latest.at);
  const what = fields.length > 0 ? `（改了${fields.join('、')}）` : '';
  if (latest.change === 'deleted' || latest.change === 'discarded') {
    return latest.author.name === ''
      ? `这一篇的草稿在 ${moment} 被删除，`
      : `${latest.author.name}在 ${moment} 删除了这一篇，`;
  }
  const names = [...new Set(since.filter(({ isVersion }) => isVersion).map(({ author }) => author.name))];
  const action = latest.change === 'published' ? '发布了' : '改过';
  return `${names.join('、')}在 ${moment} ${action}这一篇${what}，`;
}

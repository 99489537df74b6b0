import { timeInChina } from '../domain/china-time.ts';
import { canBePhoto, DRAFTS, photoPath, type EntryRef } from '../domain/entry-ref.ts';
import { StaleSave, type Refusal } from '../domain/refusal.ts';
import type { Author, RefUpdate, Repository, TreeChange } from '../storage/repository.ts';
import type { TextThreads } from '../texts/text-room.ts';
import { versionJobs } from '../history/version-job-file.ts';
import { placeOf, type TimelineItem, type Timeline } from '../history/timeline.ts';
import { versionAt, type EntryVersion } from '../history/version.ts';

/** A text that was not saved because somebody else had been faster, as it is kept. */
export interface Conflict {
  name: EntryRef;
  /** Names it among the entry's: moment and login. */
  id: string;
  commit: string;
  by: Author;
  /** When it was refused (ISO 8601). */
  at: string;
  /** The blob of the version it was written from; undefined: none, it was to be new. */
  base: string | undefined;
}

/** A save that came too late. */
export interface RefusedSave {
  name: EntryRef;
  raw: string;
  /** The photos that the text names. */
  photos: readonly string[];
  baseId: string | null;
  author: Author;
  /** The blob of a photo that this person may take into an entry. */
  uploaded(src: string): string | undefined;
}

const CONFLICTS = 'refs/conflicts/';
/** Texts kept of one person for one entry; older ones stay in the repository behind the newest. */
const MOST_KEPT = 5;
const ID = /^(\d{13})-[\w-]+$/u;
const BLOB = /^[0-9a-f]{40}$/u;

/** Where a kept text is compared with what stands. */
export function conflictAddress({ name, id }: Pick<Conflict, 'name' | 'id'>): string {
  return `/desk/conflict/${name.collection}/${name.slug}?kept=${id}`;
}

/** Logins are letters, digits, `_` and `.`; a ref may not have two dots, nor end in `.lock`. */
function refPart(login: string): string {
  return login.replaceAll('.', '-');
}

function refsOf(name: EntryRef): string {
  return `${CONFLICTS}${name.ref.slice(DRAFTS.length)}/`;
}

/** What was refused is kept beside the drafts, so that both who wrote at once can see and use both texts. */
export class SaveConflicts {
  readonly #repository: Repository;
  readonly #chronicle: Timeline;
  readonly #texts: TextThreads;

  constructor(repository: Repository, chronicle: Timeline, texts: TextThreads) {
    this.#repository = repository;
    this.#chronicle = chronicle;
    this.#texts = texts;
  }

  /** The texts that are kept for an entry, newest first. */
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

  /** The version that a blob is the text of, among all that the entry ever had; undefined: it is none of them. */
  async versionOf(name: EntryRef, blob: string | undefined): Promise<EntryVersion | undefined> {
    if (blob === undefined || !BLOB.test(blob)) return undefined;
    for (const { commit, isVersion } of await this.#chronicle.of(name, { trash: true })) {
      if (isVersion && (await this.#repository.blobAt(commit, name.file)) === blob) {
        return versionAt(this.#repository, name, commit);
      }
    }
    return undefined;
  }

  /**
   * Keeps a text that is refused; answers the refusal, which says who was faster, in what, and where both are shown.
   * `stands`: the commit that has what is saved now.
   */
  async refuse(save: RefusedSave, stands: string): Promise<Refusal> {
    const { name, baseId } = save;
    const kept = await this.#keep(save, stands);
    const address = conflictAddress({ name, id: kept });
    const rest = '您写的另外留着，没有丢：请打开比较，再决定哪一处用谁的。';
    if (baseId === null) return new StaleSave(`同一个编号的稿件已经有了，没有保存。${rest}`, address);
    const since = await this.#since(name, baseId);
    const [base, now] = await Promise.all([this.versionOf(name, baseId), versionAt(this.#repository, name, stands)]);
    const fields =
      base && now
        ? await this.#texts.ask(save.author.login, versionJobs, 'differing', { name, before: base, after: now })
        : [];
    const labels = fields.map(({ label }) => label);
    return new StaleSave(`${sentenceOf(since, labels)}您这次没有保存，他人的修改也没有被覆盖。${rest}`, address);
  }

  /** What changed the entry since a version of it, newest first; all of it where the version is unknown. */
  async #since(name: EntryRef, blob: string): Promise<TimelineItem[]> {
    const changes: TimelineItem[] = [];
    for (const chapter of await this.#chronicle.of(name, { trash: true })) {
      if (!chapter.isVersion && chapter.deed !== 'deleted' && chapter.deed !== 'discarded') continue;
      if (chapter.isVersion && (await this.#repository.blobAt(chapter.commit, name.file)) === blob) break;
      changes.push(chapter);
    }
    return changes;
  }

  async #keep({ name, raw, photos, baseId, author, uploaded }: RefusedSave, stands: string): Promise<string> {
    const blob = await this.#repository.write(raw);
    const own = (await this.of(name)).filter(({ by }) => by.login === author.login);
    for (const { id, commit } of own) if ((await this.#repository.blobAt(commit, name.file)) === blob) return id;

    const changes = [{ path: name.file, blob }, ...(await this.#photos(name, photos, stands, uploaded))];
    const tree = await this.#repository.tree(stands, changes);
    const over = own.slice(MOST_KEPT - 1);
    const based = baseId !== null && BLOB.test(baseId) ? { 'Desk-Base': baseId } : {};
    const message = { subject: '没有保存的一版', trailers: { 'Desk-By': author.login, ...based } };
    const parents = [stands, ...over.map(({ commit }) => commit)];
    const commit = await this.#repository.commit(tree, parents, author, message);
    const dropped = over.map((old): RefUpdate => ({ ref: refsOf(name) + old.id, from: old.commit, to: undefined }));
    for (let moment = Date.now(); ; moment += 1) {
      const id = `${moment}-${refPart(author.login)}`;
      if (await this.#repository.move([{ ref: refsOf(name) + id, from: undefined, to: commit }])) {
        // Where another request has dropped one already, all stay: one too many does no harm.
        if (dropped.length > 0) await this.#repository.move(dropped);
        return id;
      }
    }
  }

  /** The photos that a text names, as far as they are there; those that it does not name are left out. */
  async #photos(
    name: EntryRef,
    photos: readonly string[],
    stands: string,
    uploaded: (src: string) => string | undefined,
  ): Promise<TreeChange[]> {
    if (name.folder === undefined) return [];
    const named = photos.filter(canBePhoto);
    const paths = new Set(named.map((src) => photoPath(name, src)));
    const beside = await this.#repository.files(stands, placeOf(name));
    const gone = beside.filter(({ path }) => path !== name.file && !paths.has(path));
    const sent = named.map((src) => ({ path: photoPath(name, src), blob: uploaded(src) }));
    return [...gone.map(({ path }) => ({ path, blob: undefined })), ...sent.filter(({ blob }) => blob !== undefined)];
  }
}

/** Who was faster, when and in what; `since`: what happened since, newest first. */
function sentenceOf(since: readonly TimelineItem[], fields: readonly string[]): string {
  const [latest] = since;
  if (!latest) return '这一篇刚刚被改过，';
  const moment = timeInChina(latest.at);
  const what = fields.length > 0 ? `（改了${fields.join('、')}）` : '';
  if (latest.deed === 'deleted' || latest.deed === 'discarded') {
    return latest.author.name === ''
      ? `这一篇的草稿在 ${moment} 被删除，`
      : `${latest.author.name}在 ${moment} 删除了这一篇，`;
  }
  const names = [...new Set(since.filter(({ isVersion }) => isVersion).map(({ author }) => author.name))];
  const deed = latest.deed === 'published' ? '发布了' : '改过';
  return `${names.join('、')}在 ${moment} ${deed}这一篇${what}，`;
}

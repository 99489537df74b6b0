import type { DatabaseSync, SQLInputValue } from 'node:sqlite';
import { setTimeout as pause } from 'node:timers/promises';
import type { z } from 'zod';
import { entryAt } from '../../model/entry-path.ts';
import { dateInChina, momentInChina } from '../domain/china-time.ts';
import { DRAFTS, entryRefOfBranch, type EntryRef } from '../domain/entry-ref.ts';
import { Refusal } from '../domain/refusal.ts';
import { draftIn } from '../drafts/drafts.ts';
import { GitError, GitUnreadable } from '../storage/git.ts';
import { MAIN, type Repository } from '../storage/repository.ts';
import type { TextThreads } from '../texts/text-threads.ts';
import { catalogueJobs } from './catalogue-job-file.ts';
import { CatalogueStore, isUnusable, type CatalogueRow, type DraftColumns, type Place } from './catalogue-store.ts';
import { describeEntry, type EntryDescription, type EntryText } from './entry-description.ts';

/** How many versions of entries are read, described and stored together. */
const BATCH = 40;
/** How long a read waits until the catalogue is up to date, in milliseconds. */
const TIMEOUT = 5000;
/** How many times work on the catalogue is tried if its file is damaged or replaced meanwhile. */
const MOST_ATTEMPTS = 3;

/** The refusal (503) of a read while the catalogue is being made. */
export class CatalogueBusy extends Refusal {
  constructor({ done, of }: Progress) {
    const share = of > done ? `（已读 ${done} 篇，共 ${of} 篇）` : '';
    super(503, `编辑台正在重新整理稿件目录${share}，一般几分钟就好。稿件都在，请过一会儿刷新页面。`);
  }
}

/** Progress of reading the versions of one place: how many are stored, of how many. */
interface Progress {
  done: number;
  of: number;
}

/** A description of a text, or of none if the text could not be read; the next start reads it again. */
interface DescribedText {
  description: EntryDescription;
  isRead: boolean;
}

/** A version of an entry whose text has to be read and described. */
interface Unread {
  path: string;
  blob: string | undefined;
  row: (description: EntryDescription, blob: string | null) => CatalogueRow;
}

/** Runs the same work again and again, one run after another. Requests made before a run begins share that run. */
class SharedRuns {
  readonly #work: () => Promise<void>;
  #last: Promise<unknown> = Promise.resolve();
  #next: Promise<void> | undefined;

  constructor(work: () => Promise<void>) {
    this.#work = work;
  }

  /** Resolves when a run that began after this call has ended. Rejects with the error of that run. */
  async request(): Promise<void> {
    this.#next ??= this.#last.then(async () => {
      this.#next = undefined;
      await this.#work();
    });
    this.#last = this.#next.catch(() => undefined);
    return this.#next;
  }

  /** Resolves when all requested runs have ended, also if they failed. */
  async ended(): Promise<void> {
    await this.#last;
  }
}

/** Returns the date in China (YYYY-MM-DD) of a time in ISO 8601; null if `moment` is undefined or no valid time. */
function dayOf(moment: string | undefined): string | null {
  return moment === undefined || Number.isNaN(Date.parse(moment)) ? null : dateInChina(moment);
}

/**
 * An index of all published entries and drafts: lists are read from it, so they need not read every text. The index is
 * made from git, and its file may be deleted at any time. It stores which commit of main and of each draft it shows.
 * Each read first compares these commits with the refs, and reads from git what differs. So the result of a read is at
 * least as new as the refs were at the call.
 */
export class Catalogue {
  readonly #repository: Repository;
  readonly #store: CatalogueStore;
  readonly #texts: TextThreads | undefined;
  readonly #onTrouble: (error: unknown) => void;
  readonly #timeout: number;
  readonly #draftRuns = new SharedRuns(async () => this.#repaired(async () => this.#readDrafts()));
  readonly #mainRuns = new SharedRuns(async () => this.#repaired(async () => this.#readMain()));
  readonly #progress: Record<Place, Progress> = { main: { done: 0, of: 0 }, draft: { done: 0, of: 0 } };
  #isClosed = false;

  /**
   * @param options.texts the threads in which many texts are described. If undefined, this thread describes them.
   * @param options.onTrouble receives errors of work in the background, and of texts that cannot be read.
   * @param options.timeout how long a read waits until the catalogue is up to date, in milliseconds.
   */
  constructor(
    repository: Repository,
    file: string,
    {
      texts,
      onTrouble,
      timeout = TIMEOUT,
    }: { texts?: TextThreads; onTrouble: (error: unknown) => void; timeout?: number | undefined },
  ) {
    this.#repository = repository;
    this.#store = new CatalogueStore(file);
    this.#texts = texts;
    this.#onTrouble = onTrouble;
    this.#timeout = timeout;
  }

  /** Starts to bring the catalogue up to date in the background, now and after each move of a ref. */
  start(): void {
    this.#forgetUnread();
    const follow = (runs: SharedRuns): void => {
      void runs.request().catch((error: unknown) => {
        if (!this.#isClosed) this.#onTrouble(error);
      });
    };
    follow(this.#draftRuns);
    follow(this.#mainRuns);
    this.#repository.observeMoves((refs) => {
      if (this.#isClosed) return;
      // Errors are ignored: the next read tries again and throws.
      if (refs.some((ref) => ref.startsWith(DRAFTS))) void this.#draftRuns.request().catch(() => undefined);
      if (refs.includes(MAIN)) void this.#mainRuns.request().catch(() => undefined);
    });
  }

  /** Resolves when the catalogue shows main and all drafts as they are now. There is no time limit. */
  async complete(): Promise<void> {
    await Promise.all([this.#draftRuns.request(), this.#mainRuns.request()]);
  }

  /**
   * Brings the catalogue up to date, calls `work` with its database, and resolves to the result. If the file proves to be
   * damaged, or `work` cannot parse its rows, makes the catalogue again and calls `work` again.
   * @param places the places whose rows `work` reads.
   * @throws CatalogueBusy if the catalogue is not up to date within the time limit
   */
  async read<Result>(places: readonly Place[], work: (database: DatabaseSync) => Result): Promise<Result> {
    for (let attempt = 1; ; attempt += 1) {
      await this.#upToDate(places);
      try {
        return work(this.#store.database);
      } catch (error) {
        if (!isUnusable(error) || attempt === MOST_ATTEMPTS) throw error;
        this.#store.reset();
      }
    }
  }

  /** Resolves to the rows of an SQL statement, each parsed by `row`. Otherwise like `read`. */
  async rows<Row>(
    places: readonly Place[],
    row: z.ZodType<Row>,
    sql: string,
    values: Readonly<Record<string, SQLInputValue>> = {},
  ): Promise<Row[]> {
    return this.read(places, (database) =>
      database
        .prepare(sql)
        .all({ ...values })
        .map((found) => row.parse(found)),
    );
  }

  /** Closes the catalogue. Work in the background ends after its current batch. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await Promise.all([this.#draftRuns.ended(), this.#mainRuns.ended()]);
    this.#store.close();
  }

  async #upToDate(places: readonly Place[]): Promise<void> {
    const runs = places.map(async (place) => (place === 'main' ? this.#mainRuns : this.#draftRuns).request());
    const all = Promise.all(runs);
    // Nobody handles an error that occurs after the time limit.
    all.catch(() => undefined);
    const late = new AbortController();
    const timer = pause(this.#timeout, 'late' as const, { signal: late.signal, ref: false });
    timer.catch(() => undefined);
    try {
      if ((await Promise.race([all, timer])) === 'late') {
        throw new CatalogueBusy(this.#progress[places.includes('main') ? 'main' : 'draft']);
      }
    } finally {
      late.abort();
    }
  }

  /** Runs `work`. Runs it again if the catalogue was emptied meanwhile, because its file is damaged or was replaced. */
  async #repaired(work: () => Promise<void>): Promise<void> {
    for (let attempt = 1; !this.#isClosed; attempt += 1) {
      this.#store.requirePlace();
      const { emptied } = this.#store;
      try {
        await work();
        if (this.#store.emptied === emptied) return;
      } catch (error) {
        if (!isUnusable(error) || attempt === MOST_ATTEMPTS) throw error;
        if (this.#store.emptied === emptied) this.#store.reset();
      }
    }
  }

  /** Makes the next run of each place read those texts again that could not be read before. */
  #forgetUnread(): void {
    try {
      const { database } = this.#store;
      if (!database.prepare("SELECT 1 FROM entries WHERE blob = '' LIMIT 1").get()) return;
      this.#store.note(MAIN, undefined);
      database.exec("UPDATE entries SET commitId = '' WHERE blob = '' AND place = 'draft'");
    } catch (error) {
      if (!isUnusable(error)) throw error;
      this.#store.reset();
    }
  }

  /** Compares the stored drafts with the refs, and reads the drafts that differ. */
  async #readDrafts(): Promise<void> {
    const refs = await this.#repository.refs(DRAFTS);
    const now = new Map<string, { name: EntryRef; commit: string }>();
    for (const [ref, commit] of refs) {
      const name = entryRefOfBranch(ref);
      if (name) now.set(name.file, { name, commit });
    }
    const stored = this.#store.database.prepare("SELECT path, commitId FROM entries WHERE place = 'draft'").all();
    const shown = new Map(stored.map(({ path, commitId }) => [String(path), String(commitId)]));
    const gone = [...shown.keys()].filter((path) => !now.has(path));
    if (gone.length > 0) {
      this.#store.transaction(() => {
        for (const path of gone) this.#store.remove('draft', path);
      });
    }
    const differing = [...now.values()].filter(({ name, commit }) => shown.get(name.file) !== commit);
    await this.#inBatches('draft', differing, now.size - differing.length, async ({ name, commit }) =>
      this.#unreadDraft(name, commit),
    );
  }

  async #unreadDraft(name: EntryRef, commit: string): Promise<Unread> {
    const draft = draftIn(name, commit, await this.#repository.commitText(commit));
    const blob = await this.#repository.blobAt(commit, name.file);
    const { tree, author, by: login, writers, submittedAt: submitted = null, returned } = draft;
    const columns: DraftColumns = {
      ...{ commitId: commit, tree, author, login, writers, submitted },
      ...{ returned: returned?.reason ?? null, returnedBy: returned?.by ?? null },
    };
    return {
      path: name.file,
      blob,
      row: (description, read) => ({
        ...this.#common('draft', name.file, read, description),
        state: draft.state,
        changed: momentInChina(draft.updatedAt),
        reported: dayOf(draft.submittedAt),
        draft: columns,
      }),
    };
  }

  /** Compares the stored commit of main with main, and reads the published entries that differ. */
  async #readMain(): Promise<void> {
    const head = await this.#repository.head();
    const shown = this.#store.noted(MAIN);
    if (shown === head) return;
    const { emptied } = this.#store;
    const changes = shown === undefined ? undefined : await this.#changesSince(shown, head);
    if (changes) {
      const entries = changes.filter(({ path }) => entryAt(path) !== undefined);
      await this.#storePublished(entries);
      await this.#noteFirstDays(head, shown);
    } else {
      // Versions that are stored already are not read again, so interrupted work goes on.
      const files = (await this.#repository.files(head)).filter(({ path }) => entryAt(path) !== undefined);
      const stored = this.#store.database.prepare("SELECT path, blob FROM entries WHERE place = 'main'").all();
      const known = new Map(stored.map(({ path, blob }) => [String(path), blob]));
      const there = new Set(files.map(({ path }) => path));
      const gone = [...known.keys()].filter((path) => !there.has(path)).map((path) => ({ path, blob: undefined }));
      const differing = files.filter(({ path, blob }) => known.get(path) !== blob);
      await this.#storePublished([...gone, ...differing], files.length - differing.length);
      this.#store.database.exec('DELETE FROM firstDays');
      await this.#noteFirstDays(head, undefined);
    }
    if (!this.#isClosed && this.#store.emptied === emptied) this.#store.note(MAIN, head);
  }

  /** Resolves to the files that differ between two commits, or to undefined if `shown` is no ancestor of `head`. */
  async #changesSince(shown: string, head: string) {
    try {
      const parents = (await this.#repository.commitText(head)).matchAll(/^parent ([0-9a-f]+)$/gmu);
      const [first] = Array.from(parents, ([, id]) => id);
      const follows = first === shown || (await this.#repository.log.mergeBase(shown, head)) === shown;
      return follows ? await this.#repository.changedFiles(shown, head) : undefined;
    } catch (error) {
      if (error instanceof GitError || error instanceof GitUnreadable) return undefined;
      throw error;
    }
  }

  async #storePublished(changes: readonly { path: string; blob: string | undefined }[], known = 0): Promise<void> {
    const gone = changes.filter(({ blob }) => blob === undefined);
    if (gone.length > 0) {
      this.#store.transaction(() => {
        for (const { path } of gone) this.#store.remove('main', path);
      });
    }
    const there = changes.filter(({ blob }) => blob !== undefined);
    await this.#inBatches('main', there, known, async ({ path, blob }) => ({
      path,
      blob,
      row: (description, read) => ({
        ...this.#common('main', path, read, description),
        state: description.withdrawn ? 'withdrawn' : 'published',
        changed: description.changed,
        reported: description.published ?? null,
        draft: undefined,
      }),
    }));
  }

  #common(place: Place, path: string, blob: string | null, description: EntryDescription) {
    const address = entryAt(path);
    if (!address) throw new Error(`${path} is no entry's file.`);
    const { collection, key, parameters } = address;
    return { place, path, collection, key, blob, description, pathUnit: parameters['unit'] ?? null };
  }

  /**
   * Stores the day on which each entry was first sent to review. The days are in trailers of the commits of main after
   * the commit `after`. If several commits name a day for an entry, the oldest commit counts.
   */
  async #noteFirstDays(head: string, after: string | undefined): Promise<void> {
    const messages = await this.#repository.log.messages(head, after);
    this.#store.transaction(() => {
      const note = this.#store.database.prepare('INSERT OR IGNORE INTO firstDays VALUES (?, ?)');
      for (const message of messages) {
        const file = /^Desk-Entry: (.+)$/mu.exec(message)?.[1];
        const day = dayOf(/^Desk-Submitted: (.+)$/mu.exec(message)?.[1]);
        if (file !== undefined && day !== null) note.run(file, day);
      }
    });
  }

  /**
   * Reads, describes and stores versions of entries in batches. Each batch is stored before the next one is read.
   * @param known how many versions are stored already, for the progress that readers see.
   * @param find resolves to the version that belongs to an item.
   */
  async #inBatches<Item>(
    place: Place,
    items: readonly Item[],
    known: number,
    find: (item: Item) => Promise<Unread>,
  ): Promise<void> {
    const progress = { done: known, of: known + items.length };
    this.#progress[place] = progress;
    for (let start = 0; start < items.length && !this.#isClosed; start += BATCH) {
      const batch = await Promise.all(items.slice(start, start + BATCH).map(find));
      const texts = await Promise.all(batch.map(async (unread) => this.#textOf(unread)));
      const described = await this.#described(texts);
      if (this.#isClosed) return;
      this.#store.transaction(() => {
        batch.forEach(({ blob, row }, index) => {
          const found = described[index];
          const read = blob === undefined ? null : found?.isRead ? blob : '';
          if (found) this.#store.put(row(found.description, read));
        });
      });
      progress.done += batch.length;
    }
  }

  async #textOf({ path: file, blob }: Unread): Promise<EntryText> {
    if (blob === undefined) return { file, text: undefined };
    try {
      return { file, text: (await this.#repository.bytes(blob)).toString() };
    } catch (error) {
      if (!(error instanceof GitUnreadable)) throw error;
      // One damaged text must not hide the other entries. The next start reads the text again.
      this.#onTrouble(error);
      return { file, text: undefined };
    }
  }

  /** Describes texts in a thread: this one also answers readers, and texts may be made to take long. */
  async #described(texts: readonly EntryText[]): Promise<DescribedText[]> {
    const results = (descriptions: readonly EntryDescription[]): DescribedText[] =>
      descriptions.map((description, index) => ({ description, isRead: texts[index]?.text !== undefined }));
    if (!this.#texts) return results(texts.map(describeEntry));
    try {
      return results(await this.#texts.work(catalogueJobs, 'descriptions', texts));
    } catch (error) {
      // The job took too long: because the machine is busy, or because of one of the texts.
      if (!(error instanceof Refusal)) throw error;
      if (texts.length > 1) return (await Promise.all(texts.map(async (text) => this.#described([text])))).flat();
      for (const { file } of texts) {
        const remedy = '请看看这一篇的文字是不是太长或不像样；下次启动会再读。';
        this.#onTrouble(new Error(`稿件目录里没有 ${file} 的内容：它的文字读得太久。${remedy}`, { cause: error }));
      }
      return texts.map((text) => ({ description: describeEntry({ ...text, text: undefined }), isRead: false }));
    }
  }
}

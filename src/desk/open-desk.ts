import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Source } from '../library/content/content-source.ts';
import { migrations, versionAfter, type Migration } from '../model/migrations.ts';
import type { EncodedStore } from '../photo/store/store.ts';
import type { Publisher } from '../render/publish/publisher.ts';
import { todayInChina } from './domain/china-time.ts';
import type { DeskOptions } from './api/desk-routes.ts';
import { noteTables, openDeskDatabase, type DeskDatabase } from './storage/database.ts';
import { DraftPhotos } from './photos/draft-photos.ts';
import { Drafts } from './drafts/drafts.ts';
import { DraftSaves } from './editing/save-draft.ts';
import type { Writer } from './drafts/photo-waivers.ts';
import { foundRepository, isFounded } from './storage/create-repository.ts';
import { CommitSource } from './storage/commit-source.ts';
import { RenamedCommits } from './history/renamed-commits.ts';
import { Timeline } from './history/timeline.ts';
import { SaveConflicts } from './editing/save-conflicts.ts';
import { VersionRestore } from './editing/restore-version.ts';
import { Comments } from './drafts/comments.ts';
import { Accounts } from './accounts/accounts.ts';
import { AuditLog } from './accounts/audit-log.ts';
import { Invitations } from './accounts/invitations.ts';
import type { PasswordHashing } from './accounts/password-work.ts';
import { Permissions } from './authorisation/permissions.ts';
import { SiteUpdates } from './publishing/site-updates.ts';
import { PublishQueue } from './publishing/publish-queue.ts';
import { Previews } from './publishing/previews.ts';
import type { Repository } from './storage/repository.ts';
import { Review } from './publishing/review.ts';
import { clearSample } from './publishing/clear-sample.ts';
import { Catalogue } from './catalogue/catalogue.ts';
import { Submissions } from './catalogue/submissions.ts';
import { TextThreads } from './texts/text-threads.ts';
import { UnsavedCopies } from './unsaved/unsaved-copies.ts';
import { Uploads } from './photos/uploads.ts';
import { CATALOGUE, damageIn, isUnreadableRepository, StorageTrouble } from './storage/damage.ts';
import { SET_ASIDE, setDamagedRefsAside } from './storage/damaged-refs.ts';
import { DeskClock } from './storage/desk-clock.ts';
import { DiskSpace } from './storage/disk-space.ts';
import { healthOf } from './operations/health.ts';
import { KnownDamage } from './storage/known-damage.ts';
import { DeskLog } from './operations/log.ts';
import { Maintenance } from './operations/maintenance.ts';
import { migrate } from './operations/migrate.ts';
import { MaintenanceSchedule } from './operations/maintenance-schedule.ts';
import { DamagedOriginals } from './originals/damaged-originals.ts';
import { openOriginals, ORIGINALS_FOLDER, type OriginalsPlace } from './originals/open-originals.ts';
import { OriginalsWatch } from './originals/originals-watch.ts';
import { OriginalsCheck } from './operations/originals-check.ts';
import { damageLines, originalsNotice, originalsWrong } from './operations/originals-health.ts';
import { RecordedTimes } from './storage/recorded-times.ts';
import { damageOf } from './storage/repository-damage.ts';
import type { Originals } from './originals/originals.ts';
import { PhotoSource } from './originals/photo-source.ts';
import { SamePictures } from './originals/same-pictures.ts';
import { StoredPhotos } from './originals/stored-photos.ts';
import { StoringSource, type LocalSource } from './originals/storing-source.ts';
import { TurnedOriginals } from './originals/turned-originals.ts';
import { UnreachedOriginals } from './originals/unreached-originals.ts';
import { Erasure } from './erasure/erasure.ts';
import { withdrawnPhotosIn } from './erasure/withdrawn-photos.ts';
import { PurgeCommand } from './purge/purge-command.ts';
import { Purging } from './purge/purging.ts';

/** The name under which it is recorded that the folder of the originals was made. */
const ORIGINALS_MADE = 'originals folder';

export interface OpeningOptions {
  /** Path of the folder with the state of the running site (DATA_DIR). */
  data: string;
  /** The content of a new repository. */
  seeds: LocalSource;
  store: EncodedStore;
  /** Where original photos are stored; undefined: in the data folder. */
  originals?: OriginalsPlace;
  publisher: Promise<Publisher>;
  /** Program and arguments of PURGE_COMMAND; undefined if there is none. */
  purgeCommand?: string | undefined;
  /** Time after which a failed PURGE_COMMAND is run again, in milliseconds; purging.ts has the default. */
  purgeRetryAfter?: number | undefined;
  /** Path of the folder with the editor's files; resolves when the editor is built. */
  admin: Promise<string>;
  onTrouble(error: unknown): void;
  /** The migrations of the content model; tests replace them. */
  migrations?: readonly Migration[];
  /** Free disk space that photos may not use, in bytes; disk-space.ts has the default. */
  reserve?: number;
  /** Time limit of a git process, in milliseconds; git.ts has the default. */
  gitTimeout?: number | undefined;
  /**
   * Replaces some of the functions that process passwords. Tests use this to count calls, and to avoid the time for
   * hashing.
   */
  passwords?: Partial<PasswordHashing> | undefined;
  /** Time after which a failed rendering is repeated, in milliseconds; publish-queue.ts has the default. */
  retryAfter?: number | undefined;
  /** Time limit of a job on a text, in milliseconds; text-threads.ts has the default. */
  textTimeout?: number | undefined;
}

/** An open desk: the options of its routes, and what the server's process needs. */
export interface OpenDesk {
  options: DeskOptions;
  publication: SiteUpdates;
  maintenance: MaintenanceSchedule;
  /** The content that is published now. */
  main: Source;
  accounts: Accounts;
  /** Returns the time by which the desk decides which data is old (DeskClock). */
  now(): Date;
  /**
   * Returns URL path and query of a new link to create the first administrator; undefined if there is an account
   * already.
   */
  firstPath(): string | undefined;
  /** Notes the full URLs at which something was taken back, for caches elsewhere (PublisherOptions.onTakenBack). */
  onTakenBack(urls: readonly string[]): void;
  /** Waits for writes in progress, ends worker threads, and closes the stores. */
  close(): Promise<void>;
}

/** The opened stores of a desk. */
interface Stores {
  repository: Repository;
  originals: Originals;
  /** Whether the folder of the originals is gone. */
  originalsLost: boolean;
  unreached: UnreachedOriginals;
  drafts: Drafts;
  accounts: Accounts;
  clock: DeskClock;
  /** How many damaged drafts and deleted drafts were set aside, at this start or earlier ones (damaged-refs.ts). */
  setAside: number;
}

/** Returns whether an earlier start has made the folder of the originals, and it is gone. Notes that it is made. */
function isOriginalsFolderLost(data: string, database: DeskDatabase, place: OriginalsPlace): boolean {
  if (place) return false;
  const times = new RecordedTimes(database);
  const made = times.read(ORIGINALS_MADE) !== undefined;
  if (!made) times.write(ORIGINALS_MADE, 1);
  return made && !existsSync(join(data, ORIGINALS_FOLDER));
}

/**
 * Opens the stores of a data folder. Creates the repository if there never was one, sets damaged drafts aside, and
 * deletes what a killed process has left. Migrates entries to this version of the content model.
 * @throws Refusal 409 if the repository is written in a newer version of the model.
 * @throws Damage 503 if the repository cannot be read.
 */
async function openStores(
  { data, seeds, originals: place, gitTimeout, passwords, migrations: steps = migrations }: OpeningOptions,
  database: DeskDatabase,
): Promise<Stores> {
  UnreachedOriginals.createTable(database);
  DamagedOriginals.createTable(database);
  const unreached = new UnreachedOriginals(database);
  unreached.forgetMarks();
  const clock = new DeskClock(database);
  // Accounts are opened before the repository is created: once there is a repository, the start requires the table of
  // accounts (database.ts).
  const accounts = await Accounts.open(database, passwords, () => clock.now());
  const lost = isOriginalsFolderLost(data, database, place);
  const originals = await openOriginals(data, place, { alone: true }).catch(async (error: unknown) => {
    // Readers and texts need no originals: `OriginalsWatch` says what is wrong.
    if (isFounded(data)) return openOriginals(data, place, { alone: false });
    throw error;
  });
  const storing = new StoringSource(seeds, async (file, name) => originals.put(file, name));
  const options = { model: versionAfter(steps), timeout: gitTimeout };
  const repository = await foundRepository(data, storing, database, options).catch((error: unknown) => {
    originals.close();
    throw error;
  });
  try {
    const setAside = await setDamagedRefsAside(repository, data);
    const drafts = new Drafts(repository, () => clock.stamp());
    await drafts.sweep();
    await migrate(repository, steps);
    return { repository, originals, originalsLost: lost, unreached, drafts, accounts, clock, setAside };
  } catch (error) {
    originals.close();
    repository.close();
    throw error;
  }
}

/**
 * Opens the desk of a data folder. Creates the repository if there never was one, and deletes what a killed process has
 * left.
 * @returns undefined if another process holds the lock of the folder.
 * @throws Refusal 409 if the folder was written by a newer version of the software.
 * @throws Damage 503 if the repository or the database is damaged, or the disk is full.
 */
export async function openDesk(given: OpeningOptions): Promise<OpenDesk | undefined> {
  try {
    return await openSoundDesk(given);
  } catch (error) {
    throw damageIn(error, given.data) ?? error;
  }
}

async function openSoundDesk(given: OpeningOptions): Promise<OpenDesk | undefined> {
  mkdirSync(given.data, { recursive: true });
  const database = openDeskDatabase(join(given.data, 'desk.sqlite'));
  if (!database) return undefined;
  let stores: Stores | undefined;
  try {
    stores = await openStores(given, database);
    return await assemble(given, database, stores);
  } catch (error) {
    stores?.repository.close();
    stores?.originals.close();
    database.close();
    throw error;
  }
}

/** Creates the parts of the desk from its stores, and starts the schedule of maintenance. */
async function assemble(
  given: OpeningOptions,
  database: DeskDatabase,
  { repository, originals, originalsLost, unreached, drafts, accounts, clock, setAside }: Stores,
): Promise<OpenDesk> {
  const { data, store, publisher, retryAfter } = given;
  const log = await DeskLog.open(join(data, 'log'), () => clock.now());
  log.note('start', { model: versionAfter(given.migrations ?? migrations), node: process.version });
  const damage = new KnownDamage(repository);
  const onTrouble = (error: unknown): void => {
    log.trouble(error);
    damage.noteError(error);
    given.onTrouble(error);
  };
  const invitations = new Invitations(database, accounts);
  const audit = new AuditLog(database, onTrouble);
  const comments = new Comments(database);
  const unsaved = new UnsavedCopies(database, () => clock.now());
  const space = new DiskSpace(data, given.reserve);
  let closed = false;
  const watch = new OriginalsWatch(originals, (error) => {
    if (!closed) onTrouble(error);
  });
  const stored: StoredPhotos = new StoredPhotos(repository, originals, {
    onFailure(name, error) {
      if (check.noteFailure(name, error)) void reportDamage();
    },
    onStored: (name) => check.noteStored(name),
    async claim(hash) {
      await watch.requirePrivate();
      await unreached.claim(hash);
    },
  });
  const check = new OriginalsCheck(repository, database, originals, stored);
  const reportDamage = async (): Promise<void> => {
    const lines = await damageLines(check).catch((error: unknown) => [String(error)]);
    if (!closed) onTrouble(new Error(lines.join('\n')));
  };
  const sourceOf = (commit: string) => new PhotoSource(new CommitSource(repository, commit), stored);
  const folder = join(data, 'uploads');
  const uploads = new Uploads(repository, stored, database, store, folder, space, () => clock.stamp());
  const photos = new DraftPhotos(repository, stored, drafts, uploads, store);
  const publication = new SiteUpdates(publisher, onTrouble, ({ rendered, faults, milliseconds }) =>
    log.note('publication', {
      pages: rendered,
      faults: faults.length,
      milliseconds: Math.round(milliseconds.total),
    }),
  );
  const pictures = new SamePictures(repository, new TurnedOriginals(database));
  const publishing = new PublishQueue(repository, drafts, publication, todayInChina, {
    sourceOf,
    pictures,
    onTrouble,
    retryAfter,
  });
  const timeline = new Timeline(repository);
  const texts = new TextThreads({ timeout: given.textTimeout });
  const catalogue = new Catalogue(repository, join(data, CATALOGUE), { texts, onTrouble });
  const conflicts = new SaveConflicts(repository, timeline, texts);
  const photoOf = async (src: string, author: Writer) => (await uploads.usableFor(src, author))?.blob;
  const editing = new DraftSaves(repository, drafts, photoOf, texts, pictures, conflicts);
  const library = async () => (await publisher).library;
  const reader = async () => (await library()).reader();
  const units = async () => (await reader()).units();
  const permissions = new Permissions({
    repository,
    drafts,
    accounts,
    timeline,
    remains: async (name) => comments.of(name).length > 0 || (await conflicts.of(name)).length > 0,
    selfApproval: async () => (await reader()).site().selfApproval,
  });
  const maintenance = new MaintenanceSchedule(
    new Maintenance(repository, database, space, { originals, photos: stored }),
    database,
    {
      onDone: ({ uploads: swept, ...done }, milliseconds) =>
        log.note('maintenance', { ...done, ...swept, milliseconds: Math.round(milliseconds) }),
      onTrouble(error) {
        if (isUnreadableRepository(error)) damage.noteMaintenance();
        onTrouble(error);
      },
      async onChecked({ read, found }, milliseconds) {
        log.note('originals check', { read, found, milliseconds: Math.round(milliseconds) });
        if (found > 0) await reportDamage();
        const places = await damageOf(repository, { contents: false });
        if (places.length === 0) return;
        damage.noteMaintenance();
        onTrouble(new Error(`稿件库（content.git）有损坏（${places.join('、')}）：请查清磁盘，用备份恢复。`));
      },
    },
    check,
  );
  const erasure = new Erasure({
    database,
    repository,
    drafts,
    originals,
    encoded: store,
    withdrawnPhotos: async () => withdrawnPhotosIn((await library()).store),
    now: () => clock.now(),
    onTrouble,
    onErased: (erased) => log.note('erasure', { photos: erased }),
    onErasedEntry: (file) => unsaved.removeEntry(file),
  });
  const purging = new Purging({
    folder: data,
    command: given.purgeCommand === undefined ? undefined : new PurgeCommand(given.purgeCommand),
    onTrouble,
    ...(given.purgeRetryAfter === undefined ? {} : { retryAfter: given.purgeRetryAfter }),
  });
  purging.run();
  noteTables(database);
  if (setAside > 0) {
    const damagedDrafts = `有 ${setAside} 份草稿或旧稿损坏，读不出来，没有列出：请用备份找回`;
    damage.note(`${damagedDrafts}。`);
    onTrouble(new Error(`${damagedDrafts}。名单在 ${join(repository.folder, SET_ASIDE)}，处理完删去它，就不再提示。`));
  }
  if (originalsLost) {
    const gone = '存放原图的文件夹（originals）不见了：读者网站照常，请查清磁盘，从备份恢复这个文件夹。';
    damage.note(gone);
    onTrouble(new Error(gone));
    maintenance.requestCheck();
    void maintenance.checkIfDue(new Date());
  }
  // In the background: a server that does not answer keeps nobody waiting.
  const stopping = new AbortController();
  void watch
    .checked()
    .then(async () => (closed ? undefined : check.checkDamaged(stopping.signal)))
    .catch((error: unknown) => {
      if (!closed) onTrouble(error);
    });
  maintenance.start(clock);
  catalogue.start();
  // A start that fails is reported elsewhere.
  void publisher.then(
    () => erasure.start(),
    () => undefined,
  );
  return {
    publication,
    maintenance,
    main: sourceOf(await repository.head()),
    accounts,
    now: () => clock.now(),
    onTakenBack: (urls) => purging.add(urls),
    firstPath() {
      const token = invitations.first();
      return token === undefined ? undefined : `/desk/first?token=${token}`;
    },
    options: {
      repository,
      drafts,
      editing,
      publishing,
      review: new Review(drafts, publishing, comments),
      comments,
      timeline,
      renamed: new RenamedCommits(database),
      conflicts,
      restoring: new VersionRestore(repository, drafts, editing, permissions, texts, () => erasure.erased()),
      erasure,
      unsaved,
      permissions,
      texts,
      accounts,
      invitations,
      audit,
      catalogue,
      submissions: new Submissions(catalogue),
      library,
      units: async () => new Map((await units()).flatMap(({ code, name, active }) => (active ? [[code, name]] : []))),
      unitName: async (code) => (await units()).find((unit) => unit.code === code)?.name ?? code,
      origin: (request) => request.server.ownAddress.originForLinks(request),
      hasSample: async () => (await reader()).site().sample,
      async clearSample(editor, stillAllowed) {
        await clearSample(repository, drafts, publishing, editor, stillAllowed);
        audit.record(editor, '清空示例内容');
      },
      uploads,
      photos,
      admin: given.admin,
      previews: new Previews(texts, photos, publisher, permissions, todayInChina),
      // Most uploaded photos are published later. They are encoded now, in the background, so that publishing does not
      // wait.
      onUpload: (upload) => void photos.encodeAhead(upload).catch(onTrouble),
      onTrouble,
      requireStorage() {
        if (database.isInPlace()) return;
        damage.noteReplacedDatabase();
        throw new StorageTrouble();
      },
      log,
      async health() {
        const found = await healthOf(repository, database, space, damage, async () => originalsWrong(watch, check));
        return publication.photosPending === 0 ? found : { ...found, photosPending: publication.photosPending };
      },
      originalsNotice: async () => originalsNotice(watch, check),
    },
    async close() {
      closed = true;
      stopping.abort();
      await maintenance.close();
      try {
        clock.record();
      } catch (error) {
        // A damaged database must not keep the rest from being closed.
        onTrouble(error);
      }
      await catalogue.close();
      await texts.close();
      await publishing.settled();
      await erasure.close();
      await purging.close();
      log.note('stop');
      await log.close();
      originals.close();
      repository.close();
      database.close();
    },
  };
}

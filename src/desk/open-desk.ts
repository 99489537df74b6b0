import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Source } from '../library/content/source.ts';
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
import { foundRepository } from './storage/founding.ts';
import { CommitSource } from './storage/commit-source.ts';
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
import { Submissions } from './drafts/submissions.ts';
import { TextThreads } from './texts/text-room.ts';
import { Uploads } from './photos/uploads.ts';
import { damageIn, isUnreadableRepository, StorageTrouble } from './storage/damage.ts';
import { SET_ASIDE, setDamagedRefsAside } from './storage/damaged-refs.ts';
import { DeskClock } from './storage/desk-clock.ts';
import { DiskSpace } from './storage/disk-space.ts';
import { healthOf } from './operations/health.ts';
import { KnownDamage } from './storage/known-damage.ts';
import { DeskLog } from './operations/log.ts';
import { Maintenance } from './operations/maintenance.ts';
import { migrate } from './operations/migrate.ts';
import { MaintenanceSchedule } from './operations/maintenance-schedule.ts';
import { expireUploads } from './photos/upload-expiry.ts';

export interface OpeningOptions {
  /** Folder of the running site's state. */
  data: string;
  /** What the repository is made from where there is none. */
  seeds: Source;
  store: EncodedStore;
  publisher: Promise<Publisher>;
  /** The folder of the editor's own files. */
  admin: Promise<string>;
  onTrouble(error: unknown): void;
  /** Steps of the model; tests have their own. */
  migrations?: readonly Migration[];
  /** How much of the disk is not for photos, in bytes. */
  reserve?: number;
  /** How long a git may take, in milliseconds; undefined: as long as git.ts says. */
  patience?: number | undefined;
  /** What of the work on passwords is done otherwise than usual: tests count it, and need not wait for it. */
  passwords?: Partial<PasswordHashing> | undefined;
  /** How long after a failure what is published is rendered again, in milliseconds; undefined: as publishing.ts says. */
  again?: number | undefined;
  /** How long what is made of a text may take, in milliseconds; undefined: as long as text-room.ts says. */
  textPatience?: number | undefined;
}

/** The desk with everything it works on, open. */
export interface OpenDesk {
  options: DeskOptions;
  publication: SiteUpdates;
  upkeep: MaintenanceSchedule;
  /** What is published. */
  main: CommitSource;
  accounts: Accounts;
  /** The time by which something is old: see DeskClock. */
  now(): Date;
  /** Path and query of a new link to make the first administrator; undefined: there is one. */
  firstPath(): string | undefined;
  /** Waits for writes under way and closes everything. */
  close(): Promise<void>;
}

/** What the desk keeps, open. */
interface Stores {
  repository: Repository;
  drafts: Drafts;
  accounts: Accounts;
  clock: DeskClock;
  /** How many drafts are damaged and were set aside. */
  setAside: number;
}

/**
 * The repository of a data folder as this code can work on it: made where there never was one, cleared of what a kill
 * has left, brought to this version of the model. Throws a Refusal where it is of a newer one, a Damage where it cannot
 * be read.
 */
async function openStores(
  { data, seeds, patience, passwords, migrations: steps = migrations }: OpeningOptions,
  database: DeskDatabase,
): Promise<Stores> {
  const clock = new DeskClock(database);
  // Before the repository: where there is one, there is a table of accounts.
  const accounts = await Accounts.open(database, passwords, () => clock.now());
  const repository = await foundRepository(data, seeds, database, { model: versionAfter(steps), patience });
  try {
    const setAside = await setDamagedRefsAside(repository, data);
    const drafts = new Drafts(repository, () => clock.stamp());
    await drafts.sweep();
    await migrate(repository, steps);
    await expireUploads(database, repository, clock.now());
    return { repository, drafts, accounts, clock, setAside };
  } catch (error) {
    repository.close();
    throw error;
  }
}

/**
 * Opens the desk of a data folder: clears away what a kill has left, makes the repository where there never was one.
 * Undefined: another process has the folder. Throws a Refusal where the folder is of a newer version of the software, a
 * Damage where the desk cannot work on what is there.
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
    return await furnish(given, database, stores);
  } catch (error) {
    stores?.repository.close();
    database.close();
    throw error;
  }
}

/** Puts the desk together from what it keeps. */
async function furnish(
  given: OpeningOptions,
  database: DeskDatabase,
  { repository, drafts, accounts, clock, setAside }: Stores,
): Promise<OpenDesk> {
  const { data, store, again } = given;
  const log = await DeskLog.open(join(data, 'log'));
  log.note('start', { model: versionAfter(given.migrations ?? migrations), node: process.version });
  const damage = new KnownDamage(repository);
  const onTrouble = (error: unknown): void => {
    log.trouble(error);
    damage.hear(error);
    given.onTrouble(error);
  };
  const invitations = new Invitations(database, accounts);
  const audit = new AuditLog(database, onTrouble);
  const notes = new Comments(database);
  const space = new DiskSpace(data, given.reserve);
  const uploads = new Uploads(repository, database, store, join(data, 'uploads'), space, () => clock.stamp());
  const photos = new DraftPhotos(repository, drafts, uploads, store);
  const publication = new SiteUpdates(given.publisher, onTrouble, ({ rendered, faults, milliseconds }) =>
    log.note('publication', {
      pages: rendered,
      faults: faults.length,
      milliseconds: Math.round(milliseconds.total),
    }),
  );
  const publishing = new PublishQueue(repository, drafts, publication, todayInChina, { onTrouble, again });
  const chronicle = new Timeline(repository);
  const texts = new TextThreads({ patience: given.textPatience });
  const conflicts = new SaveConflicts(repository, chronicle, texts);
  const photoOf = (src: string, author: Writer) => uploads.findFor(src, author)?.blob;
  const editing = new DraftSaves(repository, drafts, photoOf, texts, conflicts);
  const policy = new Permissions({
    repository,
    drafts,
    accounts,
    chronicle,
    remains: async (name) => notes.of(name).length > 0 || (await conflicts.of(name)).length > 0,
    selfApproval: async () => (await publication.site()).selfApproval,
  });
  const library = async () => publication.library();
  const units = async () => (await library()).reader().units();
  const maintenance = new Maintenance(repository, database, space);
  const upkeep = new MaintenanceSchedule(maintenance, database, {
    onDone: ({ uploads: swept, ...done }, milliseconds) =>
      log.note('maintenance', { ...done, ...swept, milliseconds: Math.round(milliseconds) }),
    onTrouble(error) {
      if (isUnreadableRepository(error)) damage.noteMaintenance();
      onTrouble(error);
    },
  });
  noteTables(database);
  if (setAside > 0) {
    const damagedDrafts = `有 ${setAside} 份草稿或旧稿损坏，读不出来，没有列出：请用备份找回`;
    damage.note(`${damagedDrafts}。`);
    onTrouble(new Error(`${damagedDrafts}。名单在 ${join(repository.folder, SET_ASIDE)}，处理完删去它，就不再提示。`));
  }
  upkeep.begin(clock);
  return {
    publication,
    upkeep,
    main: new CommitSource(repository, await repository.head()),
    accounts,
    now: () => clock.now(),
    firstPath() {
      const token = invitations.first();
      return token === undefined ? undefined : `/desk/first?token=${token}`;
    },
    options: {
      repository,
      drafts,
      editing,
      publishing,
      review: new Review(drafts, publishing, policy, notes),
      notes,
      chronicle,
      conflicts,
      restoring: new VersionRestore(repository, drafts, editing, policy, texts),
      policy,
      texts,
      accounts,
      invitations,
      audit,
      submissions: new Submissions(repository, drafts, library),
      library,
      units: async () => new Map((await units()).flatMap(({ code, name, active }) => (active ? [[code, name]] : []))),
      unitName: async (code) => (await units()).find((unit) => unit.code === code)?.name ?? code,
      origin: (request) => request.server.ownAddress.originForLinks(request),
      hasSample: async () => (await publication.site()).sample,
      async clearSample(editor) {
        await clearSample(repository, drafts, publishing, editor);
        audit.note(editor, '清空示例内容');
      },
      uploads,
      photos,
      admin: given.admin,
      limits: async () => publication.limits(),
      choices: async () => publication.choices(),
      findingsOf: async (photo, file) => publication.findingsOf(photo, file),
      previews: new Previews(texts, photos, publication, policy, todayInChina),
      // Most photos are published later: they are encoded while the editor goes on writing.
      onUpload: ({ hash, blob }) => {
        const encoded = repository.inFile(blob, async (file) =>
          store.encodeAhead(hash, async () => ({ file: await file(), hash })),
        );
        void encoded.catch(onTrouble);
      },
      onTrouble,
      requireStorage() {
        if (database.isInPlace()) return;
        damage.noteReplacedDatabase();
        throw new StorageTrouble();
      },
      log,
      health: async () => healthOf(repository, database, space, damage),
    },
    async close() {
      await upkeep.close();
      clock.keep();
      await texts.close();
      await publishing.settled();
      log.note('stop');
      await log.close();
      repository.close();
      database.close();
    },
  };
}

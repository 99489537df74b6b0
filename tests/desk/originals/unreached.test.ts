// Originals that nothing needs are removed late, and never under a writer.
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { openOriginals } from '../../../src/desk/originals/open-originals.ts';
import type { Originals } from '../../../src/desk/originals/originals.ts';
import { StoredPhotos } from '../../../src/desk/originals/stored-photos.ts';
import { UnreachedOriginals } from '../../../src/desk/originals/unreached-originals.ts';
import { Maintenance } from '../../../src/desk/operations/maintenance.ts';
import { MaintenanceSchedule, type OriginalsWork } from '../../../src/desk/operations/maintenance-schedule.ts';
import { DiskSpace } from '../../../src/desk/storage/disk-space.ts';
import type { OpenDesk } from '../../../src/desk/open-desk.ts';
import { DeskFolder } from '../../fixtures/desk/bare-desk.ts';
import { storedOriginals } from '../../fixtures/originals/desk-originals.ts';
import { SampleFiles } from '../../fixtures/originals/files.ts';

const DAY = 86_400_000;

let folder: DeskFolder;
let desk: OpenDesk;
let database: DatabaseSync;
let originals: Originals;
let photos: StoredPhotos;
let maintenance: Maintenance;
let files: SampleFiles;

beforeEach(async () => {
  folder = new DeskFolder();
  files = new SampleFiles();
  desk = await folder.open();
  database = new DatabaseSync(join(folder.data, 'desk.sqlite'));
  originals = await openOriginals(folder.data, undefined, { alone: false });
  const unreached = new UnreachedOriginals(database);
  photos = new StoredPhotos(desk.options.repository, originals, { claim: async (hash) => unreached.claim(hash) });
  const space = new DiskSpace(folder.data, 0);
  maintenance = new Maintenance(desk.options.repository, database, space, { originals, photos });
});

afterEach(async () => {
  database.close();
  await desk.close();
  folder.dispose();
  files.dispose();
});

const never = new AbortController().signal;

async function maintain(daysAhead: number): Promise<number> {
  return (await maintenance.run('thorough', new Date(Date.now() + daysAhead * DAY), never)).originals;
}

test('What nothing reaches is removed 90 days after that was first seen; the seed and uploads stay', async () => {
  const seeded = storedOriginals(folder.data);
  expect(seeded).toHaveLength(2);
  const { file, name } = files.make(500);
  const blob = await photos.store(file, name);
  const uploaded = files.make(600);
  const pointer = await photos.store(uploaded.file, uploaded.name);
  database
    .prepare('INSERT INTO uploads VALUES (?, ?, ?, ?, 1, 1, ?, ?, ?)')
    .run('a.jpg', pointer, uploaded.name.hash, 600, '#000', 'x', new Date(Date.now() + 200 * DAY).toISOString());
  expect(blob).not.toBe(pointer);
  for (const days of [0, 6, 89]) expect(await maintain(days)).toBe(0);
  expect(await originals.has(name.hash)).toBe(true);
  expect(await maintain(91)).toBe(1);
  expect(await originals.has(name.hash)).toBe(false);
  expect(storedOriginals(folder.data)).toEqual([...seeded, uploaded.name.hash].sort());
});

test('What is stored again starts its 90 days again', async () => {
  const { file, name } = files.make(500);
  await photos.store(file, name);
  await maintain(0);
  await photos.store(file, name);
  expect(await maintain(91)).toBe(0);
  expect(await maintain(182)).toBe(1);
});

test('A writer waits while the same original is being removed, and stores it again', async () => {
  const { file, name } = files.make(500);
  await photos.store(file, name);
  await maintain(0);
  // A server that takes long to remove it.
  const { promise: gate, resolve: open } = Promise.withResolvers<undefined>();
  const started = Promise.withResolvers<undefined>();
  const remove = originals.remove.bind(originals);
  vi.spyOn(originals, 'remove').mockImplementation(async (hash) => {
    started.resolve(undefined);
    await gate;
    await remove(hash);
  });
  const sweeping = new UnreachedOriginals(database).sweep(originals, new Set(), new Date(Date.now() + 91 * DAY), never);
  await started.promise;
  const storing = photos.store(file, name);
  open(undefined);
  await Promise.all([sweeping, storing]);
  expect(await originals.has(name.hash)).toBe(true);
  expect(database.prepare('SELECT * FROM originals_unreached WHERE hash = ?').get(name.hash)).toBeUndefined();
});

test('A mark that a killed process has left is forgotten by the next start', async () => {
  database.prepare("INSERT INTO originals_unreached VALUES ('ab', 1, 1)").run();
  await desk.close();
  desk = await folder.open();
  expect(database.prepare("SELECT removing FROM originals_unreached WHERE hash = 'ab'").get()).toEqual({ removing: 0 });
});

/** Returns a time in March 2031 and later, China time, at night. */
const night = (day: number): Date => new Date(Date.UTC(2031, 2, day, -8 + 3, 30));

test('Originals are checked once a month at night, and a check that was stopped continues where it was', async () => {
  const runs: (string | undefined)[] = [];
  let stop: (() => Promise<void>) | undefined;
  const work: OriginalsWork = {
    async run({ after, signal, onChecked }) {
      runs.push(after);
      if (stop) {
        const now = performance.now;
        // The place is recorded every ten seconds.
        performance.now = () => now.call(performance) + 20_000;
        onChecked(`ab12${'0'.repeat(60)}`, 5);
        performance.now = now;
        void stop();
        expect(signal.aborted).toBe(true);
      }
      return { read: 1, found: 0 };
    },
  };
  const troubles: unknown[] = [];
  const listeners = { onDone: () => undefined, onTrouble: (error: unknown) => troubles.push(error) };
  const opened = () => new MaintenanceSchedule(maintenance, database, listeners, work);
  await opened().checkIfDue(night(1));
  await opened().checkIfDue(night(30));
  expect(runs).toEqual([]);
  await opened().checkIfDue(night(31));
  await opened().checkIfDue(night(32));
  expect(runs).toEqual([undefined]);
  const stopping = opened();
  stop = async () => stopping.close();
  await stopping.checkIfDue(night(61));
  stop = undefined;
  // By day too: it has begun.
  await opened().checkIfDue(new Date(night(61).getTime() + DAY / 2));
  await opened().checkIfDue(night(62));
  expect(runs).toEqual([undefined, undefined, `ab1200000000${'f'.repeat(52)}`]);
  expect(troubles).toEqual([]);
});

// Maintenance of the repository: what it packs, what it must never lose, and when it runs.
import { existsSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { entryRefAt } from '../../../src/desk/domain/entry-ref.ts';
import type { OpenDesk } from '../../../src/desk/open-desk.ts';
import { DiskSpace } from '../../../src/desk/storage/disk-space.ts';
import { Maintenance, type MaintenanceResult } from '../../../src/desk/operations/maintenance.ts';
import { MaintenanceSchedule } from '../../../src/desk/operations/maintenance-schedule.ts';
import { DeskFolder, saveStory, storyFile } from '../../fixtures/desk/bare-desk.ts';

const DAY = 86_400_000;
const HOUR = DAY / 24;

let folder: DeskFolder;
let desk: OpenDesk;
let database: DatabaseSync;
let maintenance: Maintenance;

beforeEach(async () => {
  folder = new DeskFolder();
  desk = await folder.open();
  database = new DatabaseSync(join(folder.data, 'desk.sqlite'));
  maintenance = new Maintenance(desk.options.repository, database, new DiskSpace(folder.data, 0));
});

afterEach(async () => {
  database.close();
  await desk.close();
  folder.dispose();
});

const never = new AbortController().signal;

async function maintain(kind: 'light' | 'thorough', daysAhead = 0): Promise<MaintenanceResult> {
  return maintenance.run(kind, new Date(Date.now() + daysAhead * DAY), never);
}

/** Writes an object that no ref reaches, and sets its file time some days back. Returns the object's id. */
function unreachable(text: string, daysAgo: number): string {
  const id = folder.gitWith(text, 'hash-object', '-w', '--stdin');
  const then = new Date(Date.now() - daysAgo * DAY);
  utimesSync(join(folder.data, 'content.git/objects', id.slice(0, 2), id.slice(2)), then, then);
  return id;
}

function isThere(id: string): boolean {
  try {
    folder.git('cat-file', '-e', id);
    return true;
  } catch {
    return false;
  }
}

function noteUpload(src: string, blob: string, daysAgo: number): void {
  const uploaded = new Date(Date.now() - daysAgo * DAY).toISOString();
  database
    .prepare('INSERT INTO uploads VALUES (?, ?, ?, 1, 1, 1, ?, ?, ?)')
    .run(src, blob, 'hash', '#000', 'x', uploaded);
}

test('Light maintenance packs reachable objects and removes nothing, and a running reader still finds them', async () => {
  const file = await saveStory(desk, '20210401-080000aa');
  const { repository, drafts } = desk.options;
  const draft = await drafts.require(entryRefAt(file));
  const blob = await repository.blobAt(draft.commit, file);
  const stray = unreachable('stray', 400);
  const { loose, packs } = await maintain('light');
  expect({ loose, packs }).toEqual({ loose: 1, packs: 1 });
  expect(isThere(stray)).toBe(true);
  expect((await repository.bytes(blob ?? '')).toString()).toBe(storyFile('20210401-080000aa').raw);
  await saveStory(desk, '20210402-080000aa');
  expect(await maintain('thorough')).toMatchObject({ loose: 0 });
  expect((await repository.bytes(blob ?? '')).toString()).toBe(storyFile('20210401-080000aa').raw);
  expect(await desk.options.drafts.all()).toHaveLength(2);
  expect(folder.faults()).toBe('');
});

test('Unreachable objects are deleted after 90 days, in the second run: the first only marks them', async () => {
  const old = unreachable('old', 91);
  const young = unreachable('young', 89);
  await maintain('thorough');
  expect([old, young].map(isThere)).toEqual([true, true]);
  await maintain('thorough');
  expect([old, young].map(isThere)).toEqual([false, true]);
  expect(folder.faults()).toBe('');
});

test('A marked object that is written again stays', async () => {
  const id = unreachable('again', 91);
  await maintain('thorough');
  await desk.options.repository.write('again');
  await maintain('thorough');
  expect(isThere(id)).toBe(true);
});

test('A photo recorded as uploaded stays however old its bytes are, and is deleted some time after its record', async () => {
  const waiting = unreachable('waiting', 400);
  const forgotten = unreachable('forgotten', 400);
  noteUpload('waiting.jpg', waiting, 29);
  noteUpload('forgotten.jpg', forgotten, 31);
  for (let run = 0; run < 3; run += 1) await maintain('thorough');
  expect([waiting, forgotten].map(isThere)).toEqual([true, false]);
  expect(desk.options.uploads.find('waiting.jpg')?.blob).toBe(waiting);
  expect(desk.options.uploads.find('forgotten.jpg')).toBeUndefined();
  // The first run deletes the photo's record, the later two delete the photo. git has the time of the photo's last use
  // although the photo is in a pack.
  for (const daysAhead of [2, 100, 107]) await maintain('thorough', daysAhead);
  expect(isThere(waiting)).toBe(false);
  expect(folder.faults()).toBe('');
});

test('A deleted draft can be restored for 180 days', async () => {
  const { drafts } = desk.options;
  const file = await saveStory(desk, '20210401-080000aa');
  await drafts.remove(await drafts.require(entryRefAt(file)));
  const commit = folder.git('rev-parse', folder.git('for-each-ref', '--format=%(refname)', 'refs/trash'));
  expect(await maintain('thorough', 179)).toMatchObject({ trash: 0 });
  expect(isThere(commit)).toBe(true);
  expect(await maintain('thorough', 181)).toMatchObject({ trash: 1 });
  expect(folder.git('for-each-ref', 'refs/trash')).toBe('');
  await maintain('thorough', 300);
  expect(isThere(commit)).toBe(false);
  expect(folder.faults()).toBe('');
});

test('The text of a save that came too late is kept forever', async () => {
  const file = await saveStory(desk, '20210401-080000aa');
  const { commit } = await desk.options.drafts.require(entryRefAt(file));
  const late = folder.git('commit-tree', `${commit}^{tree}`, '-p', commit, '-m', 'late');
  folder.git('update-ref', 'refs/conflicts/stories/jiefang/20210401-080000aa/1', late);
  for (const daysAhead of [0, 200, 400]) await maintain('thorough', daysAhead);
  expect(isThere(late)).toBe(true);
});

test('Maintenance during reads and writes loses nothing and refuses nobody', async () => {
  const { repository, drafts } = desk.options;
  let over = false;
  const saved: string[] = [];
  const write = async (writer: number): Promise<void> => {
    for (let serial = 0; !over; serial += 1) {
      const id = `202104${String(writer + 10)}-${String(serial).padStart(6, '0')}aa`;
      await saveStory(desk, id, { title: `故事${serial}` });
      const file = storyFile(id).file;
      const draft = await drafts.require(entryRefAt(file));
      await drafts.move(draft, 'pending_review', { name: '甲', login: 'a' });
      saved.push(file);
    }
  };
  const read = async (): Promise<void> => {
    while (!over) {
      for (const file of saved.slice(-5)) {
        const draft = await drafts.require(entryRefAt(file));
        const blob = await repository.blobAt(draft.commit, file);
        expect((await repository.bytes(blob ?? '')).toString()).toContain('title: 故事');
      }
      await pause(5);
    }
  };
  const others = [write(1), write(2), write(3), read()];
  for (let run = 0; run < 5 || saved.length <= 5; run += 1) await maintain(run % 2 === 0 ? 'light' : 'thorough');
  over = true;
  await Promise.all(others);
  for (const file of saved) expect(await drafts.require(entryRefAt(file))).toMatchObject({ state: 'pending_review' });
  expect(folder.faults()).toBe('');
});

test('A disk too full for a second copy is reported, and the repository is not touched', async () => {
  const full = new Maintenance(desk.options.repository, database, new DiskSpace(folder.data, Number.MAX_SAFE_INTEGER));
  await expect(full.run('thorough', new Date(), never)).rejects.toThrow('磁盘剩余的空间不够');
  expect(readdirSync(join(folder.data, 'content.git/objects/pack'))).toEqual([]);
});

test('Maintenance stopped midway leaves the repository intact, and the next run completes it', async () => {
  for (let serial = 0; serial < 5; serial += 1) await saveStory(desk, `20210401-08000${serial}aa`);
  for (const pause of [0, 5, 20, 60]) {
    const stopping = new AbortController();
    setTimeout(() => stopping.abort(), pause);
    await maintenance.run('thorough', new Date(), stopping.signal).catch(() => undefined);
    expect(folder.faults()).toBe('');
  }
  expect(await maintain('thorough')).toMatchObject({ loose: 0, packs: 1 });
  expect(await desk.options.drafts.all()).toHaveLength(5);
});

test('A packed-refs.new left half-written by a killed git is removed, unless another git holds its lock', async () => {
  await saveStory(desk, '20210401-080000aa');
  const list = join(folder.data, 'content.git/packed-refs.new');
  const lock = join(folder.data, 'content.git/packed-refs.lock');
  writeFileSync(list, '# pack-refs');
  await maintain('light');
  expect(existsSync(list)).toBe(false);

  writeFileSync(list, '# pack-refs');
  writeFileSync(lock, '');
  await expect(maintain('light')).rejects.toThrow('packed-refs.lock');
  expect(existsSync(list)).toBe(true);
  for (const left of [list, lock]) rmSync(left);
  await maintain('light');
});

test.runIf(process.platform === 'linux')('Every process of maintenance runs at lower priority', async () => {
  const nices = new Set<string>();
  let over = false;
  const watching = (async () => {
    while (!over) {
      for (const pid of readdirSync('/proc').filter((name) => /^\d+$/u.test(name))) {
        try {
          const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8');
          const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
            .replace(/^.*\) /u, '')
            .split(' ');
          if (command.includes('pack-objects') && command.includes('\0--cruft')) nices.add(stat[16] ?? '');
        } catch {
          // The process has ended.
        }
      }
      await pause(1);
    }
  })();
  // The run is repeated, because it may be over before the loop has seen its processes.
  for (let serial = 0; nices.size === 0; serial += 1) {
    for (let stray = 0; stray < 20; stray += 1) unreachable(`stray ${serial}/${stray}`, 1);
    await maintain('thorough');
  }
  over = true;
  await watching;
  expect([...nices]).toEqual(['15']);
});

/** Returns a new schedule. `runs` collects the kinds of maintenance that it runs; `troubles` collects its errors. */
function counted(): { schedule: MaintenanceSchedule; runs: string[]; troubles: unknown[] } {
  const runs: string[] = [];
  const troubles: unknown[] = [];
  const schedule = new MaintenanceSchedule(maintenance, database, {
    onDone: ({ kind }) => runs.push(kind),
    onTrouble: (error) => troubles.push(error),
  });
  return { schedule, runs, troubles };
}

/** Returns a time of a day in March 2031. `time`: HH:MM in China. */
const at = (day: number, time: string): Date => new Date(`2031-03-${String(day).padStart(2, '0')}T${time}:00+08:00`);

test('Maintenance runs every night in China, thoroughly once a week, one run at a time, also across restarts', async () => {
  const { schedule, runs, troubles } = counted();
  await schedule.runIfDue(at(1, '02:00'));
  expect(await schedule.due(at(2, '02:59'))).toBeUndefined();
  expect(await schedule.due(at(2, '05:00'))).toBeUndefined();
  await Promise.all([schedule.runIfDue(at(2, '03:00')), schedule.runIfDue(at(2, '03:00'))]);
  expect(runs).toEqual(['light']);
  expect(await counted().schedule.due(at(2, '04:50'))).toBeUndefined();
  for (let day = 3; day < 16; day += 1) await counted().schedule.runIfDue(at(day, '03:10'));
  await schedule.runIfDue(at(16, '03:10'));
  expect(await schedule.due(at(17, '03:10'))).toBe('light');
  expect(troubles).toEqual([]);
  const record = database.prepare("SELECT done FROM upkeep WHERE what = 'thorough'").get();
  expect(record).toEqual({ done: at(13, '03:10').getTime() });
});

test('A desk that runs only by day is maintained by day, and many loose objects do not wait for the night', async () => {
  const { schedule } = counted();
  await schedule.runIfDue(at(1, '10:00'));
  expect(await schedule.due(at(4, '10:00'))).toBeUndefined();
  expect(await schedule.due(at(5, '10:00'))).toBe('light');
  const crowd = Array.from({ length: 4000 }, (_, index) => `blob\ndata <<E\n${index}\nE\n`).join('');
  folder.gitWith(crowd, '-c', 'fastimport.unpackLimit=10000', 'fast-import', '--quiet');
  expect(await schedule.due(at(1, '10:30'))).toBeUndefined();
  expect(await schedule.due(at(1, '11:30'))).toBe('light');
});

test('Closing the desk stops maintenance without an error', async () => {
  const { schedule, runs, troubles } = counted();
  await schedule.runIfDue(at(1, '02:00'));
  const looking = schedule.runIfDue(new Date(at(1, '03:00').getTime() + 24 * HOUR));
  await schedule.close();
  await looking;
  expect(runs).toEqual([]);
  expect(troubles).toEqual([]);
  expect(folder.faults()).toBe('');
});

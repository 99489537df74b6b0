// Maintenance of the repository: what it packs, what it must never lose, and when it is done.
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

/** Writes an object that no ref reaches, as if that was some days ago. */
function unreached(text: string, daysAgo: number): string {
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

test('light maintenance packs what refs reach and removes nothing else; the reader that stays finds it', async () => {
  const file = await saveStory(desk, '20210401-080000aa');
  const { repository, drafts } = desk.options;
  const draft = await drafts.require(entryRefAt(file));
  const blob = await repository.blobAt(draft.commit, file);
  const stray = unreached('stray', 400);
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

test('what nothing needs goes after 90 days, in the second run: the first only puts it aside', async () => {
  const old = unreached('old', 91);
  const young = unreached('young', 89);
  await maintain('thorough');
  expect([old, young].map(isThere)).toEqual([true, true]);
  await maintain('thorough');
  expect([old, young].map(isThere)).toEqual([false, true]);
  expect(folder.faults()).toBe('');
});

test('what was put aside and is written again stays', async () => {
  const id = unreached('again', 91);
  await maintain('thorough');
  await desk.options.repository.write('again');
  await maintain('thorough');
  expect(isThere(id)).toBe(true);
});

test('a photo of the ledger stays however old its bytes are, and goes some time after the ledger has let it go', async () => {
  const waiting = unreached('waiting', 400);
  const forgotten = unreached('forgotten', 400);
  noteUpload('waiting.jpg', waiting, 29);
  noteUpload('forgotten.jpg', forgotten, 31);
  for (let run = 0; run < 3; run += 1) await maintain('thorough');
  expect([waiting, forgotten].map(isThere)).toEqual([true, false]);
  expect(desk.options.uploads.find('waiting.jpg')?.blob).toBe(waiting);
  expect(desk.options.uploads.find('forgotten.jpg')).toBeUndefined();
  // Two runs after the ledger has let it go: of its pack, too, it is known when it was last used.
  for (const daysAhead of [2, 100, 107]) await maintain('thorough', daysAhead);
  expect(isThere(waiting)).toBe(false);
  expect(folder.faults()).toBe('');
});

test('a deleted draft can be brought back for 180 days', async () => {
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

test('a save that came too late is kept however long nobody looks at it', async () => {
  const file = await saveStory(desk, '20210401-080000aa');
  const { commit } = await desk.options.drafts.require(entryRefAt(file));
  const late = folder.git('commit-tree', `${commit}^{tree}`, '-p', commit, '-m', 'late');
  folder.git('update-ref', 'refs/conflicts/stories/jiefang/20210401-080000aa/1', late);
  for (const daysAhead of [0, 200, 400]) await maintain('thorough', daysAhead);
  expect(isThere(late)).toBe(true);
});

test('beside writers and readers nothing is lost and nobody is refused', async () => {
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

test('a disk that cannot hold a second copy is said, and the repository left alone', async () => {
  const full = new Maintenance(desk.options.repository, database, new DiskSpace(folder.data, Number.MAX_SAFE_INTEGER));
  await expect(full.run('thorough', new Date(), never)).rejects.toThrow('磁盘剩余的空间不够');
  expect(readdirSync(join(folder.data, 'content.git/objects/pack'))).toEqual([]);
});

test('stopped in the middle it leaves everything in order, and the next run finds its work', async () => {
  for (let serial = 0; serial < 5; serial += 1) await saveStory(desk, `20210401-08000${serial}aa`);
  for (const patience of [0, 5, 20, 60]) {
    const stopping = new AbortController();
    setTimeout(() => stopping.abort(), patience);
    await maintenance.run('thorough', new Date(), stopping.signal).catch(() => undefined);
    expect(folder.faults()).toBe('');
  }
  expect(await maintain('thorough')).toMatchObject({ loose: 0, packs: 1 });
  expect(await desk.options.drafts.all()).toHaveLength(5);
});

test('a list of refs that an ended git left half-written is removed, but not from who is writing it', async () => {
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

test.runIf(process.platform === 'linux')('stands back behind everybody else, with every process', async () => {
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
          // It has ended.
        }
      }
      await pause(1);
    }
  })();
  // A run may be over before anybody has looked.
  for (let serial = 0; nices.size === 0; serial += 1) {
    for (let stray = 0; stray < 20; stray += 1) unreached(`stray ${serial}/${stray}`, 1);
    await maintain('thorough');
  }
  over = true;
  await watching;
  expect([...nices]).toEqual(['15']);
});

/** An upkeep whose runs are counted. */
function counted(): { upkeep: MaintenanceSchedule; runs: string[]; troubles: unknown[] } {
  const runs: string[] = [];
  const troubles: unknown[] = [];
  const upkeep = new MaintenanceSchedule(maintenance, database, {
    onDone: ({ kind }) => runs.push(kind),
    onTrouble: (error) => troubles.push(error),
  });
  return { upkeep, runs, troubles };
}

/** A moment of a day in 2031, by the clock in China. */
const at = (day: number, time: string): Date => new Date(`2031-03-${String(day).padStart(2, '0')}T${time}:00+08:00`);

test('it is done every night in China, thoroughly once a week, one at a time, and remembered by the next start', async () => {
  const { upkeep, runs, troubles } = counted();
  await upkeep.look(at(1, '02:00'));
  expect(await upkeep.due(at(2, '02:59'))).toBeUndefined();
  expect(await upkeep.due(at(2, '05:00'))).toBeUndefined();
  await Promise.all([upkeep.look(at(2, '03:00')), upkeep.look(at(2, '03:00'))]);
  expect(runs).toEqual(['light']);
  expect(await counted().upkeep.due(at(2, '04:50'))).toBeUndefined();
  for (let day = 3; day < 16; day += 1) await counted().upkeep.look(at(day, '03:10'));
  await upkeep.look(at(16, '03:10'));
  expect(await upkeep.due(at(17, '03:10'))).toBe('light');
  expect(troubles).toEqual([]);
  const record = database.prepare("SELECT done FROM upkeep WHERE what = 'thorough'").get();
  expect(record).toEqual({ done: at(13, '03:10').getTime() });
});

test('a desk that runs by day only is kept up by day; many loose objects are not left until the night', async () => {
  const { upkeep } = counted();
  await upkeep.look(at(1, '10:00'));
  expect(await upkeep.due(at(4, '10:00'))).toBeUndefined();
  expect(await upkeep.due(at(5, '10:00'))).toBe('light');
  const crowd = Array.from({ length: 4000 }, (_, index) => `blob\ndata <<E\n${index}\nE\n`).join('');
  folder.gitWith(crowd, '-c', 'fastimport.unpackLimit=10000', 'fast-import', '--quiet');
  expect(await upkeep.due(at(1, '10:30'))).toBeUndefined();
  expect(await upkeep.due(at(1, '11:30'))).toBe('light');
});

test('a desk that closes stops it and is told no trouble', async () => {
  const { upkeep, runs, troubles } = counted();
  await upkeep.look(at(1, '02:00'));
  const looking = upkeep.look(new Date(at(1, '03:00').getTime() + 24 * HOUR));
  await upkeep.close();
  await looking;
  expect(runs).toEqual([]);
  expect(troubles).toEqual([]);
  expect(folder.faults()).toBe('');
});

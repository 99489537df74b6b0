// A wrong system clock deletes nothing and blocks nothing.
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { entryRefAt } from '../../../src/desk/domain/entry-ref.ts';
import type { OpenDesk } from '../../../src/desk/open-desk.ts';
import { Accounts } from '../../../src/desk/accounts/accounts.ts';
import { Links } from '../../../src/desk/accounts/one-time-links.ts';
import { DeskClock } from '../../../src/desk/storage/desk-clock.ts';
import { DiskSpace } from '../../../src/desk/storage/disk-space.ts';
import { Maintenance } from '../../../src/desk/operations/maintenance.ts';
import { MaintenanceSchedule } from '../../../src/desk/operations/maintenance-schedule.ts';
import { DeskFolder, saveStory } from '../../fixtures/desk/bare-desk.ts';
import { PASSWORD } from '../../fixtures/desk/desk-client.ts';

const DAY = 86_400_000;
const YEAR = 365 * DAY;
const NEW_PASSWORD = 'dongtian-mianhua-yaoshi-88';
const NOW = Date.parse('2026-03-02T10:00:00+08:00');

let folder: DeskFolder;
let desk: OpenDesk | undefined;

beforeEach(() => {
  folder = new DeskFolder();
  vi.useFakeTimers({ toFake: ['Date'], now: NOW });
});

afterEach(async () => {
  await desk?.close();
  desk = undefined;
  folder.dispose();
  vi.useRealTimers();
});

/** Closes the desk, sets the system clock to `wall` (milliseconds since 1970) and opens the desk again. */
async function startedAt(wall: number): Promise<OpenDesk> {
  await desk?.close();
  vi.setSystemTime(wall);
  desk = await folder.open();
  return desk;
}

function withDatabase<T>(use: (database: DatabaseSync) => T): T {
  const database = new DatabaseSync(join(folder.data, 'desk.sqlite'));
  try {
    return use(database);
  } finally {
    database.close();
  }
}

/** Stores a photo that no entry contains, and records it as uploaded at a time (milliseconds since 1970). */
function noteUpload(src: string, uploaded: number): void {
  const blob = folder.gitWith(src, 'hash-object', '-w', '--stdin');
  withDatabase((database) =>
    database
      .prepare('INSERT INTO uploads VALUES (?, ?, ?, 1, 1, 1, ?, ?, ?)')
      .run(src, blob, 'hash', '#000', 'x', new Date(uploaded).toISOString()),
  );
}

/**
 * Runs thorough maintenance twice, with the desk's clock (DeskClock) as the present time. In production, two such runs
 * happen within two weeks.
 */
async function maintainTwice(open: OpenDesk): Promise<void> {
  const database = new DatabaseSync(join(folder.data, 'desk.sqlite'));
  const clock = new DeskClock(database);
  const maintenance = new Maintenance(open.options.repository, database, new DiskSpace(folder.data, 0));
  for (let run = 0; run < 2; run += 1) await maintenance.run('thorough', clock.now(), new AbortController().signal);
  database.close();
}

test.each([
  ['ten years ahead', NOW + 10 * YEAR],
  ['four months ahead', NOW + 120 * DAY],
  ['in 1970', 0],
])('A start %s keeps uploads, deleted drafts and invitations', async (_case, wrong) => {
  const before = await startedAt(NOW);
  noteUpload('waiting.jpg', NOW - 5 * DAY);
  const file = await saveStory(before, '20210401-080000aa');
  await before.options.drafts.remove(await before.options.drafts.require(entryRefAt(file)));
  const trash = folder.git('for-each-ref', '--format=%(objectname)', 'refs/trash');
  const person = { login: 'wang', name: '王管理', role: 'administrator', unit: undefined, password: PASSWORD } as const;
  const by = await before.accounts.create(person);
  const token = before.options.invitations.issue({ role: 'reviewer', unit: undefined, name: '李审核' }, by);

  const during = await startedAt(wrong);
  await maintainTwice(during);
  const after = await startedAt(NOW + DAY);
  await maintainTwice(after);
  expect(after.options.uploads.find('waiting.jpg')).toBeDefined();
  expect(folder.git('for-each-ref', '--format=%(objectname)', 'refs/trash')).toBe(trash);
  expect(after.options.invitations.require(token).name).toBe('李审核');
});

const AHEAD = [
  ['an hour', NOW + 10 * YEAR, NOW + DAY / 24],
  ['as long as the desk is down', NOW + 30 * DAY, NOW + DAY / 2],
] as const;

test.each(AHEAD)('A password link is valid again after the clock was ahead for %s', async (_case, wrong, right) => {
  const open = await startedAt(NOW);
  const person = { login: 'wang', name: '王管理', role: 'administrator', unit: undefined, password: PASSWORD } as const;
  const { id } = await open.accounts.create(person);
  const token = open.accounts.passwordLink(id);
  const during = await startedAt(wrong);
  during.accounts.passwordLink(id);
  await expect(during.accounts.setPassword(token, NEW_PASSWORD)).rejects.toMatchObject({ status: 403 });
  vi.setSystemTime(right);
  expect(await during.accounts.setPassword(token, NEW_PASSWORD)).toBe('wang');
});

test('Password links are deleted only when their time has passed by the desk’s own clock', () => {
  const database = new DatabaseSync(':memory:');
  let old = NOW;
  const links = new Links(database, () => new Date(old));
  const left = () => database.prepare('SELECT count(*) AS links FROM links').get()?.['links'];
  links.issue({ kind: 'password', account: 'one' });
  vi.setSystemTime(NOW + 2 * DAY);
  links.issue({ kind: 'password', account: 'two' });
  expect(left()).toBe(2);
  old = NOW + 2 * DAY;
  links.issue({ kind: 'password', account: 'three' });
  expect(left()).toBe(2);
  database.close();
});

/** Creates an account and signs it in. Resolves to headers with the session's cookies. */
async function signedIn(open: OpenDesk): Promise<Headers> {
  const person = { login: 'wang', name: '王管理', role: 'administrator', unit: undefined, password: PASSWORD } as const;
  await open.accounts.create(person);
  const { cookies } = await open.accounts.signIn('wang', PASSWORD, { address: '127.0.0.1', cookies: undefined });
  return new Headers({ cookie: cookies.map((line) => line.split(';')[0]).join('; ') });
}

test.each(AHEAD)('A session is valid again after the clock was ahead for %s', async (_case, wrong, right) => {
  const headers = await signedIn(await startedAt(NOW));
  const during = await startedAt(wrong);
  expect(await during.accounts.sessionOf(headers)).toBeUndefined();
  vi.setSystemTime(right);
  expect((await during.accounts.sessionOf(headers))?.editor.login).toBe('wang');
});

test('A session in use is prolonged once a day; an unused one expires and is deleted later', async () => {
  const open = await startedAt(NOW);
  const headers = await signedIn(open);
  expect((await open.accounts.sessionOf(headers))?.cookies).toEqual([]);
  for (let day = 2; day <= 10; day += 2) {
    vi.setSystemTime(NOW + day * DAY);
    expect((await open.accounts.sessionOf(headers))?.cookies.join('')).toMatch(/session_token=.+Max-Age=604800/u);
    expect((await open.accounts.sessionOf(headers))?.cookies).toEqual([]);
  }
  vi.setSystemTime(NOW + 18 * DAY);
  expect(await open.accounts.sessionOf(headers)).toBeUndefined();
  const left = async (days: number): Promise<unknown> => {
    const database = new DatabaseSync(join(folder.data, 'desk.sqlite'));
    await Accounts.open(database, {}, () => new Date(NOW + days * DAY));
    const found = database.prepare('SELECT count(*) AS sessions FROM session').get()?.['sessions'];
    database.close();
    return found;
  };
  // The session expired on the 17th day. An expired session is deleted 30 days later.
  expect(await left(46)).toBe(1);
  expect(await left(48)).toBe(0);
});

test('Data from a time when the clock showed 1970 count as new when the clock is right again', async () => {
  await startedAt(NOW);
  const during = await startedAt(0);
  const file = await saveStory(during, '20210401-080000aa');
  await during.options.drafts.remove(await during.options.drafts.require(entryRefAt(file)));
  const after = await startedAt(NOW + DAY);
  await maintainTwice(after);
  expect(folder.git('for-each-ref', 'refs/trash')).not.toBe('');
});

test('Old uploads are deleted when the time has really passed, day by day', async () => {
  await startedAt(NOW);
  noteUpload('waiting.jpg', NOW);
  for (let day = 1; day <= 29; day += 1) await startedAt(NOW + day * DAY);
  if (desk) await maintainTwice(desk);
  expect(desk?.options.uploads.find('waiting.jpg')).toBeDefined();
  for (let day = 30; day <= 31; day += 1) await startedAt(NOW + day * DAY);
  if (desk) await maintainTwice(desk);
  expect(desk?.options.uploads.find('waiting.jpg')).toBeUndefined();
}, 600_000);

test.each([
  ['ahead', NOW + 10 * YEAR],
  ['behind', NOW - 10 * YEAR],
])('Maintenance is due if its record was made by a clock that was %s', async (_case, noted) => {
  const open = await startedAt(NOW);
  const database = new DatabaseSync(join(folder.data, 'desk.sqlite'));
  const note = database.prepare('INSERT OR REPLACE INTO upkeep VALUES (?, ?)');
  for (const what of ['light', 'thorough']) note.run(what, noted);
  const maintenance = new Maintenance(open.options.repository, database, new DiskSpace(folder.data, 0));
  const schedule = new MaintenanceSchedule(maintenance, database, {
    onDone: () => undefined,
    onTrouble: () => undefined,
  });
  expect(await schedule.due(new Date(NOW))).toBe('thorough');
  database.close();
});

test('The desk’s clock counts time that passes, never runs back, and counts at most a day for a stop', () => {
  const database = new DatabaseSync(':memory:');
  database.exec('CREATE TABLE upkeep (what TEXT PRIMARY KEY, done INTEGER NOT NULL)');
  let wall = NOW;
  let steady = 0;
  const begin = (): DeskClock => new DeskClock(database, { wall: () => wall, steady: () => steady });
  const clock = begin();
  expect(clock.passed()).toBe(NOW);
  steady += DAY;
  wall += 10 * YEAR;
  expect(clock.now().getTime()).toBe(NOW + DAY);
  expect(clock.stamp()).toBe(NOW + 10 * YEAR);
  clock.record();
  wall = 0;
  const next = begin();
  expect(next.passed()).toBe(NOW + DAY);
  expect(next.now().getTime()).toBe(0);
  expect(next.stamp()).toBe(NOW + DAY);
  wall = NOW + 3 * DAY;
  expect(begin().passed()).toBe(NOW + 2 * DAY);
  wall += DAY / 2;
  expect(begin().passed()).toBe(NOW + 2.5 * DAY);
  database.close();
});

// /healthz reports damage that happens while the desk is open, and maintenance then deletes nothing.
import { chmodSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { OpenDesk } from '../../../src/desk/open-desk.ts';
import { DeskFolder } from '../../fixtures/desk/bare-desk.ts';

const DAY = 86_400_000;
const NIGHT = Date.parse('2026-03-03T03:30:00+08:00');

let folder: DeskFolder;
let desk: OpenDesk;
let troubles: unknown[];

beforeEach(async () => {
  folder = new DeskFolder();
  troubles = [];
  desk = await folder.open({ reserve: 0, onTrouble: (error) => troubles.push(error) });
  // The first call stores the time from which the intervals of maintenance count.
  await desk.maintenance.runIfDue(new Date(NIGHT));
});

afterEach(async () => {
  await desk.close();
  folder.dispose();
});

const packs = (): string => join(folder.data, 'content.git/objects/pack');

/** Packs all objects of the repository and inverts the last byte of the last object in the pack. */
function flipInPack(): void {
  folder.git('repack', '-a', '-d', '-q');
  const [name = ''] = readdirSync(packs()).filter((file) => file.endsWith('.pack'));
  const content = readFileSync(join(packs(), name));
  // The pack ends with its hash, 20 bytes long.
  const last = content.length - 21;
  content[last] = (content[last] ?? 0) ^ 0xff;
  chmodSync(join(packs(), name), 0o600);
  writeFileSync(join(packs(), name), content);
}

test('An object that maintenance cannot read is reported until the next start', async () => {
  flipInPack();
  expect(await desk.options.health()).toEqual({ ok: true });
  await desk.maintenance.runIfDue(new Date(NIGHT + 7 * DAY));
  expect(troubles).not.toEqual([]);
  for (let asked = 0; asked < 2; asked += 1) {
    const { ok, wrong = [] } = await desk.options.health();
    expect(ok).toBe(false);
    expect(wrong.join('')).toMatch(/稿件库（content.git）有损坏/u);
  }
});

test('An overwritten database is reported although the desk has read it before', async () => {
  const file = join(folder.data, 'desk.sqlite');
  const other = new DatabaseSync(file);
  other.exec('PRAGMA wal_checkpoint(TRUNCATE)');
  other.close();
  const before = readFileSync(file);
  writeFileSync(file, Buffer.alloc(before.length, 'lorem ipsum '));
  expect(await desk.options.health()).toEqual({ ok: false, wrong: ['数据库（desk.sqlite）没有回答。'] });
  writeFileSync(file, before);
  expect(await desk.options.health()).toEqual({ ok: true });
});

test('Without main no object counts as unreachable, and all is well when main is back', async () => {
  const main = join(folder.data, 'content.git/refs/heads/main');
  renameSync(main, `${main}.away`);
  for (const days of [7, 14]) await desk.maintenance.runIfDue(new Date(NIGHT + days * DAY));
  expect(String(troubles[0])).toMatch(/（main）不见了或读不出来，这次没有整理/u);
  expect(readdirSync(packs()).filter((name) => name.endsWith('.mtimes'))).toEqual([]);
  renameSync(`${main}.away`, main);
  expect(await desk.options.health()).toEqual({ ok: true });
  await desk.maintenance.runIfDue(new Date(NIGHT + 21 * DAY));
  expect(troubles.filter((error) => String(error).includes('这次没有整理'))).toHaveLength(2);
  expect(folder.faults()).toBe('');
});

// A desk that is killed while it writes copies of unsaved work keeps every copy that it has confirmed, whole.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { expireUnsavedCopies, UnsavedCopies } from '../../../src/desk/unsaved/unsaved-copies.ts';
import { DeskFolder } from '../../fixtures/desk/bare-desk.ts';
import { sized } from '../../run-size.ts';

const PROGRAM = fileURLToPath(new URL('../../fixtures/desk/keeping-desk.ts', import.meta.url));
const NEW = { collection: 'stories', file: undefined } as const;
const DAY = 86_400_000;
const KILLS = sized({ usual: 1, long: 12 });

let folder: DeskFolder;

beforeEach(async () => {
  folder = new DeskFolder();
  await (await folder.open()).close();
});

afterEach(() => folder.dispose());

/** Starts a writer, and kills it after it has confirmed some copies. Resolves to the number of the last one. */
async function killAfter(copies: number): Promise<number> {
  const child = spawn(process.execPath, [PROGRAM, folder.data], { stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = once(child, 'close');
  let last = 0;
  for await (const said of child.stdout) {
    last = Number(String(said).trim().split('\n').at(-1));
    if (last >= copies) child.kill('SIGKILL');
  }
  await ended;
  return last;
}

test('What was confirmed is there, and no copy is cut off', async () => {
  for (let run = 1; run <= KILLS; run += 1) {
    const copies = 4 + (run % 5) * 20 + run;
    const last = await killAfter(copies);
    expect(last).toBeGreaterThanOrEqual(copies);
    const database = new DatabaseSync(join(folder.data, 'desk.sqlite'));
    const found = new UnsavedCopies(database, () => new Date()).of('li', NEW);
    database.close();
    expect(found).toHaveLength(3);
    for (const { revision, text } of found) expect(text).toBe(`${revision}\n`.repeat(2000));
    expect(Math.max(...found.map(({ revision }) => revision))).toBeGreaterThanOrEqual(last);
  }
});

test('A copy is deleted when it has not been written for more than 30 days', () => {
  const database = new DatabaseSync(join(folder.data, 'desk.sqlite'));
  const now = new Date('2026-11-30T08:00:00Z');
  for (const [id, age] of [
    ['old', 30 * DAY + 1],
    ['border', 30 * DAY],
    ['young', DAY],
  ] as const) {
    const copies = new UnsavedCopies(database, () => new Date(now.getTime() - age));
    copies.keep('li', NEW, { id, revision: 1, baseId: null, text: id, key: '', browser: '', device: '' });
  }
  expect(expireUnsavedCopies(database, now)).toBe(1);
  expect(new UnsavedCopies(database, () => now).of('li', NEW).map(({ id }) => id)).toEqual(['young', 'border']);
  database.close();
});

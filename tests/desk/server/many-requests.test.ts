// Any number of objects can be requested at once. git counts as stalled only if it writes nothing for the whole time
// limit.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { GitStalled } from '../../../src/desk/storage/git.ts';
import { Repository } from '../../../src/desk/storage/repository.ts';
import { SlowGit } from '../../fixtures/damage/slow-git.ts';

const TIMEOUT = 2000;

let folder: string;
let git: SlowGit | undefined;
let repository: Repository | undefined;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'questions-'));
});

afterEach(() => {
  repository?.close();
  git?.dispose();
  git = undefined;
  rmSync(folder, { recursive: true, force: true });
});

test('All objects are read although together they take longer than the time limit for one', async () => {
  const made = await Repository.make(join(folder, 'content.git'), { timeout: TIMEOUT });
  const blobs = await Promise.all(['a', 'b', 'c'].map(async (text) => made.write(text)));
  made.close();
  git = new SlowGit({ seconds: 0.02 });
  repository = await Repository.open(join(folder, 'content.git'), { timeout: TIMEOUT });
  const requests = Array.from({ length: 200 }, (_, index) => blobs[index % blobs.length] ?? '');
  const started = performance.now();
  const answers = await Promise.all(requests.map(async (blob) => repository?.bytes(blob)));
  // If all requests together took less than the time limit, the test would prove nothing.
  expect(performance.now() - started).toBeGreaterThan(TIMEOUT);
  expect(answers.map(String)).toEqual(requests.map((_, index) => ['a', 'b', 'c'][index % 3]));
});

test('A large object is read although its bytes take longer than the time limit to arrive', async () => {
  const made = await Repository.make(join(folder, 'content.git'));
  const photo = Buffer.alloc(300_000, 'photo');
  const blob = await made.write(photo);
  made.close();
  git = new SlowGit({ seconds: 0.3, bytes: 30_000 });
  repository = await Repository.open(join(folder, 'content.git'), { timeout: TIMEOUT });
  const started = performance.now();
  const found = await Promise.all([repository.bytes(blob), repository.has(blob)]);
  expect(performance.now() - started).toBeGreaterThan(TIMEOUT);
  expect(found).toEqual([photo, true]);
});

test('When git falls silent all pending requests fail as stalled, and the next request is answered', async () => {
  const made = await Repository.make(join(folder, 'content.git'));
  const blob = await made.write('a');
  made.close();
  git = new SlowGit({ seconds: 0, most: 5 });
  repository = await Repository.open(join(folder, 'content.git'), { timeout: TIMEOUT });
  const asked = await Promise.allSettled(Array.from({ length: 40 }, async () => repository?.bytes(blob)));
  const reasons = asked.flatMap((one) => (one.status === 'rejected' ? [one.reason] : []));
  expect(asked.slice(0, 5).every(({ status }) => status === 'fulfilled')).toBe(true);
  expect(reasons).toHaveLength(35);
  expect(reasons.every((reason) => reason instanceof GitStalled)).toBe(true);
  expect(String(await repository.bytes(blob))).toBe('a');
});

test('A damaged object does not make requests for other objects fail', async () => {
  const made = await Repository.make(join(folder, 'content.git'));
  const blobs = await Promise.all(Array.from({ length: 30 }, async (_, index) => made.write(`text ${index}`)));
  made.close();
  const [first = ''] = blobs;
  const file = join(folder, 'content.git/objects', first.slice(0, 2), first.slice(2));
  rmSync(file);
  writeFileSync(file, 'lorem ipsum');
  repository = await Repository.open(join(folder, 'content.git'));
  const answers = await Promise.allSettled(blobs.map(async (blob) => repository?.bytes(blob)));
  expect(answers.map(({ status }) => status)).toEqual(['rejected', ...blobs.slice(1).map(() => 'fulfilled')]);
});

// A restored desk requests all of its photos at once at its first start: here those of 2,000 stories.
import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { Repository } from '../../../src/desk/storage/repository.ts';

const PHOTOS = 6000;
const BYTES = 100_000;
const TIMEOUT = 700;

test('6,000 photos requested at once are all read although that takes longer than the time limit of 0.7 s', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'photos-'));
  const made = await Repository.make(join(folder, 'content.git'));
  made.close();
  const noise = randomBytes(BYTES);
  const marks = Array.from({ length: PHOTOS }, (_, index) => {
    const head = Buffer.from(`blob\nmark :${index + 1}\ndata ${BYTES}\n`);
    const photo = Buffer.from(noise);
    photo.writeUInt32BE(index, 0);
    return Buffer.concat([head, photo, Buffer.from('\n')]);
  });
  const named = join(folder, 'marks');
  const asked = [`--git-dir=${join(folder, 'content.git')}`, 'fast-import', '--quiet', `--export-marks=${named}`];
  execFileSync('git', asked, { input: Buffer.concat(marks) });
  const ids = execFileSync('cut', ['-d', ' ', '-f', '2', named], { encoding: 'utf8' }).trim().split('\n');
  expect(ids).toHaveLength(PHOTOS);
  const repository = await Repository.open(join(folder, 'content.git'), { timeout: TIMEOUT });
  try {
    const started = performance.now();
    const lengths = await Promise.all(ids.map(async (id) => (await repository.bytes(id)).length));
    expect(performance.now() - started).toBeGreaterThan(TIMEOUT);
    expect(lengths.every((length) => length === BYTES)).toBe(true);
  } finally {
    repository.close();
    rmSync(folder, { recursive: true, force: true });
  }
});

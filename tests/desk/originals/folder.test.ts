// Originals in a local folder: complete or not at all, for their owner only, durable.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, globSync, mkdirSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { describe, expect, test } from 'vitest';
import { FolderOriginals } from '../../../src/desk/originals/folder-originals.ts';
import { OriginalsTrouble } from '../../../src/desk/originals/originals-trouble.ts';
import { testOriginals } from '../../fixtures/originals/behaviour.ts';
import { all, SampleFiles, sha256 } from '../../fixtures/originals/files.ts';
import { sized } from '../../run-size.ts';

describe('in a folder', () => {
  testOriginals(async (files) => {
    const folder = files.path('data/originals');
    return {
      originals: await FolderOriginals.open(folder),
      damage: async (hash, bytes) => writeFileSync(join(folder, hash.slice(0, 2), hash), bytes),
      stored: async () => globSync('*/*', { cwd: folder }).sort(),
      close: async () => undefined,
    };
  });
});

test('Files and folders are for their owner only', async () => {
  const files = new SampleFiles();
  const folder = files.path('data/originals');
  const originals = await FolderOriginals.open(folder);
  for (const move of [false, true]) {
    const { file, name } = files.make(100);
    await originals.put(file, name, { move });
    const path = join(folder, name.hash.slice(0, 2), name.hash);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(statSync(dirname(path)).mode & 0o777).toBe(0o700);
  }
  expect(statSync(folder).mode & 0o777).toBe(0o700);
  files.dispose();
});

test('The desk removes unfinished files when it opens the folder; a process beside it does not', async () => {
  const files = new SampleFiles();
  const folder = files.path('originals');
  const unfinished = join(folder, 'unfinished/some-file');
  mkdirSync(dirname(unfinished), { recursive: true });
  writeFileSync(unfinished, 'half');
  expect(await all(FolderOriginals.join(folder).list())).toEqual([]);
  expect(existsSync(unfinished)).toBe(true);
  await FolderOriginals.open(folder);
  expect(existsSync(unfinished)).toBe(false);
  files.dispose();
});

test('Foreign files are not listed', async () => {
  const files = new SampleFiles();
  const folder = files.path('originals');
  const originals = await FolderOriginals.open(folder);
  const { file, name } = files.make(100);
  await originals.put(file, name);
  for (const path of ['readme.txt', 'ab/readme.txt', `ab/${name.hash}`, 'zz/x', `${name.hash.slice(0, 2)}/.hidden`]) {
    if (path.startsWith(`${name.hash.slice(0, 2)}/${name.hash}`)) continue;
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), 'foreign');
  }
  mkdirSync(join(folder, `cd/${'cd'.repeat(32)}`), { recursive: true });
  expect(await all(originals.list())).toEqual([name]);
  files.dispose();
});

test('A folder that is gone is said in a sentence', async () => {
  const files = new SampleFiles();
  const originals = await FolderOriginals.open(files.path('originals'));
  rmSync(files.path('originals'), { recursive: true });
  await expect(originals.ready()).rejects.toThrow(OriginalsTrouble);
  await expect(originals.ready()).rejects.toThrow('不能读写');
  files.dispose();
});

const KILLS = sized({ usual: 6, long: 40 });

test(`Nothing that was acknowledged is lost or incomplete after ${KILLS} kills`, async () => {
  const files = new SampleFiles();
  const folder = files.path('originals');
  const acknowledged = new Set<string>();
  for (let kill = 0; kill < KILLS; kill += 1) {
    const script = join(import.meta.dirname, '../../fixtures/originals/putting.ts');
    const child = spawn(process.execPath, [script, folder, files.path(`source-${kill}`)], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const ended = once(child, 'close');
    let count = 0;
    for await (const hash of createInterface({ input: child.stdout })) {
      acknowledged.add(hash);
      count += 1;
      if (count === 5) setTimeout(() => child.kill('SIGKILL'), Math.random() * 40);
    }
    await ended;
  }
  const originals = await FolderOriginals.open(folder);
  expect(readdirSync(folder)).not.toContain('unfinished');
  const listed = await all(originals.list());
  for (const { hash } of listed) expect(sha256(await originals.get(hash))).toBe(hash);
  const found = new Set(listed.map(({ hash }) => hash));
  expect([...acknowledged].filter((hash) => !found.has(hash))).toEqual([]);
  expect(acknowledged.size).toBeGreaterThanOrEqual(KILLS * 5);
  files.dispose();
});

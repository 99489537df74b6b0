// The repository can write objects although another git removes empty object folders when it packs. That git removes
// even a folder that has just been made for an object.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Repository } from '../../../src/desk/storage/repository.ts';

/**
 * Name of the folder that contains the git objects of all texts in this file: the first two digits of the object ids.
 */
const FOLDER = '00';
const WRITES = 30;

/**
 * Program of a worker that waits until `asked` is positive, removes the folder as soon as it exists and is empty, and
 * decreases `asked` by 1.
 */
const REMOVER = `
  const { rmdirSync } = require('node:fs');
  const { workerData: { folder, asked } } = require('node:worker_threads');
  for (;;) {
    Atomics.wait(asked, 0, 0);
    try {
      rmdirSync(folder);
      Atomics.sub(asked, 0, 1);
    } catch {
      // The folder does not exist yet, or is not empty.
    }
  }`;

const root = mkdtempSync(join(tmpdir(), 'removed-folders-'));
const folder = join(root, 'content.git');
const objects = join(folder, 'objects', FOLDER);
const asked = new Int32Array(new SharedArrayBuffer(4));
let repository: Repository;
let remover: Worker;

beforeAll(async () => {
  repository = await Repository.make(folder);
  remover = new Worker(REMOVER, { eval: true, workerData: { folder: objects, asked } });
});

afterAll(async () => {
  await remover.terminate();
  repository.close();
  rmSync(root, { recursive: true });
});

/** Yields texts whose object ids begin with FOLDER. */
function* texts(): Generator<string> {
  for (let serial = 0; ; serial += 1) {
    const text = `第 ${serial} 份`;
    const object = `blob ${Buffer.byteLength(text)}\0${text}`;
    if (createHash('sha1').update(object).digest('hex').startsWith(FOLDER)) yield text;
  }
}

/** Removes the folder if it exists, and tells the worker to remove it again as soon as git has made it. */
function remove(): void {
  rmSync(objects, { recursive: true, force: true });
  Atomics.store(asked, 0, 1);
  Atomics.notify(asked, 0);
}

const text = texts();
const next = (): string => text.next().value;

test('git alone fails if its folder is removed', async () => {
  // On a busy machine the worker is often too late, so this goes on until it is in time.
  for (let status: number | null = 0; status === 0;) {
    await setImmediate();
    remove();
    ({ status } = spawnSync('git', [`--git-dir=${folder}`, 'hash-object', '-w', '--stdin'], { input: next() }));
  }
});

test.each([
  ['text', async (content: string) => repository.write(content)],
  [
    'a file',
    async (content: string) => {
      const file = join(root, 'file');
      writeFileSync(file, content);
      return repository.writeFile(file);
    },
  ],
])('The repository writes %s although its folder is removed', async (_, write) => {
  for (let count = 0; count < WRITES; count += 1) {
    const content = next();
    remove();
    const id = await write(content);
    expect((await repository.bytes(id)).toString()).toBe(content);
  }
});

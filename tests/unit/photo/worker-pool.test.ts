import { spawn, type ChildProcess } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { grain, picture } from '../../fixtures/photos/samples.ts';
import { INSPECTION_VERSION } from '../../../src/photo/encode/inspection.ts';
import { EncodedStore } from '../../../src/photo/store/store.ts';
import { settingsKey } from '../../../src/photo/encode/variants.ts';
import { WorkerPool, type Demand } from '../../../src/photo/workers/worker-pool.ts';

const HOST = fileURLToPath(new URL('../../fixtures/photos/encoding-host.ts', import.meta.url));

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'photo-pool-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const hashOf = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

/** Returns whether a process is running. A zombie (Linux only) is not. */
function runs(pid: number): boolean {
  if (process.platform === 'linux') {
    const status = existsSync(`/proc/${pid}/status`) ? readFileSync(`/proc/${pid}/status`, 'utf8') : 'State:\tX';
    return !/^State:\t[XZ]/mu.test(status);
  }
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

/** Waits until `happened` returns true. The test's time limit applies. */
async function until(happened: () => boolean): Promise<void> {
  while (!happened()) await new Promise((resolve) => setTimeout(resolve, 10));
}

/**
 * Returns a photo that kills all workers of the pool each time that it is read, up to `times` times. `reads` counts how
 * often it is read.
 */
function fatalTimes(pool: WorkerPool, times: number, bytes: Uint8Array) {
  const photo = {
    reads: 0,
    read: async () => {
      photo.reads += 1;
      if (photo.reads <= times) for (const pid of pool.pids) process.kill(pid, 'SIGKILL');
      return bytes;
    },
  };
  return photo;
}

describe('A photo that kills the process that decodes it', () => {
  test('counts as damaged for now, and is inspected again the next time', async () => {
    const pool = new WorkerPool(1);
    const path = join(folder, 'fatal');
    const store = new EncodedStore(path, pool);
    const bytes = await picture(64, 48).png().toBuffer();
    const fatal = fatalTimes(pool, 2, bytes);
    expect((await store.inspect(hashOf(bytes), fatal.read)).findings.map(({ code }) => code)).toEqual(['damaged']);
    expect(fatal.reads).toBe(2);
    expect((await store.inspect(hashOf(bytes), fatal.read)).findings).toEqual([]);
    expect(fatal.reads).toBe(3);
    await pool.stopIdle();
  });

  test('is given to a second worker before it counts as damaged', async () => {
    const pool = new WorkerPool(1);
    const bytes = await picture(64, 48).png().toBuffer();
    const unlucky = fatalTimes(pool, 1, bytes);
    expect(await pool.inspect(unlucky.read)).toMatchObject({ width: 64, height: 48, findings: [] });
    expect(unlucky.reads).toBe(2);
    await pool.stopIdle();
  });

  test('is named in the error if it was to be encoded, and leaves nothing that counts as encoded', async () => {
    const pool = new WorkerPool(1);
    const path = join(folder, 'fatal-encoding');
    const store = new EncodedStore(path, pool);
    const bytes = await picture(64, 48).png().toBuffer();
    const hash = hashOf(bytes);
    await store.inspect(hash, async () => bytes);
    await expect(store.encode(hash, fatalTimes(pool, 2, bytes).read)).rejects.toThrow('意外结束');
    expect(await readdir(join(path, hash.slice(0, 2), hash))).toEqual([`inspection-${INSPECTION_VERSION}.json`]);
    await pool.stopIdle();
  });
});

describe('A photo in a file', () => {
  test('is read by the worker, and only if its hash is the expected one', async () => {
    const pool = new WorkerPool(1);
    const store = new EncodedStore(join(folder, 'in-file'), pool);
    const bytes = await picture(64, 48).png().toBuffer();
    const hash = hashOf(bytes);
    const file = join(folder, 'in-file.png');
    await writeFile(file, 'exchanged');
    await expect(store.inspect(hash, async () => ({ file, hash }))).rejects.toThrow('被换成了别的');
    await expect(store.inspect(hash, async () => ({ file, hash: hashOf(Buffer.of(1)) }))).rejects.toThrow('被换成了');
    await writeFile(file, bytes);
    expect(await store.inspect(hash, async () => ({ file, hash }))).toMatchObject({
      width: 64,
      height: 48,
      findings: [],
    });
    await pool.stopIdle();
  });
});

describe('A worker pool', () => {
  test('starts at most its number of workers, does awaited jobs before others, and ends its workers on request', async () => {
    const pool = new WorkerPool(2);
    expect(pool.pids).toEqual([]);
    const bytes = await picture(64, 48).png().toBuffer();
    const order: string[] = [];
    const reading = (name: string) => async () => {
      order.push(name);
      return bytes;
    };
    const size = { width: 64, height: 48 };
    const wanted: Demand = { awaited: false };
    const encode = async (name: string, demand: Demand) => pool.encode(reading(name), size, join(folder, name), demand);
    const done = Promise.all([
      ...['ahead 1', 'ahead 2', 'ahead 3'].map(async (name) => encode(name, { awaited: false })),
      encode('wanted while it waits', wanted),
      encode('ahead 4', { awaited: false }),
      pool.inspect(reading('look')),
      encode('wanted', { awaited: true }),
    ]);
    wanted.awaited = true;
    await done;
    expect(order).toEqual(['ahead 1', 'ahead 2', 'wanted while it waits', 'look', 'wanted', 'ahead 3', 'ahead 4']);
    const { pids } = pool;
    expect(pids).toHaveLength(2);
    await pool.stopIdle();
    expect(pids.filter(runs)).toEqual([]);
    expect(pool.pids).toEqual([]);
  });

  test.runIf(process.platform === 'linux')('runs every thread at lower priority', async () => {
    const pool = new WorkerPool(1);
    await pool.inspect(async () => grain(400, 300).jpeg().toBuffer());
    const [pid] = pool.pids;
    // The niceness is the 19th field of stat(5). The name in parentheses before it may contain spaces.
    const niceness = readdirSync(`/proc/${pid}/task`).map((thread) =>
      Number(
        readFileSync(`/proc/${pid}/task/${thread}/stat`, 'utf8')
          .replace(/^.*\) /u, '')
          .split(' ')[16],
      ),
    );
    expect(niceness.length).toBeGreaterThan(1);
    expect(new Set(niceness)).toEqual(new Set([10]));
    await pool.stopIdle();
  });
});

describe('Separate processes', () => {
  const path = () => join(folder, 'processes');
  let file = '';
  let hash = '';
  beforeAll(async () => {
    const bytes = await grain(1920, 1080).jpeg().toBuffer();
    file = join(folder, 'grain.jpg');
    hash = hashOf(bytes);
    await writeFile(file, bytes);
  });
  const place = () => join(path(), hash.slice(0, 2), hash);

  function start(): { child: ChildProcess; ended: Promise<number | null>; lines: () => string[] } {
    const child = spawn(process.execPath, [HOST, path(), hash, file], { stdio: ['ignore', 'pipe', 'inherit'] });
    let output = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
    const ended = new Promise<number | null>((resolve) => child.once('close', (code) => resolve(code)));
    return { child, ended, lines: () => output.trimEnd().split('\n') };
  }

  test('killed while encoding end their workers and leave nothing that counts as encoded', async () => {
    const { child, ended, lines } = start();
    await until(() => existsSync(place()) && readdirSync(place()).some((name) => name.startsWith(settingsKey())));
    child.kill('SIGKILL');
    expect(await ended).toBeNull();
    const workers = (lines()[0] ?? '').split(' ').map(Number);
    expect(workers).toHaveLength(1);
    await until(() => !workers.some(runs));
    expect(lines()).not.toContain('done');
    expect(await new EncodedStore(path(), new WorkerPool(1)).has(hash)).toBe(false);
  });

  test('that encode the same photo at once both finish, and leave one set of variants', async () => {
    const litter = readdirSync(place()).filter((name) => /\.[0-9a-f-]{36}$/u.test(name));
    const both = [start(), start()];
    expect(await Promise.all(both.map(({ ended }) => ended))).toEqual([0, 0]);
    for (const { lines } of both) expect(lines()).toContain('done');
    const made = [settingsKey(), `inspection-${INSPECTION_VERSION}.json`, ...litter];
    expect(readdirSync(place()).sort()).toEqual(made.sort());
    expect(readdirSync(join(place(), settingsKey()))).toHaveLength(5);
    const workers = both.flatMap(({ lines }) => (lines()[0] ?? '').split(' ').map(Number));
    await until(() => !workers.some(runs));
  });
});

// `npm run originals -- migrate` straight into a real S3 server: every photo is in the bucket, whatever goes wrong.
import { cpSync, existsSync, globSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { entryRefAt } from '../../../src/desk/domain/entry-ref.ts';
import { openOriginals } from '../../../src/desk/originals/open-originals.ts';
import type { S3Address } from '../../../src/desk/originals/s3-address.ts';
import { OLD_REPOSITORY } from '../../../src/desk/storage/finish-restore.ts';
import { RunningCommand } from '../../fixtures/command.ts';
import { DeskFolder, openBareDesk } from '../../fixtures/desk/bare-desk.ts';
import { KEY, Swift } from '../../fixtures/originals/swift.ts';
import { gitIn, writeLandedData, type LandedData } from '../../fixtures/storage/landed-data.ts';

const folder = new DeskFolder();
let swift: Swift;
let landed: LandedData;
let root: string;
let data: string;
let address: S3Address;

beforeAll(async () => {
  swift = await Swift.start();
  const desk = await folder.open();
  await desk.close();
  landed = await writeLandedData(folder.data, 3);
});

afterAll(async () => {
  folder.dispose();
  await swift.stop();
});

beforeEach(async () => {
  root = mkdtempSync(join(tmpdir(), 's3-migration-'));
  data = join(root, 'data');
  cpSync(folder.data, data, { recursive: true });
  address = await swift.bucket('with-you/');
});

afterEach(() => rmSync(root, { recursive: true, force: true }));

function command(secret = KEY.secret): RunningCommand {
  const { bucket, prefix, endpoint } = address;
  const environment = {
    DATA_DIR: data,
    ORIGINALS_URL: `s3://${bucket}/${prefix}?endpoint=${endpoint}`,
    AWS_ACCESS_KEY_ID: KEY.id,
    AWS_SECRET_ACCESS_KEY: secret,
  };
  return new RunningCommand('originals', environment, ['migrate', '--now']);
}

async function run(secret?: string) {
  const running = command(secret);
  const code = await running.ended();
  return { code, said: running.output.trim() };
}

/** Expects that all photos of the old repository are in the bucket, with their bytes, and that none is in the folder. */
async function expectInBucket(): Promise<void> {
  const originals = await openOriginals(join(root, 'elsewhere'), { address, key: KEY }, { alone: true });
  try {
    for (const [hash, bytes] of landed.photos) {
      expect((await originals.get(hash)).equals(bytes)).toBe(true);
      expect(existsSync(join(data, 'originals', hash.slice(0, 2), hash)), hash).toBe(false);
    }
  } finally {
    originals.close();
  }
}

function refs(): string {
  return gitIn(join(data, 'content.git'), 'for-each-ref');
}

test('All photos are put into the bucket and read again from it, and a desk works with them', async () => {
  const { code, said } = await run();
  expect(code, said).toBe(0);
  expect(said).toContain(`${landed.photos.size} 张照片`);
  await expectInBucket();
  expect(await run()).toMatchObject({ code: 0, said: expect.stringContaining('不用迁移') });
  const desk = await openBareDesk(data, folder.content.root, { originals: { address, key: KEY } });
  expect(await desk.options.timeline.of(entryRefAt(landed.file), { trash: true })).not.toEqual([]);
  await desk.close();
});

test('A wrong key, a bucket that is full or keeps versions: a sentence, and nothing has changed', async () => {
  const before = refs();
  const unchanged = async (secret?: string): Promise<string> => {
    const { code, said } = await run(secret);
    expect(code, said).toBe(1);
    expect(refs()).toBe(before);
    expect(existsSync(join(data, OLD_REPOSITORY))).toBe(false);
    return said;
  };
  expect(await unchanged('wrong')).toMatch(/密钥/u);
  await swift.keepVersions(address);
  expect(await unchanged()).toMatch(/版本/u);
  expect(await swift.names(address)).toEqual([]);
  address = await swift.bucket('with-you/');
  await swift.limit(address, 100_000);
  expect(await unchanged()).toMatch(/满/u);
  await swift.limit(address, 100_000_000);
  const { code, said } = await run();
  expect(code, said).toBe(0);
  await expectInBucket();
});

test('A run that was killed while it stored photos in the data folder is continued into the bucket', async () => {
  const first = new RunningCommand('originals', { DATA_DIR: data }, ['migrate', '--now']);
  await first.printed(/核对照片 (\d+)\/\1/u);
  await first.stop('SIGKILL');
  expect(existsSync(join(data, OLD_REPOSITORY))).toBe(false);
  const moved = globSync('originals/??/*', { cwd: data }).length;
  const { code, said } = await run();
  expect(code, said).toBe(0);
  for (const name of globSync('originals/??/*', { cwd: data })) rmSync(join(data, name));
  await expectInBucket();
  expect(moved).toBeGreaterThanOrEqual(landed.photos.size);
});

test('A killed run is continued, and originals that only the data folder has are named', async () => {
  const first = command();
  await first.printed(/取出照片 \d+\//u);
  await first.stop('SIGKILL');
  const { code, said } = await run();
  expect(code, said).toBe(0);
  await expectInBucket();
  const left = globSync('originals/??/*', { cwd: data }).length;
  expect(left).toBeGreaterThan(0);
  expect(said).toContain(`${left} 张原图不在存储桶里`);
});

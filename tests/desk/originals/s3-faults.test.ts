// Every fault between the desk and S3 is a sentence: nothing is lost, and nothing is stored half.
import { existsSync, globSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { openOriginals } from '../../../src/desk/originals/open-originals.ts';
import { OriginalsTrouble, type TroubleKind } from '../../../src/desk/originals/originals-trouble.ts';
import type { Originals } from '../../../src/desk/originals/originals.ts';
import type { OriginalName } from '../../../src/desk/originals/pointer.ts';
import type { S3Address } from '../../../src/desk/originals/s3-address.ts';
import { S3Client } from '../../../src/desk/originals/s3-client.ts';
import { FaultyLine, type LineFault } from '../../fixtures/originals/faulty-line.ts';
import { all, SampleFiles, type SampleFile } from '../../fixtures/originals/files.ts';
import { KEY, Swift } from '../../fixtures/originals/swift.ts';

const LIMITS = { idle: 400, slowest: 2 ** 24, attempts: 3, pause: 10 };
/** Larger than what the buffers of two sockets and a relay hold. */
const LARGE = 12_000_000;

const files = new SampleFiles();
const open: Originals[] = [];
let swift: Swift;
let line: FaultyLine;
let address: S3Address;
let count = 0;

beforeAll(async () => {
  swift = await Swift.start();
  line = await FaultyLine.to(swift.endpoint);
  address = await swift.bucket('', line.origin);
});

afterEach(() => {
  line.set(undefined);
  for (const originals of open.splice(0)) originals.close();
});

afterAll(async () => {
  await line.close();
  await swift.stop();
  files.dispose();
});

/** Opens originals with an empty cache. */
async function opened({ at = address, key = KEY, limits = {} } = {}): Promise<{
  originals: Originals;
  cached(): string[];
}> {
  count += 1;
  const data = files.path(`data-${count}`);
  const originals = await openOriginals(data, { address: at, key }, { alone: true, limits: { ...LIMITS, ...limits } });
  open.push(originals);
  return { originals, cached: () => globSync('originals-cache/*/*', { cwd: data }) };
}

/** Stores a file over a sound line. */
async function stored(size: number): Promise<SampleFile> {
  const sample = files.make(size);
  const { originals } = await opened({ at: { ...address, endpoint: swift.endpoint }, limits: { idle: 20_000 } });
  await originals.put(sample.file, sample.name);
  return sample;
}

async function expectTrouble(kind: TroubleKind, ...works: Promise<unknown>[]): Promise<void> {
  for (const result of await Promise.allSettled(works)) {
    const error: unknown = result.status === 'rejected' ? result.reason : undefined;
    expect(error).toBeInstanceOf(OriginalsTrouble);
    expect(error).toMatchObject({ kind, status: kind === 'full' ? 507 : 503 });
    // A sentence that says what to do, without codes and addresses.
    expect(error).toMatchObject({ message: expect.stringMatching(/^[^\d]+。[^\d]+。$/u) });
    expect(error).toMatchObject({ message: expect.not.stringMatching(/127\.0|photos-|SignatureDoes|NoSuch|ECONN/u) });
  }
}

/** Returns everything that can be asked, each asked now. */
function everything(originals: Originals, { file, name }: SampleFile): Promise<unknown>[] {
  return [
    originals.put(file, name),
    originals.get(name.hash),
    originals.stream(name.hash),
    originals.inFile(name.hash, async (path) => path()),
    originals.stored(name.hash),
    originals.has(name.hash),
    originals.size(name.hash),
    originals.remove(name.hash),
    all(originals.list()),
    originals.ready(),
  ];
}

test.for([
  { ...KEY, secret: 'wrong' },
  { ...KEY, id: 'test:nobody' },
])('A wrong key is a sentence, and changes nothing: %o', async (key) => {
  const sample = await stored(1000);
  const before = await swift.names(address);
  const { originals, cached } = await opened({ key });
  await expectTrouble('denied', ...everything(originals, sample));
  const other = files.make(1000);
  await expectTrouble('denied', originals.put(other.file, other.name, { move: true }));
  expect(existsSync(other.file)).toBe(true);
  expect(await swift.names(address)).toEqual(before);
  expect(cached()).toEqual([]);
});

test('Strangers get nothing', async () => {
  const { name, bytes } = await stored(1000);
  const bucket = `${swift.endpoint}/${address.bucket}`;
  for (const path of ['', '?list-type=2', `/${name.hash.slice(0, 2)}/${name.hash}`]) {
    const answer = await fetch(`${bucket}${path}`);
    expect(answer.ok).toBe(false);
    const text = Buffer.from(await answer.arrayBuffer());
    expect(text.includes(bytes.subarray(0, 16)) || text.includes(name.hash)).toBe(false);
  }
});

test('A bucket that does not exist is a sentence, and no object counts as missing', async () => {
  const { originals } = await opened({ at: { ...address, bucket: 'no-such-bucket' } });
  await expectTrouble('bucket', ...everything(originals, files.make(1000)));
});

test('A full bucket is a sentence; the photo stays and can be stored later', async () => {
  const full = await swift.bucket();
  await swift.limit(full, 5000);
  const { originals, cached } = await opened({ at: full });
  const small = files.make(4000);
  await originals.put(small.file, small.name);
  const large = files.make(300_000);
  await expectTrouble('full', originals.put(large.file, large.name, { move: true }));
  expect(existsSync(large.file)).toBe(true);
  expect(await swift.names(full)).toHaveLength(1);
  expect(cached()).toHaveLength(1);
  expect((await originals.get(small.name.hash)).equals(small.bytes)).toBe(true);
  await swift.limit(full, 1_000_000);
  await originals.put(large.file, large.name, { move: true });
  expect(existsSync(large.file)).toBe(false);
  expect(await swift.names(full)).toHaveLength(2);
});

test('A bucket that keeps what is deleted is a sentence', async () => {
  const bucket = await swift.bucket();
  const { originals } = await opened({ at: bucket });
  await originals.ready();
  await swift.keepVersions(bucket);
  await expectTrouble('versioned', originals.ready());
});

test('A request that waits for a free connection has no time limit until it has one', async () => {
  const { name } = await stored(LARGE);
  const { originals } = await opened({ limits: { idle: 3000, attempts: 1 } });
  // As many as the client opens, and nothing of them is read.
  const streams = await Promise.all(Array.from({ length: 16 }, async () => originals.stored(name.hash)));
  const waiting = originals.has(name.hash);
  await pause(4000);
  for (const stream of streams) stream?.destroy();
  expect(await waiting).toBe(true);
});

/** Faults in the middle of an upload and of a download. */
const MIDDLES: { what: 'cut' | 'stall'; kind: TroubleKind }[] = [
  { what: 'cut', kind: 'unreachable' },
  { what: 'stall', kind: 'stalled' },
];

function fault(what: LineFault['what'], counted: LineFault['counted'], connections: number): LineFault {
  return { what, counted, after: 500_000, connections };
}

test.for(MIDDLES)('An upload that passes after two faults is stored: $what', async ({ what }) => {
  const { originals } = await opened({ limits: { idle: 3000 } });
  const { file, name } = files.make(LARGE);
  line.set(fault(what, 'up', 2));
  await originals.put(file, name);
  expect(line.failed).toBe(2);
  expect(await originals.size(name.hash)).toBe(LARGE);
});

test.for(MIDDLES)('An upload that never passes is a sentence, and nothing is stored: $what', async ({ what, kind }) => {
  const { originals, cached } = await opened();
  const { file, name } = files.make(LARGE);
  const before = await swift.names(address);
  line.set(fault(what, 'up', Infinity));
  await expectTrouble(kind, originals.put(file, name, { move: true }));
  expect(line.failed).toBe(LIMITS.attempts);
  expect(existsSync(file)).toBe(true);
  expect(cached()).toEqual([]);
  line.set(undefined);
  expect(await swift.names(address)).toEqual(before);
  expect(await originals.has(name.hash)).toBe(false);
  const { originals: patient } = await opened({ limits: { idle: 20_000 } });
  await patient.put(file, name, { move: true });
  expect(await originals.size(name.hash)).toBe(LARGE);
});

test.for(MIDDLES)('A download that passes after two faults is whole: $what', async ({ what }) => {
  const { name, bytes } = await stored(LARGE);
  const { originals, cached } = await opened({ limits: { idle: 3000 } });
  line.set(fault(what, 'down', 2));
  expect((await originals.get(name.hash)).equals(bytes)).toBe(true);
  expect(line.failed).toBe(2);
  expect(cached()).toHaveLength(1);
});

test.for(MIDDLES)(
  'A download that never passes is a sentence, and nothing is cached: $what',
  async ({ what, kind }) => {
    const { name, bytes } = await stored(LARGE);
    const { originals, cached } = await opened();
    line.set(fault(what, 'down', Infinity));
    await expectTrouble(kind, originals.get(name.hash), originals.stream(name.hash));
    await expectTrouble(
      kind,
      originals.inFile(name.hash, async (path) => path()),
    );
    expect(cached()).toEqual([]);
    // What comes as it is stored fails for its reader, too.
    line.set(fault(what, 'down', Infinity));
    const stream = await originals.stored(name.hash);
    await expectTrouble(kind, stream ? buffer(stream) : Promise.resolve());
    line.set(undefined);
    const { originals: patient } = await opened({ limits: { idle: 20_000 } });
    expect((await patient.get(name.hash)).equals(bytes)).toBe(true);
  },
);

test('A slow line is no fault while bytes flow', async () => {
  const { originals } = await opened({ limits: { idle: 2000, slowest: 2 ** 20, attempts: 1 } });
  line.set({ what: 'slow', counted: 'up', after: 0, connections: Infinity });
  const { file, name, bytes } = files.make(6_000_000);
  const began = performance.now();
  await originals.put(file, name);
  const read = await opened({ limits: { idle: 1500, attempts: 1 } });
  expect((await read.originals.get(name.hash)).equals(bytes)).toBe(true);
  expect(performance.now() - began).toBeGreaterThan(2 * 2000);
});

test('A reader who pauses is no fault of the server', async () => {
  const { name, bytes } = await stored(LARGE);
  const { originals } = await opened({ limits: { attempts: 1 } });
  const stream = await originals.stored(name.hash);
  const chunks: Buffer[] = [];
  for await (const chunk of stream ?? []) {
    if (chunks.length === 1) await pause(3 * LIMITS.idle);
    chunks.push(chunk);
  }
  expect(Buffer.concat(chunks).equals(bytes)).toBe(true);
});

test('A server that never answers is a sentence', async () => {
  const { originals } = await opened({ limits: { attempts: 1 } });
  line.set({ what: 'stall', counted: 'up', after: 0, connections: Infinity });
  await expectTrouble('stalled', ...everything(originals, files.make(1000)));
});

test('A server that is not there is a sentence', async () => {
  const gone = await FaultyLine.to(swift.endpoint);
  const endpoint = gone.origin;
  await gone.close();
  const { originals } = await opened({ at: { ...address, endpoint } });
  await expectTrouble('unreachable', ...everything(originals, files.make(1000)));
});

test('A server without TLS where TLS is expected is a sentence', async () => {
  const { originals } = await opened({ at: { ...address, endpoint: swift.endpoint.replace('http:', 'https:') } });
  await expectTrouble('certificate', ...everything(originals, files.make(1000)));
});

/** Answers that other servers give, as plain HTTP. */
const ANSWERS: { status: number; code: string; kind: TroubleKind; attempts: number }[] = [
  { status: 301, code: 'PermanentRedirect', kind: 'address', attempts: 1 },
  { status: 400, code: 'AuthorizationHeaderMalformed', kind: 'address', attempts: 1 },
  { status: 403, code: 'RequestTimeTooSkewed', kind: 'clock', attempts: 1 },
  { status: 403, code: 'InvalidAccessKeyId', kind: 'denied', attempts: 1 },
  { status: 413, code: '', kind: 'full', attempts: 1 },
  { status: 507, code: 'XMinioStorageFull', kind: 'full', attempts: 1 },
  { status: 405, code: 'MethodNotAllowed', kind: 'refused', attempts: 1 },
  { status: 501, code: 'NotImplemented', kind: 'broken', attempts: 1 },
  { status: 500, code: 'InternalError', kind: 'broken', attempts: 3 },
  { status: 503, code: 'SlowDown', kind: 'broken', attempts: 3 },
  { status: 429, code: '', kind: 'broken', attempts: 3 },
];

test.for(ANSWERS)('An answer $status $code is a sentence ($kind)', async ({ status, code, kind, attempts }) => {
  let asked = 0;
  const server = createServer((_request, response) => {
    asked += 1;
    response.writeHead(status).end(`<Error><Code>${code}</Code><Message>x</Message></Error>`);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const bound = server.address();
  const port = typeof bound === 'object' && bound ? bound.port : 0;
  const { originals } = await opened({ at: { ...address, endpoint: `http://127.0.0.1:${port}` } });
  await expectTrouble(kind, all(originals.list()));
  expect(asked).toBe(attempts);
  await new Promise((resolve) => server.close(resolve));
});

test.for<[string, TroubleKind]>([
  ['<html>Please sign in</html>', 'broken'],
  ['', 'broken'],
])('An answer that is no list is a sentence: %s', async ([text, kind]) => {
  const server = createServer((_request, response) => response.end(text));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const bound = server.address();
  const endpoint = `http://127.0.0.1:${typeof bound === 'object' && bound ? bound.port : 0}`;
  const { originals } = await opened({ at: { ...address, endpoint } });
  await expectTrouble(kind, all(originals.list()));
  // It answers everybody: what is in it would be public.
  await expectTrouble('public', originals.ready());
  await new Promise((resolve) => server.close(resolve));
});

test('Bytes that change on their way to a server that checks them are not stored', async () => {
  const { name } = files.make(100);
  const other = files.make(100);
  expect(await sentUnder(name, other.file)).toMatchObject({ status: 400, code: 'BadDigest' });
  const { originals } = await opened();
  expect(await originals.has(name.hash)).toBe(false);
});

/** Sends a file under a name that is not its own, as the desk never does, and returns the refusal. */
async function sentUnder(name: OriginalName, file: string): Promise<unknown> {
  const client = new S3Client(address, KEY, { attempts: 1 });
  const key = join(name.hash.slice(0, 2), name.hash);
  return client
    .send({ method: 'PUT', key, upload: { ...name, file } }, async () => undefined)
    .catch((error: unknown) => error)
    .finally(() => client.close());
}

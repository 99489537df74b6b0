// How the server sends pages and photos: compressed if there is a compressed copy, and never from an outdated copy.
import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync, brotliDecompressSync, gunzipSync } from 'node:zlib';
import type { FastifyInstance } from 'fastify';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { createServer } from '../../../src/desk/server.ts';
import { ENCODINGS } from '../../../src/render/output/compression.ts';
import type { Publisher } from '../../../src/render/publish/publisher.ts';
import { FixtureContent, writeGround, writeStory } from '../../fixtures/content.ts';
import { DeskSite, FIRST } from '../../fixtures/desk/desk-site.ts';
import { pageCopies, SiteFolder, wrongCopies } from '../../fixtures/desk/publishing.ts';
import { ask, type RawAnswer } from '../../fixtures/desk/raw-request.ts';

const ID = '20210101-000001aa';
const FILE = `stories/jiefang/${ID}/index.md`;
const STORY = `/stories/${ID}/`;
const BROWSER = 'gzip, deflate, br, zstd';

let content: FixtureContent;
let folder: SiteFolder;
let publisher: Publisher;
let server: FastifyInstance;
let origin: string;

beforeEach(async () => {
  content = new FixtureContent();
  folder = new SiteFolder();
  writeGround(content);
  writeStory(content, ID, 'jiefang');
  publisher = await folder.open(content);
  await publisher.publish();
  server = await createServer({ site: folder.output });
  origin = await server.listen({ host: '127.0.0.1', port: 0 });
});

afterEach(async () => {
  await server.close();
  await publisher.close();
  for (const each of [content, folder]) each.dispose();
});

async function get(path: string, encoding: string, more: Record<string, string | undefined> = {}): Promise<RawAnswer> {
  return ask(origin, { path, headers: { 'accept-encoding': encoding, ...more } });
}

/** Returns the decompressed body of a response. */
function textOf({ headers, bytes }: RawAnswer): string {
  const encoding = headers['content-encoding'];
  if (encoding === 'br') return brotliDecompressSync(bytes).toString();
  return (encoding === 'gzip' ? gunzipSync(bytes) : bytes).toString();
}

async function compressAll(): Promise<void> {
  for (const encoding of ENCODINGS) await publisher.compressPages(encoding);
}

async function retitle(title: string): Promise<void> {
  content.edit(FILE, /^title: .*$/mu, `title: ${title}`);
  await publisher.publish([FILE]);
}

const page = (): string => folder.page(`${STORY.slice(1)}index.html`);
const copy = (encoding: string): string => join(folder.output, `${STORY.slice(1)}index.html.${encoding}`);

describe('A reader gets', () => {
  test.each([
    ['the best encoding', BROWSER, 'br'],
    ['the quick encoding', 'gzip, deflate', 'gzip'],
    ['the quick encoding if the best is refused', 'gzip, br;q=0', 'gzip'],
    ['no encoding', 'identity', undefined],
    ['no encoding if none is requested', '', undefined],
  ])('%s', async (_case, accepted, encoding) => {
    await compressAll();
    for (const path of [STORY, '/', '/stories/', '/rss.xml', '/sitemap-index.xml', '/names.json', '/favicon.svg']) {
      const answer = await get(path, accepted);
      expect(answer.status, path).toBe(200);
      expect(answer.headers, path).toMatchObject({
        vary: 'accept-encoding',
        'content-length': `${answer.bytes.length}`,
      });
      expect(answer.headers['content-encoding'], path).toBe(encoding);
      const file = path.endsWith('/') ? `${path}index.html` : path;
      expect(textOf(answer), path).toBe(readFileSync(join(folder.output, file), 'utf8'));
      if (encoding) expect(answer.headers['content-type']).toMatch(/^(?:text|application|image)\//u);
    }
    const { headers } = await get(STORY, accepted);
    expect(headers['content-type']).toBe('text/html; charset=utf-8');
    expect(headers['cache-control']).toBe('public, max-age=0, must-revalidate');
  });

  test('the quick copy before the best one, each smaller than the one before', async () => {
    const plain = await get(STORY, BROWSER);
    expect(plain.headers['content-encoding']).toBeUndefined();
    await publisher.compressPages('gzip');
    const quick = await get(STORY, BROWSER);
    expect(quick.headers['content-encoding']).toBe('gzip');
    await publisher.compressPages('br');
    const best = await get(STORY, BROWSER);
    expect(best.headers['content-encoding']).toBe('br');
    expect(quick.bytes.length).toBeLessThan(plain.bytes.length / 2);
    expect(best.bytes.length).toBeLessThan(quick.bytes.length);
  });

  test.each([BROWSER, 'gzip', 'identity'])('304 for an unchanged page: %s', async (accepted) => {
    await compressAll();
    const first = await get(STORY, accepted);
    const { etag, 'last-modified': since } = first.headers;
    for (const condition of [{ 'if-none-match': etag }, { 'if-modified-since': since }]) {
      const again = await get(STORY, accepted, condition);
      expect([again.status, again.bytes.length]).toEqual([304, 0]);
      expect(again.headers).toMatchObject({ etag, vary: 'accept-encoding' });
    }
    await retitle('改过');
    await compressAll();
    const changed = await get(STORY, accepted, { 'if-none-match': etag });
    expect(changed.status).toBe(200);
    expect(textOf(changed)).toContain('改过');
  });

  test('a different ETag for each encoding of a page', async () => {
    await compressAll();
    const tags = await Promise.all(
      [BROWSER, 'gzip', 'identity'].map(async (accepted) => (await get(STORY, accepted)).headers.etag),
    );
    expect(new Set(tags).size).toBe(3);
    for (const tag of tags) expect(tag).toMatch(/^W\//u);
  });

  test('the headers of a GET, without a body, for a HEAD', async () => {
    await compressAll();
    const whole = await get(STORY, BROWSER);
    const head = await ask(origin, { path: STORY, method: 'HEAD', headers: { 'accept-encoding': BROWSER } });
    expect([head.status, head.bytes.length]).toEqual([200, 0]);
    for (const name of ['content-encoding', 'content-length', 'content-type', 'etag', 'vary']) {
      expect(head.headers[name], name).toBe(whole.headers[name]);
    }
  });

  test('the complete page for a missing address, whatever the browser has cached', async () => {
    await compressAll();
    const first = await get('/nowhere/', BROWSER);
    expect([first.status, first.headers['content-encoding']]).toEqual([404, 'br']);
    expect(first.headers.etag).toBeUndefined();
    const { etag, 'last-modified': since } = (await get('/404.html', BROWSER)).headers;
    for (const more of [{ 'if-none-match': etag }, { 'if-modified-since': since }, { range: 'bytes=0-9' }]) {
      const again = await get('/nowhere/', BROWSER, more);
      expect(again.status).toBe(404);
      expect(textOf(again)).toBe(folder.page('404.html'));
    }
  });
});

test('Files with a hash in their names are cached forever, and photos can be requested in parts', async () => {
  const photo = /\/photos\/[^"\s]+\.jpg/u.exec(page())?.[0] ?? '';
  const whole = await get(photo, BROWSER);
  expect(whole.headers).toMatchObject({
    'cache-control': 'public, max-age=31536000, immutable',
    'content-type': 'image/jpeg',
    'accept-ranges': 'bytes',
  });
  expect(whole.headers['content-encoding']).toBeUndefined();
  const part = await get(photo, BROWSER, { range: 'bytes=10-19', 'if-range': whole.headers['last-modified'] });
  expect(part.status).toBe(206);
  expect(part.headers['content-range']).toBe(`bytes 10-19/${whole.bytes.length}`);
  expect(part.bytes).toEqual(whole.bytes.subarray(10, 20));
  expect((await get(photo, BROWSER, { range: `bytes=${whole.bytes.length}-` })).status).toBe(416);
  expect((await get(photo, BROWSER, { 'if-none-match': whole.headers.etag })).status).toBe(304);

  await publisher.compressPages('br');
  const script = /\/_astro\/[^"]+\.js/u.exec(folder.page('search/index.html'))?.[0] ?? '';
  const { headers } = await get(script, BROWSER);
  expect(headers).toMatchObject({ 'content-encoding': 'br', 'cache-control': whole.headers['cache-control'] });
});

describe('A compressed copy is removed with its page', () => {
  test('when the page changes, so that nobody gets the old version', async () => {
    await compressAll();
    await retitle('改过');
    for (const accepted of [BROWSER, 'gzip', 'identity']) expect(textOf(await get(STORY, accepted))).toContain('改过');
    for (const ending of ['br', 'gz']) expect(existsSync(copy(ending))).toBe(false);
    expect((await get('/about/', BROWSER)).headers['content-encoding']).toBe('br');
    await compressAll();
    expect(textOf(await get(STORY, BROWSER))).toContain('改过');
    expect(existsSync(copy('br'))).toBe(true);
  });

  test('when the page is deleted', async () => {
    await compressAll();
    content.remove(`stories/jiefang/${ID}`);
    await publisher.publish();
    expect(existsSync(join(folder.output, STORY))).toBe(false);
    expect((await get(STORY, BROWSER)).status).toBe(404);
  });

  test('when the page changes while the copy is being made', async () => {
    const making = compressAll();
    for (let round = 1; round <= 5; round += 1) {
      await retitle(`第${round}版`);
      expect(textOf(await get(STORY, BROWSER))).toContain(`第${round}版`);
    }
    await making;
    expect(wrongCopies(folder.output)).toEqual([]);
    await compressAll();
    expect((await get(STORY, BROWSER)).headers['content-encoding']).toBe('br');
    expect(wrongCopies(folder.output)).toEqual([]);
  });

  test('when a new process finds no page for it', async () => {
    await compressAll();
    writeFileSync(join(folder.output, 'gone.html.br'), 'x');
    await publisher.close();
    publisher = await folder.open(content);
    await publisher.publish();
    expect(existsSync(join(folder.output, 'gone.html.br'))).toBe(false);
    expect(existsSync(copy('br'))).toBe(true);
  });
});

test('A poster not drawn yet gets 503 with Retry-After, and one that will never be drawn gets 404', async () => {
  const early = await get(`${STORY}poster.png`, BROWSER);
  expect(early.status).toBe(503);
  expect(early.headers['retry-after']).toBe('5');
  expect(early.text).toContain('过几秒再打开');
  await publisher.drawPosters({ workers: 1 });
  const drawn = await get(`${STORY}poster.png`, BROWSER);
  expect(drawn.status).toBe(200);
  expect(drawn.headers['content-type']).toBe('image/png');
  expect((await get('/stories/20210101-000009zz/poster.png', BROWSER)).status).toBe(404);
});

test('An aborted compression keeps its copies and continues from there', async () => {
  const stop = new AbortController();
  // Scripts and styles already have copies, which the build made.
  const atFirst = pageCopies(folder.output).size;
  const making = publisher.compressPages('br', { signal: stop.signal });
  await expect.poll(() => pageCopies(folder.output).size).toBeGreaterThan(atFirst + 1);
  stop.abort();
  await expect(making).rejects.toThrow('aborted');
  const before = pageCopies(folder.output);
  await publisher.compressPages('br');
  const after = pageCopies(folder.output);
  expect(after.size).toBeGreaterThan(before.size);
  expect([...after.keys()]).toEqual(expect.arrayContaining([...before.keys()]));
});

test('After a process that ended without closing, copies are verified', async () => {
  await compressAll();
  writeFileSync(copy('br'), '');
  writeFileSync(copy('gz'), brotliCompressSync('x'));
  // The first publisher is not closed, so the journal has no record that its run ended normally.
  const next = await folder.open(content);
  await next.publish();
  expect(textOf(await get(STORY, BROWSER))).toBe(page());
  for (const encoding of ENCODINGS) await next.compressPages(encoding);
  await next.close();
  expect(wrongCopies(folder.output)).toEqual([]);
  expect((await get(STORY, BROWSER)).headers['content-encoding']).toBe('br');
});

test('A reader who asks while a copy is replaced gets the page, after one redirect at most', async () => {
  const path = join(folder.output, 'busy.html');
  const replace = (target: string, bytes: string | Uint8Array): void => {
    writeFileSync(`${path}.new`, bytes);
    renameSync(`${path}.new`, target);
  };
  replace(path, '0');
  let busy = true;
  const statuses = new Set<number>();
  const wrong: unknown[] = [];
  const readers = Array.from({ length: 16 }, async () => {
    while (busy) {
      const answer = await get('/busy.html', BROWSER);
      statuses.add(answer.status);
      if (answer.status === 200 && /^\d+$/u.test(textOf(answer))) continue;
      const { location, 'content-encoding': encoding, etag } = answer.headers;
      if (answer.status !== 307 || location !== '/busy.html' || encoding !== undefined || etag !== undefined) {
        wrong.push(answer);
      }
    }
  });
  for (let round = 1; !statuses.has(307) || !statuses.has(200); round += 1) {
    rmSync(`${path}.br`, { force: true });
    replace(path, `${round % 10}`);
    await new Promise((resolve) => setTimeout(resolve, 2));
    replace(`${path}.br`, brotliCompressSync(`${round % 10}`));
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  busy = false;
  await Promise.all(readers);
  expect(wrong).toEqual([]);
});

test('The desk makes copies of published pages in the background', async () => {
  const site = await DeskSite.open();
  try {
    const withdrawn = await site.desk.call('withdrawEntry', {
      collection: 'stories',
      slug: `jiefang/${FIRST}/index`,
      reason: '照片有误',
    });
    expect(withdrawn.status).toBe(200);
    const reader = { path: `/stories/${FIRST}/`, headers: { 'accept-encoding': BROWSER } };
    await vi.waitFor(
      async () => {
        const answer = await ask(site.desk.origin, reader);
        expect(answer.headers['content-encoding']).toBe('br');
        expect(textOf(answer)).toContain('照片有误');
      },
      { timeout: 60_000, interval: 200 },
    );
    expect(site.troubles).toEqual([]);
  } finally {
    await site.dispose();
  }
});

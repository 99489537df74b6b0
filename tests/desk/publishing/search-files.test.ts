// How the server sends files of the search index: the Brotli copy of their content if there is one, otherwise the file
// as stored.
import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createServer } from '../../../src/desk/server.ts';
import { SIGNATURE } from '../../../src/search/index/brotli-files.ts';
import { IndexFiles } from '../../../src/search/index/index-files.ts';
import { tiersIn } from '../../fixtures/search/pagefind-files.ts';
import { numberedDocuments, updateIndex } from '../../fixtures/search/search-documents.ts';

const output = mkdtempSync(join(tmpdir(), 'served-'));
let server: FastifyInstance;
let index: string;

beforeAll(async () => {
  await updateIndex(output, numberedDocuments(3), { fold: true });
  index = `/pagefind/${tiersIn(output).shards[0]}`;
  server = await createServer({ site: output });
});

afterAll(async () => {
  await server.close();
  rmSync(output, { recursive: true, force: true });
});

/**
 * Returns the paths of those files of the index that have an extension. Leaves out the list of documents, because
 * readers may not get it.
 */
function files(extension: string): string[] {
  return readdirSync(join(output, index), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith(extension) && !name.includes('documents'))
    .map((name) => `${index}/${name}`);
}

async function ask(url: string, encoding: string): Promise<{ encoding: unknown; cache: unknown; body: Buffer }> {
  const answer = await server.inject({ url, headers: { 'accept-encoding': encoding } });
  expect(answer.statusCode).toBe(200);
  const { 'content-encoding': sent, 'cache-control': cache } = answer.headers;
  return { encoding: sent, cache, body: answer.rawPayload };
}

const first = ['.pf_meta', '.pf_filter', '.pagefind'];
const later = ['.pf_index', '.pf_fragment'];

describe('A file that every search loads', () => {
  test.each(first)(
    '%s is sent as Brotli of its content, or as stored if the browser does not accept Brotli',
    async (extension) => {
      const [url = ''] = files(extension);
      const brotli = await ask(url, 'gzip, br');
      expect(brotli).toMatchObject({ encoding: 'br', cache: 'public, max-age=31536000, immutable' });
      const gzip = await ask(url, 'gzip');
      expect(gzip.encoding).toBeUndefined();
      const content = brotliDecompressSync(brotli.body);
      expect(content.subarray(0, SIGNATURE.length).toString()).toBe(SIGNATURE);
      expect(gunzipSync(gzip.body).equals(content)).toBe(true);
      expect(brotli.body.length).toBeLessThan(gzip.body.length);
    },
  );

  test('The script is too', async () => {
    for (const url of ['/pagefind/pagefind.js', `${index}/pagefind-entry.json`]) {
      const brotli = await ask(url, 'br');
      expect(brotli.encoding).toBe('br');
      expect(brotliDecompressSync(brotli.body)).toEqual((await ask(url, 'identity')).body);
    }
  });
});

test('A file that takes long to compress is sent as Pagefind wrote it until it has a copy', async () => {
  const [url = ''] = files('.pf_fragment');
  expect((await ask(url, 'br')).encoding).toBeUndefined();
  const stop = new AbortController();
  stop.abort();
  await expect(new IndexFiles(output).compress(stop.signal)).rejects.toThrow('aborted');

  await new IndexFiles(output).compress();
  for (const extension of later) {
    for (const each of files(extension)) {
      const brotli = await ask(each, 'br');
      expect(brotli.encoding).toBe('br');
      expect(brotliDecompressSync(brotli.body).equals(gunzipSync((await ask(each, 'gzip')).body))).toBe(true);
    }
  }
  const times = (): number[] => files('.br').map((name) => statSync(join(output, name)).mtimeMs);
  const before = times();
  await new IndexFiles(output).compress();
  expect(times()).toEqual(before);
});

test('The list of an index’s documents is not for readers', async () => {
  const answer = await server.inject({ url: `${index}/.documents.json` });
  expect(answer.statusCode).toBe(403);
});

import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { once } from 'node:events';
import { Readable } from 'node:stream';
import { digestOfFile } from '../storage/sha256.ts';
import type { Fetch, OriginalsCache } from './originals-cache.ts';
import { OriginalMissing, OriginalsTrouble } from './originals-trouble.ts';
import type { OriginalFile, Originals, PutOptions } from './originals.ts';
import { isOriginalHash, type OriginalName } from './pointer.ts';
import type { S3Address } from './s3-address.ts';
import { isVersioned, parseList, type S3List } from './s3-answers.ts';
import { textOf, type S3Client } from './s3-client.ts';
import { S3Failure, S3Nonsense, troubleIn } from './s3-failure.ts';
import { requireName } from './verified-bytes.ts';

/** How many objects a page of a list has at most, and how many bytes its text. */
const PAGE = 1000;
const MOST_LIST_TEXT = 4 * 1024 ** 2;

/**
 * Originals in a bucket of an S3 server, as `<prefix><first 2 digits>/<hash>`: the layout of a local folder, so that one
 * can be copied to the other. What is read or stored is kept in a local cache.
 */
export class S3Originals implements Originals {
  readonly #client: S3Client;
  readonly #prefix: string;
  readonly #cache: OriginalsCache;
  readonly #page: number;

  /** `page`: objects in a page of a list; tests make it small. */
  constructor(client: S3Client, { prefix }: Pick<S3Address, 'prefix'>, cache: OriginalsCache, page = PAGE) {
    this.#client = client;
    this.#prefix = prefix;
    this.#cache = cache;
    this.#page = page;
  }

  async put(
    file: string,
    name: OriginalName,
    { move = false, again = false, hashed = false }: PutOptions = {},
  ): Promise<void> {
    if (!hashed) requireName(await digestOfFile(file), name);
    // No If-None-Match: Swift answers it with 501.
    if (again || (await this.size(name.hash)) !== name.size) {
      await inSentences(async () =>
        this.#client.send({ method: 'PUT', key: keyOf(name.hash), upload: { ...name, file } }, nothing),
      );
      // Servers need not check the hash that was sent.
      const stored = await this.size(name.hash);
      if (stored !== name.size) throw new OriginalsTrouble('unverified', `${stored} instead of ${name.size} bytes`);
    }
    await this.#cache.add(file, name, move);
  }

  async get(hash: string): Promise<Buffer> {
    return this.#cached(hash, async (file) => readFile(file));
  }

  async stream(hash: string): Promise<Readable> {
    // An open file stays readable after the cache has deleted it. Its bytes are verified.
    return this.#cached(hash, async (file) => {
      const stream = createReadStream(file);
      await once(stream, 'open');
      return stream;
    });
  }

  async inFile<T>(hash: string, work: (file: OriginalFile) => Promise<T>): Promise<T> {
    const { promise: ended, resolve: end } = Promise.withResolvers<undefined>();
    const uses: Promise<unknown>[] = [];
    const file: OriginalFile = async () => {
      const { promise, resolve, reject } = Promise.withResolvers<string>();
      // The cache keeps the file until the work has ended.
      const use = this.#cached(hash, async (path) => {
        resolve(path);
        await ended;
      });
      uses.push(use.catch(reject));
      return promise;
    };
    try {
      return await work(file);
    } finally {
      end(undefined);
      await Promise.all(uses);
    }
  }

  async has(hash: string): Promise<boolean> {
    return (await this.size(hash)) !== undefined;
  }

  async size(hash: string): Promise<number | undefined> {
    return inSentences(async () => {
      try {
        return await this.#client.send({ method: 'HEAD', key: keyOf(hash) }, async ({ size }) => {
          if (size === undefined) throw new S3Nonsense('No Content-Length');
          return size;
        });
      } catch (error) {
        if (!isNotFound(error)) throw error;
        // An answer to HEAD has no code: without the bucket every object would seem to be missing.
        await this.#requireBucket();
        return undefined;
      }
    });
  }

  async remove(hash: string): Promise<void> {
    await inSentences(async () => {
      try {
        await this.#client.send({ method: 'DELETE', key: keyOf(hash) }, nothing);
      } catch (error) {
        if (!isMissing(error)) throw error;
      }
    });
    await this.#cache.remove(hash);
  }

  async *list(): AsyncGenerator<OriginalName> {
    let from: string | undefined;
    do {
      const { objects, next } = await this.#listed(from);
      for (const { key, size } of objects) {
        const hash = key.slice(-64);
        if (isOriginalHash(hash) && key === this.#prefix + keyOf(hash)) yield { hash, size };
      }
      from = next;
    } while (from !== undefined);
  }

  async stored(hash: string): Promise<Readable | undefined> {
    return inSentences(async () => {
      try {
        const { body, end } = await this.#client.open({ method: 'GET', key: keyOf(hash) });
        // A stream that is closed unread never starts to read `body`.
        return Readable.from(inSentencesToo(body), { objectMode: false }).once('close', end);
      } catch (error) {
        if (isMissing(error)) return undefined;
        throw error;
      }
    });
  }

  async ready(): Promise<void> {
    await inSentences(async () => this.#requireBucket());
    if (await this.#isVersioned()) throw new OriginalsTrouble('versioned');
    if (await this.#isPublic()) throw new OriginalsTrouble('public');
  }

  close(): void {
    this.#client.close();
  }

  /** Runs work on a verified file of the cache. */
  async #cached<T>(hash: string, work: (file: string) => Promise<T>): Promise<T> {
    const fetch: Fetch = async (take) =>
      this.#client.send({ method: 'GET', key: keyOf(hash) }, async ({ body, size }) => {
        if (size === undefined) throw new S3Nonsense('No Content-Length');
        await take(body, size);
      });
    const fetchInSentences: Fetch = async (take) =>
      inSentences(async () =>
        fetch(take).catch((error: unknown) => {
          throw isMissing(error) ? new OriginalMissing(hash) : error;
        }),
      );
    return this.#cache.use(hash, fetchInSentences, work);
  }

  async #listed(from: string | undefined): Promise<S3List> {
    const query = {
      'list-type': '2',
      'max-keys': String(this.#page),
      prefix: this.#prefix,
      ...(from === undefined ? {} : { 'continuation-token': from }),
    };
    return inSentences(async () =>
      this.#client.send({ method: 'GET', query }, async ({ body }) => {
        const text = await textOf(body, MOST_LIST_TEXT);
        try {
          return parseList(text);
        } catch (error) {
          throw new S3Nonsense('Not a list', { cause: error });
        }
      }),
    );
  }

  /**
   * Returns whether deleted objects are kept as versions: then nothing can be erased. False if the server does not say
   * it, or has no versions.
   */
  async #isVersioned(): Promise<boolean> {
    try {
      const configuration = await this.#client.send({ method: 'GET', query: { versioning: '' } }, async ({ body }) =>
        textOf(body),
      );
      return isVersioned(configuration);
    } catch {
      return false;
    }
  }

  /** Returns whether strangers can list the objects. @throws OriginalsTrouble if the server does not answer. */
  async #isPublic(): Promise<boolean> {
    try {
      await this.#client.send(
        { method: 'GET', query: { 'list-type': '2', 'max-keys': '1' }, anonymous: true },
        nothing,
      );
      return true;
    } catch (error) {
      if (error instanceof S3Failure && error.status < 500) return false;
      throw troubleIn(error) ?? error;
    }
  }

  /** @throws S3Failure if the bucket does not exist or the key may not use it. */
  async #requireBucket(): Promise<void> {
    try {
      await this.#client.send({ method: 'HEAD' }, nothing);
    } catch (error) {
      throw isNotFound(error) ? new S3Failure(404, 'NoSuchBucket') : error;
    }
  }
}

/** Returns the name of an object below the prefix. @throws TypeError if it is no hash. */
function keyOf(hash: string): string {
  if (!isOriginalHash(hash)) throw new TypeError(`Not a SHA-256: ${hash}`);
  return `${hash.slice(0, 2)}/${hash}`;
}

async function nothing(): Promise<void> {
  // Only the status matters.
}

function isNotFound(error: unknown): boolean {
  return error instanceof S3Failure && error.status === 404;
}

/** Returns whether the object is missing, and not the bucket. */
function isMissing(error: unknown): boolean {
  return isNotFound(error) && error instanceof S3Failure && error.code !== 'NoSuchBucket';
}

/** Runs a request. @throws OriginalsTrouble instead of the errors of the client. */
async function inSentences<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw troubleIn(error) ?? error;
  }
}

/** Passes chunks on. @throws OriginalsTrouble instead of the errors of the client. */
async function* inSentencesToo(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  try {
    yield* chunks;
  } catch (error) {
    throw troubleIn(error) ?? error;
  }
}

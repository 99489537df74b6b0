import { AwsV4Signer } from 'aws4fetch';
import { createReadStream } from 'node:fs';
import { Agent as HttpAgent, request as httpRequest, type ClientRequest, type IncomingMessage } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import { once } from 'node:events';
import { pipeline } from 'node:stream/promises';
import { setTimeout as pause } from 'node:timers/promises';
import type { OriginalName } from './pointer.ts';
import { objectUrl, type S3Address, type S3Key } from './s3-address.ts';
import { parseErrorCode } from './s3-answers.ts';
import { mayRetry, S3Cut, S3Failure, S3Stalled } from './s3-failure.ts';

export interface S3Limits {
  /** How long the server may neither take nor send bytes, in milliseconds. */
  idle: number;
  /** The slowest line that counts as working, in bytes a second: see BUFFERED. */
  slowest: number;
  /** How often a request is sent in all. */
  attempts: number;
  /** The pause before the second attempt in milliseconds; it doubles before each further one. */
  pause: number;
}

const LIMITS: S3Limits = { idle: 20_000, slowest: 131_072, attempts: 4, pause: 300 };

/** Connections that are kept open or used at once. */
const MOST_CONNECTIONS = 16;
/** How long to wait for the server's consent before bytes are sent, in milliseconds: some servers never give it. */
const CONSENT_WAIT = 1_000;
/**
 * How many bytes of an upload the system may still hold when it has taken the last one (tcp_wmem of Linux): nothing says
 * how fast they leave, so the answer has that much more time.
 */
const BUFFERED = 4 * 1024 ** 2;
/** How many bytes of an error's text are read. */
const MOST_ERROR_TEXT = 65_536;
/** SHA-256 of no bytes. */
const EMPTY = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';

export interface S3Request {
  method: 'GET' | 'HEAD' | 'PUT' | 'DELETE';
  /** The name of the object; without it the request is for the bucket. */
  key?: string;
  query?: Readonly<Record<string, string>>;
  /** What to send: the bytes of a file, which are named by their hash. */
  upload?: OriginalName & { file: string };
  /** Do not sign the request. */
  anonymous?: boolean;
}

export interface S3Answer {
  /** The number of bytes in the answer, or undefined if the server does not say it. */
  size: number | undefined;
  body: AsyncGenerator<Uint8Array>;
  /** Frees the connection. Needed if the bytes are not read to their end. */
  end(): void;
}

/** A time limit that starts again whenever something happens. */
class IdleTimer {
  readonly #milliseconds: number;
  readonly #end: () => void;
  #timer: NodeJS.Timeout | undefined;
  over = false;

  constructor(milliseconds: number, end: () => void) {
    this.#milliseconds = milliseconds;
    this.#end = end;
  }

  /** Starts, or starts again; with `more` the limit is longer by that many milliseconds. */
  start(more = 0): void {
    this.stop();
    this.#timer = setTimeout(() => {
      this.over = true;
      this.#end();
    }, this.#milliseconds + more);
  }

  stop(): void {
    clearTimeout(this.#timer);
  }
}

/**
 * Sends signed requests to one bucket. Bytes are streamed in both directions. Requests that fail in a
 * way that may pass are sent again.
 */
export class S3Client {
  readonly #address: S3Address;
  readonly #key: S3Key;
  readonly #limits: S3Limits;
  readonly #agent: HttpAgent | HttpsAgent;
  /** Derived signing keys, which aws4fetch keeps. */
  readonly #cache = new Map<string, ArrayBuffer>();

  constructor(address: S3Address, key: S3Key, limits: Partial<S3Limits> = {}) {
    this.#address = address;
    this.#key = key;
    this.#limits = { ...LIMITS, ...limits };
    const Agent = this.#isSecure ? HttpsAgent : HttpAgent;
    this.#agent = new Agent({ keepAlive: true, maxSockets: MOST_CONNECTIONS });
  }

  /**
   * Sends a request and uses its answer; both again if the connection breaks meanwhile.
   * @throws S3Failure if the answer is no success; S3Stalled, S3Cut, or an error of the system.
   */
  async send<T>(asked: S3Request, use: (answer: S3Answer) => Promise<T>): Promise<T> {
    return this.#trying(async () => {
      const answer = await this.#attempt(asked);
      try {
        return await use(answer);
      } finally {
        answer.end();
      }
    });
  }

  /** Sends a request and returns its answer, which the caller reads or ends. @throws as `send`, also while reading. */
  async open(asked: S3Request): Promise<S3Answer> {
    return this.#trying(async () => this.#attempt(asked));
  }

  close(): void {
    this.#agent.destroy();
  }

  get #isSecure(): boolean {
    return this.#address.endpoint.startsWith('https:');
  }

  async #trying<T>(work: () => Promise<T>): Promise<T> {
    const { attempts, pause: first } = this.#limits;
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await work();
      } catch (error) {
        if (attempt >= attempts || !mayRetry(error)) throw error;
        // Not all at the same moment when a server comes back.
        await pause(first * 2 ** (attempt - 1) * (0.5 + Math.random() / 2));
      }
    }
  }

  async #attempt(asked: S3Request): Promise<S3Answer> {
    const { url, headers } = await this.#signed(asked);
    const send = this.#isSecure ? httpsRequest : httpRequest;
    const request = send(url, {
      method: asked.method,
      headers: { ...headers, Host: url.host },
      hostname: connectedHost(url),
      agent: this.#agent,
    });
    const timer = new IdleTimer(this.#limits.idle, () => request.destroy());
    // Waiting for a free connection is no fault of the server.
    request.once('socket', () => timer.start());
    const answered = answerTo(request);
    try {
      if (asked.upload) {
        await upload(request, asked.upload.file, timer, answered);
        timer.start((Math.min(asked.upload.size, BUFFERED) / this.#limits.slowest) * 1000);
      } else request.end();
      const response = await answered;
      const status = response.statusCode ?? 0;
      const body = chunksOf(response, this.#limits.idle);
      if (status >= 200 && status < 300) return { size: sizeIn(response), body, end: () => end(response) };
      throw new S3Failure(status, parseErrorCode(await textOf(body)));
    } catch (error) {
      request.destroy();
      throw timer.over ? new S3Stalled() : error;
    } finally {
      timer.stop();
    }
  }

  async #signed({ method, key = '', query = {}, upload, anonymous }: S3Request) {
    const { region } = this.#address;
    const url = objectUrl(this.#address, key);
    for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
    const sent = upload && { 'Content-Length': String(upload.size), Expect: '100-continue' };
    if (anonymous) return { url, headers: { ...sent } };
    const signer = new AwsV4Signer({
      method,
      url: url.href,
      // A server that checks it refuses other bytes.
      headers: { 'X-Amz-Content-Sha256': upload?.hash ?? EMPTY },
      accessKeyId: this.#key.id,
      secretAccessKey: this.#key.secret,
      ...(this.#key.token === undefined ? {} : { sessionToken: this.#key.token }),
      service: 's3',
      region,
      cache: this.#cache,
    });
    const { headers } = await signer.sign();
    // Node sends the query as it is written here, and it is signed as aws4fetch encodes it.
    url.search = signer.encodedSearch;
    return { url, headers: { ...Object.fromEntries(headers), ...sent } };
  }
}

/**
 * Returns the host to connect to. Names below `localhost` are this machine (RFC 6761, 6.3), but many systems do not resolve
 * them.
 */
function connectedHost({ hostname }: URL): string {
  return hostname.endsWith('.localhost') ? 'localhost' : hostname.replace(/^\[|\]$/gu, '');
}

/** Returns the response to a request. Its rejection counts as handled until it is awaited. */
async function answerTo(request: ClientRequest): Promise<IncomingMessage> {
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
  request.once('response', resolve);
  request.on('error', reject);
  request.once('close', () => reject(new S3Cut('The connection was closed before an answer')));
  promise.catch(() => undefined);
  return promise;
}

/**
 * Sends the bytes of a file once the server has agreed to take them: so that 40 MB are not sent to a server that
 * refuses the key.
 */
async function upload(
  request: ClientRequest,
  file: string,
  timer: IdleTimer,
  answered: Promise<IncomingMessage>,
): Promise<void> {
  const waiting = new AbortController();
  request.flushHeaders();
  const refused = await Promise.race([
    once(request, 'continue', { signal: waiting.signal }).then(() => false),
    answered.then(() => true),
    // From the moment at which the headers are sent: before, there may be no connection.
    once(request, 'socket', { signal: waiting.signal })
      .then(async () => pause(CONSENT_WAIT, undefined, { signal: waiting.signal }))
      .then(() => false),
  ]).finally(() => waiting.abort());
  if (refused) return;
  try {
    await pipeline(createReadStream(file), restarting(timer), request);
  } catch (error) {
    // A server that refuses the rest answers and closes the connection: the answer says why.
    const early = await Promise.race([answered.catch(() => undefined), pause(CONSENT_WAIT, undefined)]);
    if (!early) throw error;
  }
}

/** Returns a step of a pipeline that starts a timer again with each chunk that the next step takes. */
function restarting(timer: IdleTimer): (chunks: AsyncIterable<Uint8Array>) => AsyncGenerator<Uint8Array> {
  return async function* (chunks) {
    for await (const chunk of chunks) {
      timer.start();
      yield chunk;
    }
    timer.start();
  };
}

/** Passes on the bytes of a response. Only waiting for the server counts as idle, not what the reader does between. */
async function* chunksOf(response: IncomingMessage, idle: number): AsyncGenerator<Uint8Array> {
  const chunks = response[Symbol.asyncIterator]();
  try {
    for (;;) {
      const timer = new IdleTimer(idle, () => response.destroy());
      timer.start();
      let next: IteratorResult<Uint8Array>;
      try {
        next = await chunks.next();
      } catch (error) {
        throw timer.over ? new S3Stalled() : error;
      } finally {
        timer.stop();
      }
      if (timer.over) throw new S3Stalled();
      if (next.done) break;
      yield next.value;
    }
  } finally {
    end(response);
  }
}

/** Ends a response. One that has arrived, or has no bytes, leaves its connection to the next request. */
function end(response: IncomingMessage): void {
  const empty = response.headers['content-length'] === '0' || response.statusCode === 204;
  if (response.complete || empty) response.resume();
  else response.destroy();
}

function sizeIn({ headers }: IncomingMessage): number | undefined {
  const length = headers['content-length'];
  return length === undefined ? undefined : Number(length);
}

/** Returns the beginning of a text. */
export async function textOf(body: AsyncIterable<Uint8Array>, most = MOST_ERROR_TEXT): Promise<string> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of body) {
    chunks.push(chunk);
    length += chunk.length;
    if (length > most) break;
  }
  return Buffer.concat(chunks).toString();
}

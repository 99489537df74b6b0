import type { ChildProcessByStdio } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';
import pLimit from 'p-limit';

/** A git object in the repository; `size` in bytes. `content` is empty if only its type and size were requested. */
export interface GitObject {
  id: string;
  type: string;
  size: number;
  content: Buffer;
}

/** A request that was sent to git and has no result yet. */
interface Pending {
  /** Whether the object's content was requested. Git then writes the content after the header line. */
  contents: boolean;
  resolve(found: GitObject | undefined): void;
  reject(error: Error): void;
}

/**
 * The timeout of a request. Git has stalled if it writes nothing for `timeout` milliseconds while a request has no
 * result. `stalled` returns the error with which the requests are then rejected.
 */
export interface Timeout {
  timeout: number;
  stalled(): Error;
}

/**
 * Greatest number of requests that git has at a time. With this number git never waits for the next request. A larger
 * number could fill the pipe to git (64 kB), and more results would be in memory at the same time.
 */
const MOST_PENDING = 16;

const HEADER = /^([0-9a-f]{40,64}) (\w+) (\d+)$/u;
/** Matches the line that git writes if no object has the requested name, or if several objects have it. */
const NONE = / (?:missing|ambiguous)$/u;

/**
 * A `git cat-file --batch-command` process that reads objects. Each request is one line. Git writes the results in the
 * order of the requests. A result is a header line. If the object exists and its content was requested, the content and
 * a line end follow. See git-cat-file(1).
 *
 * Any number of requests may wait in the queue; git gets only a few at a time. The timeout applies to the oldest
 * request that git has: git has stalled if it has written nothing for that time. How long a request waits in the queue
 * does not count.
 */
export class CatFile {
  readonly #child: ChildProcessByStdio<Writable, Readable, null>;
  readonly #timeout: Timeout;
  /** The queue of requests. It sends at most MOST_PENDING requests to git at a time. */
  readonly #queue = pLimit(MOST_PENDING);
  /** The requests that were sent to git and have no result yet, oldest first. Git writes the results in this order. */
  readonly #pending: Pending[] = [];
  #chunks: Buffer[] = [];
  #length = 0;
  /**
   * The object whose header has arrived and whose content has not. `length` is the length of the content in bytes,
   * including the line end after it. Undefined if a header comes next.
   */
  #expected: { id: string; type: string; length: number } | undefined;
  /** The error with which every further request is rejected; undefined while the process works. */
  #over: Error | undefined;
  #timer: NodeJS.Timeout | undefined;
  /**
   * A number that grows when git writes anything and when the timeout starts. If it has not changed at the end of the
   * timeout, git has stalled.
   */
  #progress = 0;

  constructor(child: ChildProcessByStdio<Writable, Readable, null>, timeout: Timeout) {
    this.#child = child;
    this.#timeout = timeout;
    child.stdin.on('error', () => undefined);
    child.stdout.on('data', (chunk: Buffer) => {
      this.#chunks.push(chunk);
      this.#length += chunk.length;
      this.#progress += 1;
      while (!this.#over && this.#take());
    });
    const over = (): void => {
      this.#fail(new Error('git cat-file has ended.'));
    };
    child.once('error', over);
    child.once('close', over);
  }

  /** Whether the process has ended or failed. Every further request is then rejected. */
  get ended(): boolean {
    return this.#over !== undefined;
  }

  /**
   * Resolves to the object with a name, or to undefined if there is no such object. `contents` reads type, size and
   * content of the object, `info` only type and size.
   */
  async request(command: 'contents' | 'info', name: string): Promise<GitObject | undefined> {
    return this.#queue(async () => {
      if (this.#over) throw this.#over;
      const { promise, resolve, reject } = Promise.withResolvers<GitObject | undefined>();
      this.#pending.push({ contents: command === 'contents', resolve, reject });
      this.#child.stdin.write(`${command} ${name}\n`);
      if (this.#pending.length === 1) this.#watch();
      return promise;
    });
  }

  /** Lets the process end after it has handled the requests that were made before this call. */
  end(): void {
    void this.#queue(() => this.#child.stdin.end());
  }

  /** Starts the timeout of the oldest request that git has. */
  #watch(): void {
    clearTimeout(this.#timer);
    this.#progress += 1;
    const seen = this.#progress;
    this.#timer = setTimeout(() => {
      // This process may have been busy for longer than the timeout: first it reads what has arrived.
      setImmediate(() => {
        if (this.#over || this.#pending.length === 0) return;
        if (this.#progress === seen) this.#fail(this.#timeout.stalled());
        else this.#watch();
      });
    }, this.#timeout.timeout);
  }

  /** Resolves the oldest request that git has, and starts the timeout of the next one. */
  #resolve(found: GitObject | undefined): void {
    this.#pending.shift()?.resolve(found);
    if (this.#pending.length > 0) this.#watch();
    else clearTimeout(this.#timer);
  }

  /**
   * Parses one header or one content from the bytes that have arrived. Returns false if a part of it is still missing,
   * or if the process has failed.
   */
  #take(): boolean {
    if (this.#expected) {
      const { id, type, length } = this.#expected;
      if (this.#length < length) return false;
      const all = this.#joined();
      this.#keep(all.subarray(length));
      this.#expected = undefined;
      this.#resolve({ id, type, size: length - 1, content: Buffer.from(all.subarray(0, length - 1)) });
      return true;
    }
    const all = this.#joined();
    const end = all.indexOf(10);
    if (end < 0) return false;
    this.#keep(all.subarray(end + 1));
    const line = all.subarray(0, end).toString();
    const [, id, type, length] = HEADER.exec(line) ?? [];
    if (id === undefined || type === undefined) {
      // An unknown line: nothing after it can be trusted, either.
      if (!NONE.test(line)) return this.#fail(new Error(`git cat-file answered “${line.slice(0, 80)}”.`));
      this.#resolve(undefined);
    } else if (this.#pending[0]?.contents) this.#expected = { id, type, length: Number(length) + 1 };
    else this.#resolve({ id, type, size: Number(length), content: Buffer.alloc(0) });
    return true;
  }

  /**
   * Kills the process and rejects every request with the error `why`. Returns false, which `#take` returns to its
   * caller.
   */
  #fail(why: Error): false {
    this.#over ??= why;
    clearTimeout(this.#timer);
    this.#child.kill('SIGKILL');
    for (const { reject } of this.#pending.splice(0)) reject(this.#over);
    return false;
  }

  #joined(): Buffer {
    const [first] = this.#chunks;
    const all = this.#chunks.length === 1 && first ? first : Buffer.concat(this.#chunks);
    this.#chunks = [all];
    return all;
  }

  #keep(rest: Buffer): void {
    this.#chunks = rest.length > 0 ? [rest] : [];
    this.#length = rest.length;
  }
}

import type { ChildProcessByStdio } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';
import pLimit from 'p-limit';

/** An object of the repository; `size` in bytes. `content` is empty if it was not requested. */
export interface GitObject {
  id: string;
  type: string;
  size: number;
  content: Buffer;
}

/** A request that git has not answered yet. */
interface Pending {
  /** Whether the content follows the header. */
  contents: boolean;
  resolve(found: GitObject | undefined): void;
  reject(error: Error): void;
}

/** How long git may write nothing while it answers a request, in milliseconds, and the error after that. */
export interface Timeout {
  timeout: number;
  stalled(): Error;
}

/**
 * How many requests git gets at once: enough that it never waits for the next one, few enough that their lines fit into
 * a pipe (64 kB) and that few results are in memory before they are consumed.
 */
const MOST_PENDING = 16;

const HEADER = /^([0-9a-f]{40,64}) (\w+) (\d+)$/u;
/** What git writes if there is no object of a name, or several. */
const NONE = / (?:missing|ambiguous)$/u;

/**
 * A `git cat-file --batch-command` process that serves many requests. A request is a line. Results come in the same
 * order: a header line and, if there is such an object and its contents were requested, these and a line end. See
 * git-cat-file(1).
 *
 * Any number of requests may be queued. Git gets a few at a time, and only the first is timed: git has stalled if it
 * has written nothing for the timeout, however long the queue is.
 */
export class CatFile {
  readonly #child: ChildProcessByStdio<Writable, Readable, null>;
  readonly #timeout: Timeout;
  /** Queues what is more than git gets at once. */
  readonly #queue = pLimit(MOST_PENDING);
  /** The requests that git has, in the order of its results. */
  readonly #pending: Pending[] = [];
  #chunks: Buffer[] = [];
  #length = 0;
  /** The object whose content comes next; `length` in bytes, with the line end. */
  #expected: { id: string; type: string; length: number } | undefined;
  /** The error of every further request. */
  #over: Error | undefined;
  #timer: NodeJS.Timeout | undefined;
  /** Grows with everything that git writes and with every request that becomes the first. */
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

  /** Whether the process has ended: then every request is rejected. */
  get ended(): boolean {
    return this.#over !== undefined;
  }

  /** Returns an object by name, with its contents or only its type and size; undefined if there is none. */
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

  /** Ends the process after the requests before. */
  end(): void {
    void this.#queue(() => this.#child.stdin.end());
  }

  /** Starts the timeout of the first request. */
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

  /** Resolves the first request. */
  #resolve(found: GitObject | undefined): void {
    this.#pending.shift()?.resolve(found);
    if (this.#pending.length > 0) this.#watch();
    else clearTimeout(this.#timer);
  }

  /** Consumes one header or one content from what has arrived. Returns false if there is not enough. */
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

  /** Kills the process and rejects every request with the reason. Returns false for `#take`. */
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

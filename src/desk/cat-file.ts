import type { ChildProcessByStdio } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';

/** An object of the repository; `content` is empty where it was not asked for. */
export interface GitObject {
  id: string;
  type: string;
  content: Buffer;
}

interface Waiting {
  /** Does the content follow the header? */
  contents: boolean;
  resolve(found: GitObject | undefined): void;
  reject(error: Error): void;
}

/** How long an answer may take, in milliseconds, and what a question is rejected with that got none. */
export interface Patience {
  patience: number;
  stalled(): Error;
}

const HEADER = /^([0-9a-f]{40,64}) (\w+) (\d+)$/u;
/** What is said of an object that is not there, or that several have the name of. */
const NONE = / (?:missing|ambiguous)$/u;

/**
 * One `git cat-file --batch-command` that stays: questions are lines, answers come in their order, each a header line
 * and, where there is such an object and its contents were asked for, these and a line end. See git-cat-file(1).
 */
export class CatFile {
  readonly #child: ChildProcessByStdio<Writable, Readable, null>;
  readonly #patience: Patience;
  readonly #waiting: Waiting[] = [];
  #chunks: Buffer[] = [];
  #length = 0;
  /** The object whose content is on its way, with how many bytes it and its line end take. */
  #expected: { id: string; type: string; length: number } | undefined;
  #ended = false;

  constructor(child: ChildProcessByStdio<Writable, Readable, null>, patience: Patience) {
    this.#child = child;
    this.#patience = patience;
    child.stdin.on('error', () => undefined);
    child.stdout.on('data', (chunk: Buffer) => {
      this.#chunks.push(chunk);
      this.#length += chunk.length;
      while (!this.#ended && this.#take());
    });
    const over = (): void => {
      this.#fail(new Error('git cat-file has ended.'));
    };
    child.once('error', over);
    child.once('close', over);
  }

  get ended(): boolean {
    return this.#ended;
  }

  /** Asks for an object by name, with its contents or only what it is; undefined: there is none. */
  async ask(command: 'contents' | 'info', name: string): Promise<GitObject | undefined> {
    const { patience, stalled } = this.#patience;
    const { promise, resolve, reject } = Promise.withResolvers<GitObject | undefined>();
    this.#waiting.push({ contents: command === 'contents', resolve, reject });
    this.#child.stdin.write(`${command} ${name}\n`);
    const timer = setTimeout(() => this.#fail(stalled()), patience);
    return promise.finally(() => clearTimeout(timer));
  }

  end(): void {
    this.#child.stdin.end();
  }

  /** Takes one header or one content off what has come; false: not enough has come. */
  #take(): boolean {
    if (this.#expected) {
      const { id, type, length } = this.#expected;
      if (this.#length < length) return false;
      const all = this.#joined();
      this.#keep(all.subarray(length));
      this.#expected = undefined;
      this.#waiting.shift()?.resolve({ id, type, content: Buffer.from(all.subarray(0, length - 1)) });
      return true;
    }
    const all = this.#joined();
    const end = all.indexOf(10);
    if (end < 0) return false;
    this.#keep(all.subarray(end + 1));
    const line = all.subarray(0, end).toString();
    const [, id, type, length] = HEADER.exec(line) ?? [];
    if (id === undefined || type === undefined) {
      // What is no answer of git's says nothing of any object, nor do the lines after it.
      if (!NONE.test(line)) return this.#fail(new Error(`git cat-file answered “${line.slice(0, 80)}”.`));
      this.#waiting.shift()?.resolve(undefined);
    } else if (this.#waiting[0]?.contents) this.#expected = { id, type, length: Number(length) + 1 };
    else this.#waiting.shift()?.resolve({ id, type, content: Buffer.alloc(0) });
    return true;
  }

  /** Ends the process; whoever waits is told why. Answers that nothing more can be taken. */
  #fail(why: Error): false {
    this.#ended = true;
    this.#child.kill('SIGKILL');
    for (const { reject } of this.#waiting.splice(0)) reject(why);
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

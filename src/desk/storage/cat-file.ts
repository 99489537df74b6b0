import type { ChildProcessByStdio } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';
import pLimit from 'p-limit';

/** An object of the repository; `content` is empty where it was not asked for. */
export interface GitObject {
  id: string;
  type: string;
  content: Buffer;
}

interface Question {
  /** Does the content follow the header? */
  contents: boolean;
  resolve(found: GitObject | undefined): void;
  reject(error: Error): void;
}

/** How long git may stay silent on the question it is answering, in milliseconds, and what is rejected with then. */
export interface Patience {
  patience: number;
  stalled(): Error;
}

/**
 * How many questions git has at once: enough that it never waits for the next one, few enough that their lines fit into
 * a pipe (64 kB) and that no more answers than these are in memory before anybody has taken them.
 */
const MOST_ASKED = 16;

const HEADER = /^([0-9a-f]{40,64}) (\w+) (\d+)$/u;
/** What is said of an object that is not there, or that several have the name of. */
const NONE = / (?:missing|ambiguous)$/u;

/**
 * One `git cat-file --batch-command` that stays: questions are lines, answers come in their order, each a header line
 * and, where there is such an object and its contents were asked for, these and a line end. See git-cat-file(1).
 *
 * Any number of questions may wait here. Git gets a few at a time, and only the one that it is answering is timed: git
 * has stalled where no byte has come for as long as the patience says, however many others wait behind.
 */
export class CatFile {
  readonly #child: ChildProcessByStdio<Writable, Readable, null>;
  readonly #patience: Patience;
  /** Who asks more than git may have waits here. */
  readonly #turns = pLimit(MOST_ASKED);
  /** What git has been asked, in the order of its answers. */
  readonly #asked: Question[] = [];
  #chunks: Buffer[] = [];
  #length = 0;
  /** The object whose content is on its way, with how many bytes it and its line end take. */
  #expected: { id: string; type: string; length: number } | undefined;
  /** Why nothing can be asked any more. */
  #over: Error | undefined;
  #timer: NodeJS.Timeout | undefined;
  /** Grows with everything that git says and with every question that becomes the first. */
  #signs = 0;

  constructor(child: ChildProcessByStdio<Writable, Readable, null>, patience: Patience) {
    this.#child = child;
    this.#patience = patience;
    child.stdin.on('error', () => undefined);
    child.stdout.on('data', (chunk: Buffer) => {
      this.#chunks.push(chunk);
      this.#length += chunk.length;
      this.#signs += 1;
      while (!this.#over && this.#take());
    });
    const over = (): void => {
      this.#fail(new Error('git cat-file has ended.'));
    };
    child.once('error', over);
    child.once('close', over);
  }

  get ended(): boolean {
    return this.#over !== undefined;
  }

  /** Asks for an object by name, with its contents or only what it is; undefined: there is none. */
  async ask(command: 'contents' | 'info', name: string): Promise<GitObject | undefined> {
    return this.#turns(async () => {
      if (this.#over) throw this.#over;
      const { promise, resolve, reject } = Promise.withResolvers<GitObject | undefined>();
      this.#asked.push({ contents: command === 'contents', resolve, reject });
      this.#child.stdin.write(`${command} ${name}\n`);
      if (this.#asked.length === 1) this.#watch();
      return promise;
    });
  }

  /** Ends the process once it has answered what it was asked before. */
  end(): void {
    void this.#turns(() => this.#child.stdin.end());
  }

  /** Watches over the question that git is answering. */
  #watch(): void {
    clearTimeout(this.#timer);
    this.#signs += 1;
    const seen = this.#signs;
    this.#timer = setTimeout(() => {
      // This process may itself have been busy for longer than that: first it reads what has come meanwhile.
      setImmediate(() => {
        if (this.#over || this.#asked.length === 0) return;
        if (this.#signs === seen) this.#fail(this.#patience.stalled());
        else this.#watch();
      });
    }, this.#patience.patience);
  }

  /** Answers the question whose turn it is. */
  #answer(found: GitObject | undefined): void {
    this.#asked.shift()?.resolve(found);
    if (this.#asked.length > 0) this.#watch();
    else clearTimeout(this.#timer);
  }

  /** Takes one header or one content off what has come; false: not enough has come. */
  #take(): boolean {
    if (this.#expected) {
      const { id, type, length } = this.#expected;
      if (this.#length < length) return false;
      const all = this.#joined();
      this.#keep(all.subarray(length));
      this.#expected = undefined;
      this.#answer({ id, type, content: Buffer.from(all.subarray(0, length - 1)) });
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
      this.#answer(undefined);
    } else if (this.#asked[0]?.contents) this.#expected = { id, type, length: Number(length) + 1 };
    else this.#answer({ id, type, content: Buffer.alloc(0) });
    return true;
  }

  /** Ends the process; every question is rejected with the reason. Answers that nothing more can be taken. */
  #fail(why: Error): false {
    this.#over ??= why;
    clearTimeout(this.#timer);
    this.#child.kill('SIGKILL');
    for (const { reject } of this.#asked.splice(0)) reject(this.#over);
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

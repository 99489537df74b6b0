import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { setPriority } from 'node:os';
import type { Readable, Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import pLimit from 'p-limit';
import { CatFile, type GitObject } from './cat-file.ts';
import { Refusal } from '../domain/refusal.ts';

/** How many git processes run at once: more only wait for the disk. */
const MOST_PROCESSES = 4;

/** How long a git may take, in milliseconds: a photo of 40 MB on a slow disk takes some seconds. */
export const PATIENCE = 60_000;
/** For work on the whole repository: as long as it takes, which is as long as a timer can run. */
export const UNHURRIED = 2 ** 31 - 1;
/** How long a git that was asked to end may still tidy up, in milliseconds. */
const GRACE = 3_000;

/**
 * How often an object is asked for. The process that stays ends at an object that is damaged, and takes with it what
 * was asked beside it: after the first time each is asked for alone.
 */
const READINGS = 3;

/** How often a git is run that found the folder of a new object gone: it takes another that clears away at that moment. */
const WRITINGS = 5;
/**
 * What git says then. Whoever packs objects removes their folders once they are empty (`git prune-packed`, part of
 * maintenance), and git makes its folder anew only once before it gives up (measured with git 2.39).
 */
const FOLDER_GONE = /unable to create temporary file: No such file or directory/u;

/**
 * What holds for every call, whatever the machine's own configuration says: everything is on the disk when a call has
 * returned, nothing is compressed twice (photos are already), no hook runs, no path is taken for a pattern.
 */
const SETTINGS = [
  'core.fsync=all',
  'core.compression=0',
  'core.hooksPath=/dev/null',
  'core.fsmonitor=false',
  'core.protectNTFS=true',
  'core.protectHFS=true',
  'core.quotePath=false',
  // Two photos that look alike to git are no renamed file.
  'merge.renames=false',
  'gc.auto=0',
  // Maintenance locks refs for a moment while it packs them: who saves then waits, in milliseconds.
  'core.filesRefLockTimeout=5000',
  'core.packedRefsTimeout=10000',
].flatMap((setting) => ['-c', setting]);

/** How git says that an object is not what it was. */
const DAMAGED = /is corrupt|inflate|unable to unpack|bad packed object/iu;

/** git ended with another exit code than was expected. */
export class GitError extends Error {
  readonly stderr: string;

  constructor(command: string, stderr: string) {
    super(`git ${command}: ${stderr.trim().slice(0, 500)}`);
    this.stderr = stderr;
  }

  /** Does git say that something it read is damaged? */
  get tellsOfDamage(): boolean {
    return DAMAGED.test(this.stderr);
  }
}

/** An object could not be read, however often git was asked: the repository is damaged, or git does not run. */
export class GitUnreadable extends Error {
  /** The name of the object that is there and damaged; undefined: it is not there. */
  readonly object: string | undefined;

  constructor(message: string, { object, cause }: { object?: string; cause?: unknown } = {}) {
    super(message, { cause });
    this.object = object;
  }
}

/** git gave no answer in time. Whether it has done what it was asked for is not known. */
export class GitStalled extends Refusal {
  constructor() {
    super(503, '编辑台的存储没有回应，这一步没有做完。您写的还在这一页，请过一会儿再试；还不行就联系管理员。');
  }
}

export interface GitInput {
  /** What git reads; a stream, opened by the function, is never held in memory whole. */
  input?: string | Uint8Array | (() => Readable);
  environment?: Readonly<Record<string, string>>;
  /** Opens what gets git's answer, instead of who asks. */
  output?: () => Writable;
  /** Exit codes that are an answer, not a failure. */
  expected?: readonly number[];
  /** Ends it, and whatever it has started. */
  signal?: AbortSignal;
  /** How much it stands back, on the scale of nice(1), from 0 to 19. */
  niceness?: number;
  /** How long it may take, in milliseconds, where not as long as any other. */
  patience?: number;
}

export interface GitOutput {
  code: number;
  stdout: string;
  stderr: string;
}

/** The git command on one bare repository: no work tree, no shell, no text of a user in the place of an option. */
export class Git {
  readonly folder: string;
  readonly #arguments: readonly string[];
  readonly #environment: Readonly<Record<string, string | undefined>>;
  readonly #processes = pLimit(MOST_PROCESSES);
  readonly #patience: number;
  #reading: CatFile | undefined;

  /** `patience`: after how many milliseconds a git is ended that has not. */
  constructor(folder: string, patience = PATIENCE) {
    this.folder = folder;
    this.#patience = patience;
    this.#arguments = [...SETTINGS, '--literal-pathspecs', `--git-dir=${folder}`];
    this.#environment = {
      PATH: process.env['PATH'],
      HOME: folder,
      LC_ALL: 'C.UTF-8',
      GIT_CONFIG_NOSYSTEM: '1',
      GIT_CONFIG_GLOBAL: '/dev/null',
      GIT_TERMINAL_PROMPT: '0',
      GIT_COMMITTER_NAME: 'desk',
      GIT_COMMITTER_EMAIL: 'desk@localhost',
    };
  }

  /**
   * Runs one command; again, where others cleared away the folder that it was writing to. Rejects with a GitError where
   * its exit code is none of the expected (0), with a GitStalled where it had to be ended.
   */
  async run(args: readonly string[], given: GitInput = {}): Promise<GitOutput> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await this.#processes(async () => this.#run(args, given));
      } catch (error) {
        // What writes objects says the same when it is said again.
        const again = error instanceof GitError && FOLDER_GONE.test(error.stderr) && attempt < WRITINGS;
        if (!again) throw error;
      }
    }
  }

  /** An object by name (`<commit>:<path>`, an id, a ref); undefined: there is none. No process is started for it. */
  async read(name: string): Promise<GitObject | undefined> {
    return this.#ask('contents', name);
  }

  /** What an object is, without its contents; undefined: there is none. */
  async look(name: string): Promise<Omit<GitObject, 'content'> | undefined> {
    return this.#ask('info', name);
  }

  /** Ends the process that reads. */
  close(): void {
    this.#reading?.end();
    this.#reading = undefined;
  }

  async #ask(command: 'contents' | 'info', name: string): Promise<GitObject | undefined> {
    if (/[\n\0]/u.test(name)) return undefined;
    for (let attempt = 1; ; attempt += 1) {
      try {
        if (attempt > 1) return await this.#processes(async () => this.#askAlone(command, name));
        if (!this.#reading || this.#reading.ended) this.#reading = this.#reader();
        return await this.#reading.ask(command, name);
      } catch (error) {
        // It ended while it was asked: another reads the same. One that stalls would stall again.
        if (error instanceof GitStalled) throw error;
        if (attempt === READINGS) {
          throw new GitUnreadable(`git cat-file: ${name} cannot be read.`, { object: name, cause: error });
        }
      }
    }
  }

  /** Asks a process that is started for this question only. */
  async #askAlone(command: 'contents' | 'info', name: string): Promise<GitObject | undefined> {
    const reader = this.#reader();
    return reader.ask(command, name).finally(() => reader.end());
  }

  /** A new process that reads. */
  #reader(): CatFile {
    const child = spawn('git', [...this.#arguments, 'cat-file', '--batch-command'], {
      env: this.#environment,
      stdio: ['pipe', 'pipe', 'ignore'],
      detached: true,
    });
    return new CatFile(child, { patience: this.#patience, stalled: () => new GitStalled() });
  }

  async #run(args: readonly string[], given: GitInput): Promise<GitOutput> {
    const { input, environment, output, expected = [0], signal, niceness = 0, patience = this.#patience } = given;
    signal?.throwIfAborted();
    const child = spawn('git', [...this.#arguments, ...args], {
      env: { ...this.#environment, ...environment },
      stdio: ['pipe', 'pipe', 'pipe'],
      // In a group of its own: who stops the desk with Ctrl+C does not cut off a save under way.
      detached: true,
    });
    const { pid } = child;
    // Before it starts others, which then stand back too.
    if (pid !== undefined && niceness > 0) setPriority(pid, niceness);
    const stop = (): void => {
      const runs = child.exitCode === null && child.signalCode === null;
      if (pid !== undefined && runs) process.kill(-pid, 'SIGTERM');
    };
    signal?.addEventListener('abort', stop, { once: true });
    const out: Buffer[] = [];
    const err: Buffer[] = [];
    const written = output ? pipeline(child.stdout, output()) : undefined;
    // Waited for below; until then it is no unhandled rejection.
    written?.catch(() => child.kill());
    if (!output) child.stdout.on('data', (chunk: Buffer) => out.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => err.push(chunk));
    // A git that ends early says why on its standard error.
    child.stdin.on('error', () => undefined);
    const closed = once(child, 'close');
    const read = typeof input === 'function' ? input() : undefined;
    if (read) {
      read.once('error', () => child.kill());
      read.pipe(child.stdin);
    } else child.stdin.end(input);
    const stalled = new AbortController();
    const timer = setTimeout(() => {
      stalled.abort();
      end(child);
    }, patience);
    const [code]: unknown[] = await closed.finally(() => {
      clearTimeout(timer);
      // It may have ended before it had read all.
      read?.destroy();
      signal?.removeEventListener('abort', stop);
    });
    await written;
    const stdout = Buffer.concat(out).toString();
    const stderr = Buffer.concat(err).toString();
    if (stalled.signal.aborted && code !== 0) throw new GitStalled();
    if (typeof code !== 'number' || !expected.includes(code)) throw new GitError(args.join(' '), stderr);
    return { code, stdout, stderr };
  }
}

/** Ends a process: it may remove its locks first. What it has started itself may still hold its output open. */
function end(child: ChildProcess): void {
  child.kill('SIGTERM');
  setTimeout(() => child.kill('SIGKILL'), GRACE).unref();
  child.stdout?.destroy();
  child.stderr?.destroy();
}

import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { setPriority } from 'node:os';
import type { Readable, Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import pLimit from 'p-limit';
import { CatFile, type GitObject } from './cat-file.ts';
import { Refusal } from '../domain/refusal.ts';

/** How many git processes run at once; more would only wait for the disk. */
const MOST_PROCESSES = 4;

/** How long a git command may take, in milliseconds: a photo of 40 MB on a slow disk takes some seconds. */
const TIMEOUT = 60_000;
/** The timeout of work on the whole repository: the longest that a timer can have. */
export const NO_TIMEOUT = 2 ** 31 - 1;
/** How long a git that was asked to end may still clean up, in milliseconds. */
const GRACE = 3_000;
/** Niceness of work in the background (nice(1)): readers and editors go first. */
export const BACKGROUND = 15;

/**
 * How often an object is requested. The long-running process ends at a damaged object and fails all its requests: from
 * the second time on, each object is requested from a new process.
 */
const READ_ATTEMPTS = 3;

/** How often a command is run if it fails with `FOLDER_GONE`, which takes another git that packs at that moment. */
const RUN_ATTEMPTS = 5;
/**
 * What git writes if the folder of a new object is gone. Packing objects removes their folders once these are empty
 * (`git prune-packed`, part of maintenance), and git recreates its folder only once before it fails (measured with git
 * 2.39).
 */
const FOLDER_GONE = /unable to create temporary file: No such file or directory/u;

/** Returns the arguments of git that set configuration values, each `name=value`. */
export function gitSettings(...settings: string[]): string[] {
  return settings.flatMap((setting) => ['-c', setting]);
}

/**
 * Settings of every call, whatever the machine's configuration is: everything is on the disk when a call returns,
 * nothing is compressed twice (photos are compressed already), no hook runs.
 */
const SETTINGS = gitSettings(
  'core.fsync=all',
  'core.compression=0',
  'core.hooksPath=/dev/null',
  'core.fsmonitor=false',
  'core.protectNTFS=true',
  'core.protectHFS=true',
  'core.quotePath=false',
  // Two photos with similar bytes are no renamed file.
  'merge.renames=false',
  'gc.auto=0',
  // How long a save waits while maintenance locks the refs to pack them, in milliseconds.
  'core.filesRefLockTimeout=5000',
  'core.packedRefsTimeout=10000',
);

/** What git writes about a damaged object. */
const DAMAGED = /is corrupt|inflate|unable to unpack|bad packed object/iu;

/** git ended with an unexpected exit code or wrote something unexpected. */
export class GitError extends Error {
  readonly stderr: string;

  constructor(command: string, stderr: string) {
    super(`git ${command}: ${stderr.trim().slice(0, 500)}`);
    this.stderr = stderr;
  }

  /** Whether git reports that an object is damaged. */
  get isDamage(): boolean {
    return DAMAGED.test(this.stderr);
  }
}

/** An object could not be read in several attempts: the repository is damaged, or git does not run. */
export class GitUnreadable extends Error {
  /** The name of the object that could not be read; undefined if the object is missing. */
  readonly object: string | undefined;

  constructor(message: string, { object, cause }: { object?: string; cause?: unknown } = {}) {
    super(message, { cause });
    this.object = object;
  }
}

/** git did not end in time. Whether its work is done is not known. */
export class GitStalled extends Refusal {
  constructor() {
    super(503, '编辑台的存储没有回应，这一步没有做完。您写的还在这一页，请过一会儿再试；还不行就联系管理员。');
  }
}

export interface GitInput {
  /** git's standard input; a function opens a stream, which is never whole in memory. */
  input?: string | Uint8Array | (() => Readable);
  environment?: Readonly<Record<string, string>>;
  /** Opens a stream for git's standard output, which is then not returned. */
  output?: () => Writable;
  /** Exit codes that are no failure; by default 0. */
  expected?: readonly number[];
  /** Ends git and the processes it has started. */
  signal?: AbortSignal;
  /** Niceness of the process (nice(1)), from 0 to 19. */
  niceness?: number;
  /** How long it may take, in milliseconds; by default as long as every command of this repository. */
  timeout?: number;
}

export interface GitOutput {
  code: number;
  stdout: string;
  stderr: string;
}

/** Runs git on one bare repository: no work tree, no shell, no text of a user as an option, no path as a pattern. */
export class Git {
  readonly folder: string;
  readonly #arguments: readonly string[];
  readonly #environment: Readonly<Record<string, string | undefined>>;
  readonly #processes = pLimit(MOST_PROCESSES);
  readonly #timeout: number;
  #reading: CatFile | undefined;

  /** A command that takes longer than `timeout` milliseconds is killed. */
  constructor(folder: string, timeout = TIMEOUT) {
    this.folder = folder;
    this.#timeout = timeout;
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
   * Runs a command; again if another process removed the folder that it was writing to.
   * @throws GitError if the exit code is not one of `expected`, GitStalled if the command took too long.
   */
  async run(args: readonly string[], given: GitInput = {}): Promise<GitOutput> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await this.#processes(async () => this.#run(args, given));
      } catch (error) {
        // Writing the same objects again is harmless.
        const again = error instanceof GitError && FOLDER_GONE.test(error.stderr) && attempt < RUN_ATTEMPTS;
        if (!again) throw error;
      }
    }
  }

  /**
   * Returns an object by name (`<commit>:<path>`, an id, a ref), or undefined if there is none. Usually no process is
   * started. @throws GitUnreadable, GitStalled
   */
  async read(name: string): Promise<GitObject | undefined> {
    return this.#ask('contents', name);
  }

  /**
   * Returns the id, type and size of an object by name, or undefined if there is none.
   * @throws GitUnreadable, GitStalled
   */
  async resolve(name: string): Promise<Omit<GitObject, 'content'> | undefined> {
    return this.#ask('info', name);
  }

  /** Ends the process that reads objects. */
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
        return await this.#reading.request(command, name);
      } catch (error) {
        // The process ended meanwhile: another one can read the object. One that stalls would stall again.
        if (error instanceof GitStalled) throw error;
        if (attempt === READ_ATTEMPTS) {
          throw new GitUnreadable(`git cat-file: ${name} cannot be read.`, { object: name, cause: error });
        }
      }
    }
  }

  /** Requests an object from a new process. */
  async #askAlone(command: 'contents' | 'info', name: string): Promise<GitObject | undefined> {
    const reader = this.#reader();
    return reader.request(command, name).finally(() => reader.end());
  }

  /** Starts a process that reads objects. */
  #reader(): CatFile {
    const child = spawn('git', [...this.#arguments, 'cat-file', '--batch-command'], {
      env: this.#environment,
      stdio: ['pipe', 'pipe', 'ignore'],
      detached: true,
    });
    return new CatFile(child, { timeout: this.#timeout, stalled: () => new GitStalled() });
  }

  async #run(args: readonly string[], given: GitInput): Promise<GitOutput> {
    const { input, environment, output, expected = [0], signal, niceness = 0, timeout = this.#timeout } = given;
    signal?.throwIfAborted();
    const child = spawn('git', [...this.#arguments, ...args], {
      env: { ...this.#environment, ...environment },
      stdio: ['pipe', 'pipe', 'pipe'],
      // In a separate process group: Ctrl+C stops the desk, but not a save that is running.
      detached: true,
    });
    const { pid } = child;
    // Before git starts other processes: they inherit it.
    if (pid !== undefined && niceness > 0) setPriority(pid, niceness);
    const stop = (): void => {
      const runs = child.exitCode === null && child.signalCode === null;
      if (pid !== undefined && runs) process.kill(-pid, 'SIGTERM');
    };
    signal?.addEventListener('abort', stop, { once: true });
    const out: Buffer[] = [];
    const err: Buffer[] = [];
    const written = output ? pipeline(child.stdout, output()) : undefined;
    // Awaited below; until then its rejection counts as handled.
    written?.catch(() => child.kill());
    if (!output) child.stdout.on('data', (chunk: Buffer) => out.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => err.push(chunk));
    // If git ends early, its standard error says why.
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
    }, timeout);
    const [code]: unknown[] = await closed.finally(() => {
      clearTimeout(timer);
      // git may have ended before it had read everything.
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

/** Ends a process, which may remove its locks first. Its child processes may keep its output open: that is closed. */
function end(child: ChildProcess): void {
  child.kill('SIGTERM');
  setTimeout(() => child.kill('SIGKILL'), GRACE).unref();
  child.stdout?.destroy();
  child.stderr?.destroy();
}

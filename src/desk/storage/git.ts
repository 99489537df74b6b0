import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { setPriority } from 'node:os';
import type { Readable, Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import pLimit from 'p-limit';
import { CatFile, type GitObject } from './cat-file.ts';
import { Refusal } from '../domain/refusal.ts';

/** How many git processes may run at once. More processes would only wait for the disk. */
const MOST_PROCESSES = 4;

/**
 * Default time limit of a git command, in milliseconds. A command with a photo of 40 MB on a slow disk takes some
 * seconds.
 */
const TIMEOUT = 60_000;
/**
 * Time limit for commands on the whole repository, which may take long: the longest time of a timer, in milliseconds
 * (24 days).
 */
export const NO_TIMEOUT = 2 ** 31 - 1;
/** Time in which git can remove its locks after SIGTERM, before it is killed (SIGKILL), in milliseconds. */
const GRACE = 3_000;
/** Niceness of git commands that run in the background (nice(1)), so that readers and editors do not wait for them. */
export const BACKGROUND = 15;

/**
 * How many times an object is requested before reading fails. A long-running git process handles the requests of all
 * readers. It ends when it meets a damaged object, and all its requests fail, also those for sound objects. So the
 * second and third attempt each use a new process.
 */
const READ_ATTEMPTS = 3;

/**
 * How many times a command is run if it fails with `FOLDER_GONE`. This happens only if another git process is packing
 * at that moment.
 */
const RUN_ATTEMPTS = 5;
/**
 * Matches the error of git if the folder for a new object was removed. After packing, `git prune-packed` (a part of
 * maintenance) removes the folders of loose objects that have become empty. Git creates such a folder again only once;
 * if it is removed again, git fails (measured with git 2.39).
 */
const FOLDER_GONE = /unable to create temporary file: No such file or directory/u;

/** Returns the arguments of git that set configuration values, each `name=value`. */
export function gitSettings(...settings: string[]): string[] {
  return settings.flatMap((setting) => ['-c', setting]);
}

/**
 * Settings of every git command, whatever the machine's configuration is. All written data is on the disk when a
 * command ends. Objects are not compressed, because photos are compressed already. No hook runs.
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

/** Matches messages of git about a damaged object. */
const DAMAGED = /is corrupt|inflate|unable to unpack|bad packed object/iu;

/** The error of a git command with an unexpected exit code or unexpected output. */
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

/**
 * The error for an object that is missing or could not be read in several attempts. Either the repository is damaged,
 * or git does not run.
 */
export class GitUnreadable extends Error {
  /** The name of the object that could not be read; undefined if the object is missing. */
  readonly object: string | undefined;

  constructor(message: string, { object, cause }: { object?: string; cause?: unknown } = {}) {
    super(message, { cause });
    this.object = object;
  }
}

/**
 * The refusal (503) after a git command that exceeded its time limit. The command may or may not have done its work.
 */
export class GitStalled extends Refusal {
  constructor() {
    super(503, '编辑台的存储没有回应，这一步没有做完。您写的还在这一页，请过一会儿再试；还不行就联系管理员。');
  }
}

export interface GitInput {
  /**
   * The standard input of git: bytes, or a function that opens a stream. The content of a stream is never in memory as
   * a whole.
   */
  input?: string | Uint8Array | (() => Readable);
  environment?: Readonly<Record<string, string>>;
  /** Opens a stream to which git's standard output is written. `stdout` of the result is then empty. */
  output?: () => Writable;
  /** Exit codes that do not count as failure. Default: only 0. */
  expected?: readonly number[];
  /** Aborting this signal stops git and the processes that git has started. */
  signal?: AbortSignal;
  /** Niceness of the process (nice(1)), from 0 to 19. */
  niceness?: number;
  /** Time limit of the command, in milliseconds. Default: the time limit of this instance. */
  timeout?: number;
}

export interface GitOutput {
  code: number;
  stdout: string;
  stderr: string;
}

/**
 * Runs git commands on one bare repository, without a work tree and without a shell. Git cannot mistake a text from a
 * user for an option, or a path for a pattern.
 */
export class Git {
  readonly folder: string;
  readonly #arguments: readonly string[];
  readonly #environment: Readonly<Record<string, string | undefined>>;
  readonly #processes = pLimit(MOST_PROCESSES);
  readonly #timeout: number;
  #reading: CatFile | undefined;

  /** @param timeout time limit of each command, in milliseconds. A command that exceeds it is stopped. */
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
   * Runs a git command and resolves to its output. Runs it again if it failed because another process had removed a
   * folder in which it was writing (`FOLDER_GONE`).
   * @throws GitError if the exit code is not one of `expected`; GitStalled if the command exceeded its time limit.
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
   * Resolves to the object with a name: an id, a ref, or `<commit>:<path>`. Resolves to undefined if there is no such
   * object. Usually a running process reads the object, so no process has to be started.
   * @throws GitUnreadable if the object cannot be read, GitStalled if git does not respond in time.
   */
  async read(name: string): Promise<GitObject | undefined> {
    return this.#ask('contents', name);
  }

  /**
   * Resolves to the id, type and size of the object with a name, or to undefined if there is no such object.
   * @throws GitUnreadable if the object cannot be read, GitStalled if git does not respond in time.
   */
  async resolve(name: string): Promise<Omit<GitObject, 'content'> | undefined> {
    return this.#ask('info', name);
  }

  /** Ends the long-running process that reads objects. */
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

  /** Requests an object from a new process, and ends that process afterwards. */
  async #askAlone(command: 'contents' | 'info', name: string): Promise<GitObject | undefined> {
    const reader = this.#reader();
    return reader.request(command, name).finally(() => reader.end());
  }

  /** Starts a git process that reads objects. */
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

/**
 * Stops a git process: asks it to end, so that it can remove its locks, and kills it after GRACE. Also closes the
 * process's output, which its child processes may still keep open.
 */
function end(child: ChildProcess): void {
  child.kill('SIGTERM');
  setTimeout(() => child.kill('SIGKILL'), GRACE).unref();
  child.stdout?.destroy();
  child.stderr?.destroy();
}

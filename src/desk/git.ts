import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setPriority } from 'node:os';
import type { Readable, Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import pLimit from 'p-limit';
import { CatFile, type GitObject } from './cat-file.ts';

/** How many git processes run at once: more only wait for the disk. */
const MOST_PROCESSES = 4;

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

/** git ended with another exit code than was expected. */
export class GitError extends Error {
  readonly stderr: string;

  constructor(command: string, stderr: string) {
    super(`git ${command}: ${stderr.trim().slice(0, 500)}`);
    this.stderr = stderr;
  }
}

export interface GitInput {
  /** What git reads; a stream is never held in memory whole. */
  input?: string | Uint8Array | Readable;
  environment?: Readonly<Record<string, string>>;
  /** Opens what gets git's answer, instead of who asks. */
  output?: () => Writable;
  /** Exit codes that are an answer, not a failure. */
  expected?: readonly number[];
  /** Ends it, and whatever it has started. */
  signal?: AbortSignal;
  /** How much it stands back, on the scale of nice(1), from 0 to 19. */
  niceness?: number;
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
  #reading: CatFile | undefined;

  constructor(folder: string) {
    this.folder = folder;
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

  /** Runs one command. Rejects with a GitError where its exit code is none of the expected (0). */
  async run(args: readonly string[], given: GitInput = {}): Promise<GitOutput> {
    return this.#processes(async () => this.#run(args, given));
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
    if (!this.#reading || this.#reading.ended) {
      const child = spawn('git', [...this.#arguments, 'cat-file', '--batch-command'], {
        env: this.#environment,
        stdio: ['pipe', 'pipe', 'ignore'],
        detached: true,
      });
      this.#reading = new CatFile(child);
    }
    return this.#reading.ask(command, name);
  }

  async #run(args: readonly string[], given: GitInput): Promise<GitOutput> {
    const { input, environment, output, expected = [0], signal, niceness = 0 } = given;
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
    if (typeof input === 'object' && 'pipe' in input) {
      input.once('error', () => child.kill());
      input.pipe(child.stdin);
    } else child.stdin.end(input);
    const [code]: unknown[] = await closed.finally(() => signal?.removeEventListener('abort', stop));
    await written;
    const stdout = Buffer.concat(out).toString();
    const stderr = Buffer.concat(err).toString();
    if (typeof code !== 'number' || !expected.includes(code)) throw new GitError(args.join(' '), stderr);
    return { code, stdout, stderr };
  }
}

import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { PROJECT_ROOT } from '../../render/compile/build-cache.ts';
import { CommandRefusal } from '../environment/settings.ts';

/** Printed by `npm start` when the site is complete; the group is its URL. */
const READY = /^网站：(http\S+?)\/?$/mu;
/** How long a desk may take to stop after SIGTERM, in milliseconds: a little more than start.ts allows itself. */
const STOPPING = 75_000;
/** Longest part of the output that is repeated if the desk does not start, in characters. */
const MOST_OUTPUT = 300;

/** A desk on a copy of the data, on a free port of this machine. */
export class ScratchDesk {
  readonly #child: ChildProcess;
  #output = '';

  private constructor(child: ChildProcess) {
    this.#child = child;
    // A drill that is stopped leaves no desk behind.
    process.once('exit', () => child.kill('SIGKILL'));
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => process.exit(1));
    for (const stream of [child.stdout, child.stderr]) {
      stream?.setEncoding('utf8').on('data', (text: string) => {
        this.#output += text;
      });
    }
  }

  /**
   * Starts a desk and waits until its site is complete. Resolves to the desk and the URL of the site.
   * @throws CommandRefusal if the desk ends before.
   */
  static async start(data: string, cache: string): Promise<{ desk: ScratchDesk; url: string }> {
    const { PATH, HOME, BASE_URL } = process.env;
    const child = spawn(process.execPath, [join(PROJECT_ROOT, 'src/commands/start.ts')], {
      env: {
        PATH,
        HOME,
        // The addresses in the pages are those of the live site. Nobody can reach the desk from elsewhere.
        ...(BASE_URL ? { BASE_URL } : {}),
        NODE_ENV: 'production',
        DATA_DIR: data,
        CACHE_DIR: cache,
        HOST: '127.0.0.1',
        PORT: '0',
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const desk = new ScratchDesk(child);
    return { desk, url: await desk.#ready() };
  }

  /** Resolves to the URL on which the desk listens, when its site is complete. */
  async #ready(): Promise<string> {
    const { promise, resolve, reject } = Promise.withResolvers<string>();
    const look = (): void => {
      const found = READY.exec(this.#output)?.[1];
      if (found !== undefined) resolve(found);
    };
    this.#child.stdout?.on('data', look);
    this.#child.once('close', () => {
      const end = this.#output.trim().slice(-MOST_OUTPUT).replaceAll('\n', ' ');
      reject(new CommandRefusal(`演练没有通过：用这份备份启动不了编辑台（${end}）。`));
    });
    this.#child.once('error', reject);
    return promise;
  }

  /** Ends the desk, by its process id. */
  async stop(): Promise<void> {
    const { exitCode, signalCode } = this.#child;
    if (exitCode !== null || signalCode !== null) return;
    const closed = once(this.#child, 'close');
    this.#child.kill('SIGTERM');
    const timer = setTimeout(() => this.#child.kill('SIGKILL'), STOPPING);
    await closed;
    clearTimeout(timer);
  }
}

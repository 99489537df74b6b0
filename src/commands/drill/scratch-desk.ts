import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { PROJECT_ROOT } from '../../render/compile/build-cache.ts';
import { CommandRefusal } from '../environment/settings.ts';

/** Matches the line that `npm start` prints when the site is complete. The group is the URL of the site. */
const READY = /^网站：(http\S+?)\/?$/mu;
/** Time in which a desk must stop after SIGTERM, in milliseconds. */
const STOPPING = 75_000;
/** How much of the end of the output is shown if the desk does not start, in characters. */
const MOST_OUTPUT = 300;

/** A desk on a copy of the data, in a child process that listens on a free port of the loopback address. */
export class ScratchDesk {
  readonly #child: ChildProcess;
  #output = '';

  private constructor(child: ChildProcess) {
    this.#child = child;
    // If the drill is stopped, the desk is stopped too.
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
   * @param origin the origin in the absolute URLs of the site; undefined: the URL of the desk
   * @throws CommandRefusal if the desk ends before its site is complete.
   */
  static async start(
    data: string,
    cache: string,
    origin: string | undefined,
  ): Promise<{ desk: ScratchDesk; url: string }> {
    const { PATH, HOME, TMPDIR } = process.env;
    const preload = new URL('./end-with-drill.ts', import.meta.url).href;
    const child = spawn(process.execPath, ['--import', preload, join(PROJECT_ROOT, 'src/commands/start.ts')], {
      env: {
        PATH,
        HOME,
        ...(origin === undefined ? {} : { BASE_URL: origin }),
        ...(TMPDIR ? { TMPDIR } : {}),
        NODE_ENV: 'production',
        DATA_DIR: data,
        CACHE_DIR: cache,
        HOST: '127.0.0.1',
        PORT: '0',
      },
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
    const desk = new ScratchDesk(child);
    return { desk, url: await desk.#ready() };
  }

  /** Resolves to the URL of the site when it is complete. */
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

  /** Stops the desk and waits until its process has ended. */
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

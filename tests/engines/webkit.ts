import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { fileURLToPath } from 'node:url';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import {
  DRIVER_TIMEOUT,
  DriverSilent,
  leaves,
  NOTE_VIOLATIONS,
  type Driver,
  type Engine,
  type Opening,
} from './driver.ts';
import { WebDriverSession } from './webdriver.ts';

const WINDOW = fileURLToPath(new URL('webkit-window.py', import.meta.url));

/** Resolves to a TCP port of this machine on which nothing listens. @throws Error if there is none. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('There is no free port.');
  return address.port;
}

/**
 * Kills a process that was started as `detached`, with the processes in its group. Resolves when the process has ended;
 * at once if it had already ended or was never started.
 */
async function end(child: ChildProcess): Promise<void> {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  const closed = once(child, 'close');
  process.kill(-child.pid, 'SIGKILL');
  await closed;
}

/**
 * Starts a virtual screen (Xvfb). Resolves to its process, and to its name for the environment variable DISPLAY, such
 * as `:99`.
 */
async function openScreen(): Promise<{ child: ChildProcess; display: string }> {
  const child = spawn('Xvfb', ['-displayfd', '3', '-screen', '0', '1600x1400x24', '-nolisten', 'tcp'], {
    stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
    detached: true,
  });
  const written = child.stdio[3];
  if (!written) throw new Error('Xvfb does not say where it is.');
  const [number] = await once(written, 'data');
  return { child, display: `:${String(number).trim()}` };
}

/** Waits until the driver at this origin is ready. @throws DriverSilent if that takes longer than DRIVER_TIMEOUT. */
async function listening(address: string): Promise<void> {
  const limit = AbortSignal.timeout(DRIVER_TIMEOUT);
  while (!limit.aborted) {
    const response = await fetch(`${address}/status`, { signal: limit }).catch(() => undefined);
    if (response?.ok) return;
    await pause(50);
  }
  throw new DriverSilent(`The driver at ${address} does not answer.`);
}

/**
 * Returns the fault that a line of output reports, or undefined if it reports none. The line is from webkit-window.py
 * or from WebKit; `origin`: origin of the site.
 */
function faultOf(line: string, origin: string): string | undefined {
  const [, status = '', answered = ''] = /^ANSWER (\d+) (.*)$/u.exec(line) ?? [];
  if (Number(status) >= 400) return `${status}: ${answered}`;
  const [, requested = ''] = /^REQUEST (.*)$/u.exec(line) ?? [];
  if (leaves(requested, origin)) return `request to ${requested}`;
  // The ANSWER lines already report error responses, with their URLs.
  if (/^CONSOLE NETWORK/u.test(line)) return undefined;
  return /^CONSOLE \S+ (?:ERROR|WARN)/u.test(line) ? line : undefined;
}

/** WebKitGTK, controlled by WebKitWebDriver, in the window of webkit-window.py on a virtual screen. */
export const webkit: Engine = {
  name: 'WebKit',
  typedDay: (day) => day,
  async open({ origin, width, height, before = '' }: Opening): Promise<Driver> {
    const home = await mkdtemp(join(tmpdir(), 'webkit-'));
    const script = join(home, 'before.js');
    await writeFile(script, NOTE_VIOLATIONS + before);
    const screen = await openScreen();
    const port = await freePort();
    const driver = spawn('WebKitWebDriver', [`--port=${port}`], {
      env: {
        PATH: process.env['PATH'],
        HOME: home,
        LANG: 'C.UTF-8',
        DISPLAY: screen.display,
        LIBGL_ALWAYS_SOFTWARE: '1',
        WEBKIT_DISABLE_DMABUF_RENDERER: '1',
        NO_AT_BRIDGE: '1',
        GSETTINGS_BACKEND: 'memory',
      },
      stdio: ['ignore', 'pipe', 'inherit'],
      detached: true,
    });
    const faults: string[] = [];
    let rest = '';
    driver.stdout.setEncoding('utf8').on('data', (text: string) => {
      const lines = (rest + text).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) faults.push(...[faultOf(line, origin) ?? []].flat());
    });
    const close = async (): Promise<void> => {
      await end(driver);
      await end(screen.child);
      await rm(home, { recursive: true, force: true });
    };
    try {
      const address = `http://127.0.0.1:${port}`;
      await listening(address);
      const session = await WebDriverSession.begin(address, {
        unhandledPromptBehavior: 'accept',
        'webkitgtk:browserOptions': {
          binary: '/usr/bin/python3',
          args: [WINDOW, String(width), String(height), script],
        },
      });
      return {
        faults,
        goTo: async (url) => session.goTo(url),
        click: async (selector) => session.click(selector),
        press: async (key) =>
          typeof key === 'string' ? session.press([key]) : session.press([key.control], ['Control']),
        type: async (text) => session.press([...text]),
        upload: async (selector, paths) => session.send(selector, paths.join('\n')),
        evaluate: async (expression) => session.evaluate(expression),
        screenshot: async () => session.screenshot(),
        close,
      };
    } catch (error) {
      await close();
      throw error;
    }
  },
};

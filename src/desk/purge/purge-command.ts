import { spawn } from 'node:child_process';

/** Most addresses that one run of the command gets. */
const BATCH = 500;
/** Longest time that one run may take, in milliseconds. */
const TIME_LIMIT = 60_000;
/** How much of the command's error output is kept for the message, in characters. */
const MOST_SAID = 300;

/**
 * Runs the command with some addresses on its standard input, one a line. No shell is involved: nothing in an address
 * can be taken for a command or an option.
 * @throws Error in Chinese if the command cannot be started, fails, or takes longer than the time limit.
 */
async function runOnce(words: readonly string[], urls: readonly string[], timeLimit: number): Promise<void> {
  const [program = '', ...args] = words;
  const running = Promise.withResolvers<void>();
  const child = spawn(program, args, { stdio: ['pipe', 'ignore', 'pipe'], shell: false });
  let said = '';
  let late = false;
  const timer = setTimeout(() => {
    late = true;
    child.kill('SIGKILL');
  }, timeLimit);
  child.stderr.setEncoding('utf8').on('data', (text: string) => (said = (said + text).slice(0, MOST_SAID)));
  child.on('error', (error) => running.reject(new Error(`启动不了（${error.message}）`)));
  // Not `close`: a process that the command has left behind may keep its output open.
  child.on('exit', (code, signal) => {
    if (code === 0) return running.resolve();
    const how = late ? `${timeLimit / 1000} 秒还没有做完` : `退出码 ${code ?? signal ?? ''}`;
    running.reject(new Error(said.trim() === '' ? how : `${how}：${said.trim()}`));
  });
  // The command may end without reading everything: then its exit code counts.
  child.stdin.on('error', () => undefined);
  child.stdin.end(`${urls.join('\n')}\n`);
  await running.promise.finally(() => {
    clearTimeout(timer);
    child.stderr.destroy();
  });
}

/** The command of PURGE_COMMAND, which removes addresses from caches elsewhere. */
export class PurgeCommand {
  readonly #words: readonly string[];
  readonly #timeLimit: number;

  /**
   * @param line the program and fixed arguments, separated by spaces. Quotes and other signs of a shell have no meaning.
   * @param timeLimit longest time that one run may take, in milliseconds.
   */
  constructor(line: string, timeLimit = TIME_LIMIT) {
    this.#words = line.trim().split(/\s+/u);
    this.#timeLimit = timeLimit;
  }

  /**
   * Runs the command, in several runs if there are many addresses.
   * @throws Error in Chinese that says why a run failed. Later runs are then left out.
   */
  async purge(urls: readonly string[]): Promise<void> {
    for (let from = 0; from < urls.length; from += BATCH) {
      await runOnce(this.#words, urls.slice(from, from + BATCH), this.#timeLimit);
    }
  }
}

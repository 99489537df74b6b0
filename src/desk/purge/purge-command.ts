import { spawn } from 'node:child_process';

/** Greatest number of URLs that one run of the command gets. */
const BATCH = 500;
/** Time limit of one run, in milliseconds. */
const TIME_LIMIT = 60_000;
/** Greatest length of the command's error output in the message, in characters. */
const MOST_SAID = 300;

/**
 * Runs the command with some URLs on its standard input, one a line. No shell is involved, so nothing in a URL can become
 * a command or an option.
 * @throws Error in Chinese if the command cannot be started, fails, or takes longer than the time limit.
 */
async function runOnce(words: readonly string[], urls: readonly string[], timeLimit: number): Promise<void> {
  const [program = '', ...args] = words;
  const running = Promise.withResolvers<undefined>();
  const child = spawn(program, args, { stdio: ['pipe', 'ignore', 'pipe'], shell: false });
  let said = '';
  let late = false;
  const timer = setTimeout(() => {
    late = true;
    child.kill('SIGKILL');
  }, timeLimit);
  child.stderr.setEncoding('utf8').on('data', (text: string) => (said = (said + text).slice(0, MOST_SAID)));
  child.on('error', (error) => running.reject(new Error(`启动不了（${error.message}）`)));
  // Not `close`: a background process of the command may keep the output open.
  child.on('exit', (code, signal) => {
    if (code === 0) return running.resolve(undefined);
    const how = late ? `${timeLimit / 1000} 秒还没有做完` : `退出码 ${code ?? signal ?? ''}`;
    running.reject(new Error(said.trim() === '' ? how : `${how}：${said.trim()}`));
  });
  // Writing fails if the command ends before it has read everything. Its exit code then decides.
  child.stdin.on('error', () => undefined);
  child.stdin.end(`${urls.join('\n')}\n`);
  await running.promise.finally(() => {
    clearTimeout(timer);
    child.stderr.destroy();
  });
}

/** The command of PURGE_COMMAND, which removes URLs from caches elsewhere. */
export class PurgeCommand {
  readonly #words: readonly string[];
  readonly #timeLimit: number;

  /**
   * @param line the program and fixed arguments, separated by spaces. Quotes and other characters of shells have no
   * meaning.
   * @param timeLimit time limit of one run, in milliseconds.
   */
  constructor(line: string, timeLimit = TIME_LIMIT) {
    this.#words = line.trim().split(/\s+/u);
    this.#timeLimit = timeLimit;
  }

  /**
   * Runs the command, several times if there are many URLs.
   * @throws Error in Chinese that says why a run failed. There are no further runs then.
   */
  async purge(urls: readonly string[]): Promise<void> {
    for (let from = 0; from < urls.length; from += BATCH) {
      await runOnce(this.#words, urls.slice(from, from + BATCH), this.#timeLimit);
    }
  }
}

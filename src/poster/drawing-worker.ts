import { fork, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { drawingResult, type Drawn, type DrawingJob } from './drawing-job.ts';

const PROGRAM = fileURLToPath(new URL('./drawing-process.ts', import.meta.url));
/**
 * Time limit for drawing a poster, in milliseconds, after which the process is killed. Drawing usually takes one or two
 * seconds.
 */
const TIME_LIMIT = 120_000;

/** A worker that draws posters in a separate process of low priority. The process starts with the first poster. */
export class DrawingWorker {
  #process: ChildProcess | undefined;

  /**
   * Draws one poster. Do not call it again before the promise settles. Rejects if drawing fails, exceeds the time
   * limit, or the process exits. Rejects with the signal's reason if the signal aborts; this kills the process.
   */
  async draw(job: DrawingJob, signal?: AbortSignal): Promise<Drawn> {
    signal?.throwIfAborted();
    const drawing = (this.#process ??= this.#start());
    const { promise, resolve, reject } = Promise.withResolvers<unknown>();
    const onExit = (code: number | null, how: NodeJS.Signals | null): void =>
      reject(signal?.aborted ? signal.reason : new Error(`画海报的进程意外结束（${how ?? `exit code ${code}`}）。`));
    const end = (): void => void drawing.kill('SIGKILL');
    const deadline = setTimeout(end, TIME_LIMIT);
    drawing.once('message', resolve).once('exit', onExit).once('error', reject);
    signal?.addEventListener('abort', end);
    try {
      // An error of sending means that the process is exiting: the listener for `exit` then rejects.
      drawing.send(job, () => undefined);
      const result = drawingResult.parse(await promise);
      if ('failed' in result) throw new Error(result.failed);
      return result;
    } finally {
      clearTimeout(deadline);
      signal?.removeEventListener('abort', end);
      drawing.off('message', resolve).off('exit', onExit).off('error', reject);
    }
  }

  /** Kills the process if it runs. */
  close(): void {
    this.#process?.kill('SIGKILL');
    this.#process = undefined;
  }

  #start(): ChildProcess {
    // The advanced serialization sends bytes without converting them to JSON. `execArgv` is empty, so that the process
    // does not inherit the arguments of this process, for example those of a test runner.
    const started = fork(PROGRAM, {
      execArgv: [],
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    });
    const forget = (): void => {
      if (this.#process === started) this.#process = undefined;
    };
    return started.once('exit', forget).on('error', forget);
  }
}

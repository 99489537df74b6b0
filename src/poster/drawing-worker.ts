import { fork, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { drawingResult, type Drawn, type DrawingJob } from './drawing-job.ts';

const PROGRAM = fileURLToPath(new URL('./drawing-process.ts', import.meta.url));
/** After how many milliseconds without a result the process is ended: a poster takes a second or two. */
const TIME_LIMIT = 120_000;

/** Draws posters in a separate process of low priority, which starts with the first poster. */
export class DrawingWorker {
  #process: ChildProcess | undefined;

  /**
   * Draws one poster; call it again only after it has settled. Rejects if drawing fails, if the process ends, and at
   * once if `signal` aborts.
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
      // A failure to send means that the process is ending, which is noticed anyway.
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

  /** Ends the process. */
  close(): void {
    this.#process?.kill('SIGKILL');
    this.#process = undefined;
  }

  #start(): ChildProcess {
    // Bytes are sent as they are, not as JSON. The process does not inherit the arguments of this one, above all those
    // of a test runner.
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

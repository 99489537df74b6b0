import { fork, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { drawingResult, type Drawn, type DrawingJob } from './drawing-job.ts';

const PROGRAM = fileURLToPath(new URL('./drawing-process.ts', import.meta.url));
/** After so many milliseconds without an answer the process is ended: a poster takes a second or two. */
const PATIENCE = 120_000;

/** Where posters are drawn: a process of its own, started with the first, that lets everything else go first. */
export class DrawingWorker {
  #process: ChildProcess | undefined;

  /** Draws one poster; one at a time. Rejects where that fails, the process ends, or the signal says so, at once. */
  async draw(order: DrawingJob, signal?: AbortSignal): Promise<Drawn> {
    signal?.throwIfAborted();
    const drawing = (this.#process ??= this.#begin());
    const { promise, resolve, reject } = Promise.withResolvers<unknown>();
    const onExit = (code: number | null, how: NodeJS.Signals | null): void =>
      reject(signal?.aborted ? signal.reason : new Error(`画海报的进程意外结束（${how ?? `exit code ${code}`}）。`));
    const end = (): void => void drawing.kill('SIGKILL');
    const deadline = setTimeout(end, PATIENCE);
    drawing.once('message', resolve).once('exit', onExit).once('error', reject);
    signal?.addEventListener('abort', end);
    try {
      // Where it cannot be sent the process is ending: that is heard of in any case.
      drawing.send(order, () => undefined);
      const said = drawingResult.parse(await promise);
      if ('failed' in said) throw new Error(said.failed);
      return said;
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

  #begin(): ChildProcess {
    // Bytes go as they are, not as JSON. The arguments of this process, a test runner's above all, are not for it.
    const begun = fork(PROGRAM, {
      execArgv: [],
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    });
    const forget = (): void => {
      if (this.#process === begun) this.#process = undefined;
    };
    return begun.once('exit', forget).on('error', forget);
  }
}

import { readFileSync } from 'node:fs';

/** How often it is looked, in milliseconds: only a process that lives shorter than this can be missed. */
const INTERVAL = 20;

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

/** A process and all that it has started (Linux, proc_pid_children(5)). */
function family(pid: number): number[] {
  const children = read(`/proc/${pid}/task/${pid}/children`).split(' ').filter(Boolean).map(Number);
  return [pid, ...children.flatMap(family)];
}

/** Bytes of memory that a process has held at most so far (proc_pid_status(5)). */
function highest(pid: number): number {
  return Number(/^VmHWM:\s*(\d+) kB$/mu.exec(read(`/proc/${pid}/status`))?.[1] ?? 0) * 1024;
}

/**
 * The memory of a process with all that it starts: the most that those have held, each, which live at one time. So no
 * peak is missed; where theirs are at different times it is less than said.
 */
export class PeakMemory {
  readonly #timer: ReturnType<typeof setInterval>;
  #most = 0;

  constructor(pid: number) {
    const look = (): void => {
      const now = family(pid).reduce((sum, one) => sum + highest(one), 0);
      this.#most = Math.max(this.#most, now);
    };
    look();
    this.#timer = setInterval(look, INTERVAL);
  }

  /** Looks no more. Answers bytes; undefined where the system tells nothing, which is everywhere but on Linux. */
  end(): number | undefined {
    clearInterval(this.#timer);
    return this.#most > 0 ? this.#most : undefined;
  }
}

import { readFileSync } from 'node:fs';

/** Interval between two samples, in milliseconds: only a process that runs for a shorter time can be missed. */
const INTERVAL = 20;
/** Ticks of CPU time per second: the same for all programs on Linux (time(7), USER_HZ). */
const TICKS = 100;

/** Returns the text of a file; empty if it cannot be read, for example because the process has exited. */
function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

/** Returns the ids of a process and of its running descendants (Linux, proc_pid_children(5)). */
function family(pid: number): number[] {
  const children = read(`/proc/${pid}/task/${pid}/children`).split(' ').filter(Boolean).map(Number);
  return [pid, ...children.flatMap(family)];
}

/** Returns the peak memory (RSS) of a process in bytes (proc_pid_status(5)); 0 if it cannot be read. */
export function highest(pid: number): number {
  return Number(/^VmHWM:\s*(\d+) kB$/mu.exec(read(`/proc/${pid}/status`))?.[1] ?? 0) * 1024;
}

/** Returns the CPU time of a process and its exited children, in seconds (proc_pid_stat(5), fields 14 to 17). */
function processorSeconds(pid: number): number {
  const stat = read(`/proc/${pid}/stat`);
  // Fields are counted after the last parenthesis, because the name in parentheses may contain spaces.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return fields.slice(11, 15).reduce((sum, ticks) => sum + Number(ticks), 0) / TICKS;
}

/** Resources that processes have used. */
export interface Taken {
  /**
   * Sum of the peak memory of all processes, in bytes: an upper bound, because they may peak at different times. Short
   * peaks are included.
   */
  memory: number;
  /** CPU time in seconds. */
  processorSeconds: number;
}

/** Measures the resources that a process and its descendants use, from the construction to `end`. */
export class Footprint {
  readonly #pid: number;
  readonly #timer: ReturnType<typeof setInterval>;
  readonly #secondsBefore: number;
  #memory = 0;

  constructor(pid: number) {
    this.#pid = pid;
    this.#secondsBefore = this.#seconds();
    this.#look();
    this.#timer = setInterval(() => this.#look(), INTERVAL);
  }

  /**
   * Stops the measurement.
   * @returns undefined if the system has no /proc, that is, on any system but Linux.
   */
  end(): Taken | undefined {
    clearInterval(this.#timer);
    if (this.#memory === 0) return undefined;
    return { memory: this.#memory, processorSeconds: this.#seconds() - this.#secondsBefore };
  }

  #look(): void {
    const now = family(this.#pid).reduce((sum, one) => sum + highest(one), 0);
    this.#memory = Math.max(this.#memory, now);
  }

  #seconds(): number {
    return family(this.#pid).reduce((sum, one) => sum + processorSeconds(one), 0);
  }
}

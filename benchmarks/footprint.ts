import { readFileSync } from 'node:fs';

/** How often it is looked, in milliseconds: only a process that lives shorter than this can be missed. */
const INTERVAL = 20;
/** Of processor time, in a second: the same for programs on every Linux (time(7), USER_HZ). */
const TICKS = 100;

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

/** A process and all that it has started and that still run (Linux, proc_pid_children(5)). */
function family(pid: number): number[] {
  const children = read(`/proc/${pid}/task/${pid}/children`).split(' ').filter(Boolean).map(Number);
  return [pid, ...children.flatMap(family)];
}

/** Bytes of memory that a process has held at most so far (proc_pid_status(5)). */
export function highest(pid: number): number {
  return Number(/^VmHWM:\s*(\d+) kB$/mu.exec(read(`/proc/${pid}/status`))?.[1] ?? 0) * 1024;
}

/** Processor seconds of a process and of those that it started and that have ended (proc_pid_stat(5), 14 to 17). */
function processorSeconds(pid: number): number {
  const stat = read(`/proc/${pid}/stat`);
  // The name, in parentheses, may have spaces in it.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return fields.slice(11, 15).reduce((sum, ticks) => sum + Number(ticks), 0) / TICKS;
}

/** What some work took of the machine. */
export interface Taken {
  /** Bytes. Not missed, however short; where the processes' peaks are at different times it is less than said. */
  memory: number;
  processorSeconds: number;
}

/** Watches a process with all that it starts. */
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

  /** Looks no more. Undefined where the system tells nothing, which is everywhere but on Linux. */
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

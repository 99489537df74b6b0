// Processor time and memory of a process and of all that it has started (proc(5)).
import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';

/** Clock ticks per second in /proc; Linux shows 100 on every architecture that Node supports. */
const TICKS = 100;

interface ProcessTimes {
  parent: number;
  /** Processor time of the process and of those of its children that have ended, in seconds. */
  seconds: number;
}

/** Returns the times of all processes that can be read, by process id. */
function processes(): Map<number, ProcessTimes> {
  const found = new Map<number, ProcessTimes>();
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/u.test(name)) continue;
    try {
      const stat = readFileSync(`/proc/${name}/stat`, 'utf8');
      // The name of the program is in brackets and may contain anything.
      const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
      const ticks = fields.slice(11, 15).reduce((sum, field) => sum + Number(field), 0);
      found.set(Number(name), { parent: Number(fields[1]), seconds: ticks / TICKS });
    } catch {
      // The process has ended.
    }
  }
  return found;
}

/** Returns the processor time of a process and of all its descendants so far, in seconds. */
export function treeSeconds(root: number): number {
  const all = processes();
  const within = (id: number): boolean => {
    for (let at: number | undefined = id; at !== undefined && at > 0; at = all.get(at)?.parent) {
      if (at === root) return true;
    }
    return false;
  };
  return [...all].reduce((sum, [id, { seconds }]) => (within(id) ? sum + seconds : sum), 0);
}

/** Returns the memory of one process that is in RAM, in bytes. */
export function residentBytes(id: number): number {
  const [, kilobytes = '0'] = /^VmRSS:\s+(\d+) kB$/mu.exec(readFileSync(`/proc/${id}/status`, 'utf8')) ?? [];
  return Number(kilobytes) * 1024;
}

/** Waits until a process and its descendants have used less than 2 % of a processor for three seconds. */
export async function untilIdle(root: number): Promise<void> {
  for (;;) {
    const before = treeSeconds(root);
    await pause(3000);
    if (treeSeconds(root) - before < 0.06) return;
  }
}

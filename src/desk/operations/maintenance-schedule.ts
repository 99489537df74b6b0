import type { DatabaseSync } from 'node:sqlite';
import { hourInChina } from '../domain/china-time.ts';
import type { DeskClock } from '../storage/desk-clock.ts';
import { RecordedTimes } from '../storage/recorded-times.ts';
import type { MaintenanceResult, Maintenance, Thoroughness } from './maintenance.ts';

const HOUR = 3_600_000;
/** How often the schedule checks what is due, in milliseconds. */
const CHECK_EVERY = HOUR / 6;
/** Least time between two nightly runs of a kind, in milliseconds; deleting in two steps needs hours (Maintenance). */
const APART: Readonly<Record<Thoroughness, number>> = { light: 20 * HOUR, thorough: 6 * 24 * HOUR };
/** After this time a run is due at any hour, for desks that are never on at night; in milliseconds. */
const OVERDUE: Readonly<Record<Thoroughness, number>> = { light: 4 * 24 * HOUR, thorough: 30 * 24 * HOUR };
/** Hours of the night, China time. */
const NIGHT = { from: 3, to: 5 };
/** With this many loose objects a repository is slow: then a run is due at any hour. */
const MOST_LOOSE = 4000;
/** Least time between runs because of loose objects, in milliseconds. */
const LEAST_APART = HOUR;

/** The time by the desk's own clock (DeskClock). */
export interface Times {
  /** Decides what is due, in milliseconds since 1970. */
  passed: number;
  /** Decides what is old enough to be deleted. */
  old: Date;
}

/** Returns the times of a clock that is right. */
const timesOf = (now: Date): Times => ({ passed: now.getTime(), old: now });

/** Functions that receive the result of a run or its error. */
export interface MaintenanceListeners {
  onDone(maintained: MaintenanceResult, milliseconds: number): void;
  onTrouble(error: unknown): void;
}

/** Runs maintenance when it is due: one run at a time, at night in China, and never while the desk is closing. */
export class MaintenanceSchedule {
  readonly #maintenance: Maintenance;
  readonly #times: RecordedTimes;
  readonly #listeners: MaintenanceListeners;
  readonly #closing = new AbortController();
  #running: Promise<void> | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(maintenance: Maintenance, database: DatabaseSync, listeners: MaintenanceListeners) {
    this.#maintenance = maintenance;
    this.#times = new RecordedTimes(database);
    this.#listeners = listeners;
  }

  /** Starts to check every ten minutes what is due, and to record the time of the clock. */
  start(clock: DeskClock): void {
    const check = (): void => {
      try {
        clock.record();
        void this.runIfDue(new Date(), { passed: clock.passed(), old: clock.now() });
      } catch (error) {
        this.#listeners.onTrouble(error);
      }
    };
    this.#timer = setInterval(check, CHECK_EVERY).unref();
  }

  /** Returns the kind of maintenance that is due, or undefined. */
  async due(now: Date, { passed }: Times = timesOf(now)): Promise<Thoroughness | undefined> {
    const hour = hourInChina(now);
    const night = hour >= NIGHT.from && hour < NIGHT.to;
    const age = (kind: Thoroughness): number => {
      const since = passed - this.#last(kind, passed);
      // Recorded by a clock that was ahead: the real time is unknown, so the run counts as due.
      return since < 0 ? Infinity : since;
    };
    const isDue = (kind: Thoroughness): boolean => age(kind) >= (night ? APART : OVERDUE)[kind];
    if (isDue('thorough')) return 'thorough';
    if (isDue('light')) return 'light';
    if (age('light') < LEAST_APART) return undefined;
    return (await this.#maintenance.storage()).loose >= MOST_LOOSE ? 'light' : undefined;
  }

  /** Runs what is due. Resolves when it is done or has failed; the listeners receive the result or the error. */
  async runIfDue(now: Date, times: Times = timesOf(now)): Promise<void> {
    this.#running ??= this.#runDue(now, times).finally(() => (this.#running = undefined));
    return this.#running;
  }

  /** Stops the current run and starts no other. */
  async close(): Promise<void> {
    clearInterval(this.#timer);
    this.#closing.abort();
    await this.#running;
  }

  async #runDue(now: Date, times: Times): Promise<void> {
    const { signal } = this.#closing;
    try {
      const kind = signal.aborted ? undefined : await this.due(now, times);
      if (kind === undefined) return;
      const start = performance.now();
      // Recorded before the run: one that fails is tried again the next night, not at once.
      this.#times.write('light', times.passed);
      if (kind === 'thorough') this.#times.write('thorough', times.passed);
      const maintained = await this.#maintenance.run(kind, times.old, signal);
      this.#listeners.onDone(maintained, performance.now() - start);
    } catch (error) {
      if (!signal.aborted) this.#listeners.onTrouble(error);
    }
  }

  /** Returns when maintenance of a kind last started, in milliseconds since 1970; the first call of all records now. */
  #last(kind: Thoroughness, passed: number): number {
    const last = this.#times.read(kind);
    if (last === undefined) this.#times.write(kind, passed);
    return last ?? passed;
  }
}

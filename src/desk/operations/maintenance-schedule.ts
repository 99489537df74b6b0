import type { DatabaseSync } from 'node:sqlite';
import { hourInChina } from '../domain/china-time.ts';
import type { DeskClock } from '../storage/desk-clock.ts';
import { RecordedTimes } from '../storage/recorded-times.ts';
import type { MaintenanceResult, Maintenance, Thoroughness } from './maintenance.ts';

const HOUR = 3_600_000;
/** How often the schedule checks whether maintenance is due, in milliseconds. */
const CHECK_EVERY = HOUR / 6;
/**
 * Least time between the starts of two nightly runs of the same kind, in milliseconds. It must be hours: maintenance
 * deletes an object in two runs, and no write may last from one run to the next (Maintenance).
 */
const APART: Readonly<Record<Thoroughness, number>> = { light: 20 * HOUR, thorough: 6 * 24 * HOUR };
/**
 * Time since the last run of a kind after which the next one is due at any hour, in milliseconds. Some servers are
 * never switched on at night.
 */
const OVERDUE: Readonly<Record<Thoroughness, number>> = { light: 4 * 24 * HOUR, thorough: 30 * 24 * HOUR };
/** The hours of the night in China: from 3:00 until before 5:00. */
const NIGHT = { from: 3, to: 5 };
/** Number of loose git objects from which light maintenance is due at any hour: so many make the repository slow. */
const MOST_LOOSE = 4000;
/** Least time between a run and the next one that is due because of loose objects, in milliseconds. */
const LEAST_APART = HOUR;

/** The current time by the desk's clock (DeskClock). */
export interface Times {
  /** Time for deciding what is due, in milliseconds since 1970; it never goes back. */
  passed: number;
  /** Time for deciding what is old enough to be deleted. */
  old: Date;
}

/** Returns the times of a DeskClock that agrees with the wall clock. */
const timesOf = (now: Date): Times => ({ passed: now.getTime(), old: now });

/** Functions that receive the outcome of a run: its result and its duration in milliseconds, or its error. */
export interface MaintenanceListeners {
  onDone(maintained: MaintenanceResult, milliseconds: number): void;
  onTrouble(error: unknown): void;
}

/**
 * Runs maintenance when it is due, usually at night in China. At most one run is active; none starts once the desk
 * closes.
 */
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

  /** Starts a timer: every ten minutes it records the time of the clock and runs the maintenance that is due. */
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

  /** Resolves to the kind of maintenance that is due, or to undefined if no maintenance is due. */
  async due(now: Date, { passed }: Times = timesOf(now)): Promise<Thoroughness | undefined> {
    const hour = hourInChina(now);
    const night = hour >= NIGHT.from && hour < NIGHT.to;
    const age = (kind: Thoroughness): number => {
      const since = passed - this.#last(kind, passed);
      // A start in the future was recorded while the clock was ahead. Its real time is unknown, so the run counts as
      // due.
      return since < 0 ? Infinity : since;
    };
    const isDue = (kind: Thoroughness): boolean => age(kind) >= (night ? APART : OVERDUE)[kind];
    if (isDue('thorough')) return 'thorough';
    if (isDue('light')) return 'light';
    if (age('light') < LEAST_APART) return undefined;
    return (await this.#maintenance.storage()).loose >= MOST_LOOSE ? 'light' : undefined;
  }

  /**
   * Runs the maintenance that is due. Resolves when the run is done or has failed, or at once if nothing is due; never
   * rejects. The listeners receive the result or the error.
   */
  async runIfDue(now: Date, times: Times = timesOf(now)): Promise<void> {
    this.#running ??= this.#runDue(now, times).finally(() => (this.#running = undefined));
    return this.#running;
  }

  /** Stops the current run and prevents further ones. Resolves when the current run has stopped. */
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
      // The start is recorded before the run, so that a run that fails is tried again the next night and not at once.
      this.#times.write('light', times.passed);
      if (kind === 'thorough') this.#times.write('thorough', times.passed);
      const maintained = await this.#maintenance.run(kind, times.old, signal);
      this.#listeners.onDone(maintained, performance.now() - start);
    } catch (error) {
      if (!signal.aborted) this.#listeners.onTrouble(error);
    }
  }

  /**
   * Returns when maintenance of a kind last started, in milliseconds since 1970. If no start is recorded yet, records
   * and returns `passed`.
   */
  #last(kind: Thoroughness, passed: number): number {
    const last = this.#times.read(kind);
    if (last === undefined) this.#times.write(kind, passed);
    return last ?? passed;
  }
}

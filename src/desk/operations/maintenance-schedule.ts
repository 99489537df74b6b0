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
/** Time between two checks of the originals, at night and at any hour, in milliseconds. */
const CHECK_APART = 30 * 24 * HOUR;
const CHECK_OVERDUE = 45 * 24 * HOUR;
/** How often the progress of such a check is recorded, in milliseconds. Each record is flushed to the disk. */
const RECORD_EVERY = 10_000;
/** Names of recorded times: when the last check was started, and how far the current one is (`placeOf`). */
const CHECK = 'originals check';
const PLACE = 'originals checked to';
/** The place of a check that is complete. */
const DONE = -1;
/** Number of hexadecimal digits of a hash that fit into a number that SQLite and JavaScript represent exactly. */
const PLACE_DIGITS = 12;
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

function isNight(now: Date): boolean {
  const hour = hourInChina(now);
  return hour >= NIGHT.from && hour < NIGHT.to;
}

/** Returns the times of a DeskClock that agrees with the wall clock. */
const timesOf = (now: Date): Times => ({ passed: now.getTime(), old: now });

/** Returns the place of a hash, from which a check can continue: its first 12 digits as a number. */
const placeOf = (hash: string): number => parseInt(hash.slice(0, PLACE_DIGITS), 16);
/** Returns the last hash at a place. */
const lastAt = (place: number): string => place.toString(16).padStart(PLACE_DIGITS, '0').padEnd(64, 'f');

/** Work that reads all originals, in ascending order of their hashes: OriginalsCheck. */
export interface OriginalsWork {
  run(options: {
    after?: string | undefined;
    signal: AbortSignal;
    onChecked: (hash: string, left: number) => void;
  }): Promise<{ read: number; found: number }>;
}

/** Functions that receive the outcome of a run: its result and its duration in milliseconds, or its error. */
export interface MaintenanceListeners {
  onDone(maintained: MaintenanceResult, milliseconds: number): void;
  onTrouble(error: unknown): void;
  /** Receives the numbers of originals that were read and that are new as damaged. */
  onChecked?(checked: { read: number; found: number }, milliseconds: number): Promise<void> | void;
}

/**
 * Runs maintenance when it is due, usually at night in China, and checks the originals once a month. Such a check may
 * take days and continues after a restart. At most one run is active; none starts once the desk closes.
 */
export class MaintenanceSchedule {
  readonly #maintenance: Maintenance;
  readonly #times: RecordedTimes;
  readonly #listeners: MaintenanceListeners;
  readonly #closing = new AbortController();
  readonly #check: OriginalsWork | undefined;
  #running: Promise<void> | undefined;
  #checking: Promise<void> | undefined;
  #timer: NodeJS.Timeout | undefined;

  /** `check` undefined: originals are not checked. */
  constructor(
    maintenance: Maintenance,
    database: DatabaseSync,
    listeners: MaintenanceListeners,
    check?: OriginalsWork,
  ) {
    this.#check = check;
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
        void this.checkIfDue(new Date(), { passed: clock.passed(), old: clock.now() });
      } catch (error) {
        this.#listeners.onTrouble(error);
      }
    };
    this.#timer = setInterval(check, CHECK_EVERY).unref();
  }

  /** Resolves to the kind of maintenance that is due, or to undefined if no maintenance is due. */
  async due(now: Date, { passed }: Times = timesOf(now)): Promise<Thoroughness | undefined> {
    const night = isNight(now);
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

  /** Makes a check of all originals due at once. */
  requestCheck(): void {
    this.#times.write(PLACE, 0);
  }

  /**
   * Checks the originals if that is due, or continues a check that an earlier process has begun. Resolves when it is
   * complete, has failed or was stopped; the listeners receive the result or the error.
   */
  async checkIfDue(now: Date, times: Times = timesOf(now)): Promise<void> {
    this.#checking ??= this.#checkDue(now, times).finally(() => (this.#checking = undefined));
    return this.#checking;
  }

  /** Stops the current run and prevents further ones. Resolves when the current run has stopped. */
  async close(): Promise<void> {
    clearInterval(this.#timer);
    this.#closing.abort();
    await this.#running;
    await this.#checking;
  }

  async #checkDue(now: Date, { passed }: Times): Promise<void> {
    const { signal } = this.#closing;
    if (!this.#check || signal.aborted) return;
    try {
      const place = this.#times.read(PLACE) ?? DONE;
      const age = passed - this.#last(CHECK, passed);
      const isDue = age < 0 || age >= (isNight(now) ? CHECK_APART : CHECK_OVERDUE);
      if (place === DONE && !isDue) return;
      if (place === DONE) this.#times.write(CHECK, passed);
      const start = performance.now();
      let recorded = start;
      const checked = await this.#check.run({
        after: place > 0 ? lastAt(place) : undefined,
        signal,
        onChecked: (hash) => {
          if (performance.now() - recorded < RECORD_EVERY) return;
          recorded = performance.now();
          this.#times.write(PLACE, placeOf(hash));
        },
      });
      if (signal.aborted) return;
      this.#times.write(PLACE, DONE);
      await this.#listeners.onChecked?.(checked, performance.now() - start);
    } catch (error) {
      if (!signal.aborted) this.#listeners.onTrouble(error);
    }
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
   * Returns when maintenance of a kind, or a check, last started, in milliseconds since 1970. If no start is recorded
   * yet, records and returns `passed`.
   */
  #last(kind: Thoroughness | typeof CHECK, passed: number): number {
    const last = this.#times.read(kind);
    if (last === undefined) this.#times.write(kind, passed);
    return last ?? passed;
  }
}

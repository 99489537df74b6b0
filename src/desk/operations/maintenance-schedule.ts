import type { DatabaseSync } from 'node:sqlite';
import { z } from 'zod';
import { hourInChina } from '../domain/china-time.ts';
import type { DeskClock } from '../storage/desk-clock.ts';
import type { MaintenanceResult, Maintenance, Thoroughness } from './maintenance.ts';

const HOUR = 3_600_000;
/** How often it is asked what is due. */
const LOOK = HOUR / 6;
/** Between two runs of a kind, in milliseconds; the two steps of clearing away must lie hours apart (Maintenance). */
const APART: Readonly<Record<Thoroughness, number>> = { light: 20 * HOUR, thorough: 6 * 24 * HOUR };
/** A desk that never runs at night is kept up by day, once so much time has passed. */
const OVERDUE: Readonly<Record<Thoroughness, number>> = { light: 4 * 24 * HOUR, thorough: 30 * 24 * HOUR };
/** The hours of the night in China. */
const NIGHT = { from: 3, to: 5 };
/** So many loose objects make a repository slow: then it is not waited for the night. */
const MOST_LOOSE = 4000;
/** Not even many loose objects start it more often than this, in milliseconds. */
const LEAST_APART = HOUR;

const record = z.object({ done: z.number() });

/** What the time is, by the desk's own clock: see DeskClock. */
export interface Times {
  /** By which it is decided what is due, in milliseconds since 1970. */
  passed: number;
  /** By which something is old. */
  old: Date;
}

/** For a clock that is right. */
const timesOf = (now: Date): Times => ({ passed: now.getTime(), old: now });

export interface MaintenanceListeners {
  onDone(maintained: MaintenanceResult, milliseconds: number): void;
  onTrouble(error: unknown): void;
}

/** Does maintenance when it is due: one run at a time, at night in China, and never while the desk is closing. */
export class MaintenanceSchedule {
  readonly #maintenance: Maintenance;
  readonly #database: DatabaseSync;
  readonly #hearers: MaintenanceListeners;
  readonly #closing = new AbortController();
  #underWay: Promise<void> | undefined;
  #looking: NodeJS.Timeout | undefined;

  constructor(maintenance: Maintenance, database: DatabaseSync, hearers: MaintenanceListeners) {
    this.#maintenance = maintenance;
    this.#database = database;
    this.#hearers = hearers;
  }

  /** Begins to look now and then whether anything is due. */
  begin(clock: DeskClock): void {
    const look = (): void => {
      try {
        clock.keep();
        void this.look(new Date(), { passed: clock.passed(), old: clock.now() });
      } catch (error) {
        this.#hearers.onTrouble(error);
      }
    };
    this.#looking = setInterval(look, LOOK).unref();
  }

  /** What is due at a moment; undefined: nothing. */
  async due(now: Date, { passed }: Times = timesOf(now)): Promise<Thoroughness | undefined> {
    const hour = hourInChina(now);
    const night = hour >= NIGHT.from && hour < NIGHT.to;
    const age = (kind: Thoroughness): number => {
      const since = passed - this.#last(kind, passed);
      // Noted by a clock that was ahead: it is not known when it was, and maintenance does not stop because of that.
      return since < 0 ? Infinity : since;
    };
    const isDue = (kind: Thoroughness): boolean => age(kind) >= (night ? APART : OVERDUE)[kind];
    if (isDue('thorough')) return 'thorough';
    if (isDue('light')) return 'light';
    if (age('light') < LEAST_APART) return undefined;
    return (await this.#maintenance.storage()).loose >= MOST_LOOSE ? 'light' : undefined;
  }

  /** Does what is due; resolves when it is done, or has failed, which the hearers are told. */
  async look(now: Date, times: Times = timesOf(now)): Promise<void> {
    this.#underWay ??= this.#look(now, times).finally(() => (this.#underWay = undefined));
    return this.#underWay;
  }

  /** Stops what is under way and begins nothing more. */
  async close(): Promise<void> {
    clearInterval(this.#looking);
    this.#closing.abort();
    await this.#underWay;
  }

  async #look(now: Date, times: Times): Promise<void> {
    const { signal } = this.#closing;
    try {
      const kind = signal.aborted ? undefined : await this.due(now, times);
      if (kind === undefined) return;
      const start = performance.now();
      // Noted before it begins: what fails is tried again the next night, not at once.
      this.#note('light', times.passed);
      if (kind === 'thorough') this.#note('thorough', times.passed);
      const maintained = await this.#maintenance.run(kind, times.old, signal);
      this.#hearers.onDone(maintained, performance.now() - start);
    } catch (error) {
      if (!signal.aborted) this.#hearers.onTrouble(error);
    }
  }

  /** When maintenance of a kind last began, in milliseconds since 1970; where it never did, from now on it is waited for. */
  #last(kind: Thoroughness, passed: number): number {
    const found = this.#database.prepare('SELECT done FROM upkeep WHERE what = ?').get(kind);
    if (found) return record.parse(found).done;
    this.#note(kind, passed);
    return passed;
  }

  #note(kind: Thoroughness, passed: number): void {
    this.#database.prepare('INSERT OR REPLACE INTO upkeep VALUES (?, ?)').run(kind, Math.floor(passed));
  }
}

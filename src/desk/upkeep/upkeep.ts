import type { DatabaseSync } from 'node:sqlite';
import { z } from 'zod';
import { hourInChina } from '../calendar.ts';
import type { Maintained, Maintenance, Thoroughness } from './maintenance.ts';

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

export interface UpkeepHearers {
  onDone(maintained: Maintained, milliseconds: number): void;
  onTrouble(error: unknown): void;
}

/** Does maintenance when it is due: one run at a time, at night in China, and never while the desk is closing. */
export class Upkeep {
  readonly #maintenance: Maintenance;
  readonly #database: DatabaseSync;
  readonly #hearers: UpkeepHearers;
  readonly #closing = new AbortController();
  #underWay: Promise<void> | undefined;
  #looking: NodeJS.Timeout | undefined;

  constructor(maintenance: Maintenance, database: DatabaseSync, hearers: UpkeepHearers) {
    this.#maintenance = maintenance;
    this.#database = database;
    this.#hearers = hearers;
  }

  /** Begins to look now and then whether anything is due. */
  begin(): void {
    this.#looking = setInterval(() => void this.look(new Date()), LOOK).unref();
  }

  /** What is due at a moment; undefined: nothing. */
  async due(now: Date): Promise<Thoroughness | undefined> {
    const hour = hourInChina(now);
    const night = hour >= NIGHT.from && hour < NIGHT.to;
    const isDue = (kind: Thoroughness): boolean => {
      const age = now.getTime() - this.#last(kind, now);
      return age >= (night ? APART : OVERDUE)[kind];
    };
    if (isDue('thorough')) return 'thorough';
    if (isDue('light')) return 'light';
    if (now.getTime() - this.#last('light', now) < LEAST_APART) return undefined;
    return (await this.#maintenance.storage()).loose >= MOST_LOOSE ? 'light' : undefined;
  }

  /** Does what is due; resolves when it is done, or has failed, which the hearers are told. */
  async look(now: Date): Promise<void> {
    this.#underWay ??= this.#look(now).finally(() => (this.#underWay = undefined));
    return this.#underWay;
  }

  /** Stops what is under way and begins nothing more. */
  async close(): Promise<void> {
    clearInterval(this.#looking);
    this.#closing.abort();
    await this.#underWay;
  }

  async #look(now: Date): Promise<void> {
    const { signal } = this.#closing;
    try {
      const kind = signal.aborted ? undefined : await this.due(now);
      if (kind === undefined) return;
      const start = performance.now();
      // Noted before it begins: what fails is tried again the next night, not at once.
      this.#note('light', now);
      if (kind === 'thorough') this.#note('thorough', now);
      const maintained = await this.#maintenance.run(kind, now, signal);
      this.#hearers.onDone(maintained, performance.now() - start);
    } catch (error) {
      if (!signal.aborted) this.#hearers.onTrouble(error);
    }
  }

  /** When maintenance of a kind last began, in milliseconds since 1970; where it never did, from now on it is waited for. */
  #last(kind: Thoroughness, now: Date): number {
    const found = this.#database.prepare('SELECT done FROM upkeep WHERE what = ?').get(kind);
    if (found) return record.parse(found).done;
    this.#note(kind, now);
    return now.getTime();
  }

  #note(kind: Thoroughness, now: Date): void {
    this.#database.prepare('INSERT OR REPLACE INTO upkeep VALUES (?, ?)').run(kind, now.getTime());
  }
}

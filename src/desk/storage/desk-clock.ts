import type { DatabaseSync } from 'node:sqlite';
import { RecordedTimes } from './recorded-times.ts';

const DAY = 86_400_000;
/** The most that a stop counts for, in milliseconds: only the wall clock knows how long it was. */
const MOST_STOPPED = DAY;

const PASSED = 'time passed';
const WALL = 'wall clock';

/** Clocks, in milliseconds: the wall clock since 1970, and one that never jumps, since any moment. */
export interface TimeSources {
  wall(): number;
  steady(): number;
}

const SYSTEM: TimeSources = { wall: () => Date.now(), steady: () => performance.now() };

/**
 * The time by which the desk deletes old data. The wall clock of a server can be years ahead for an hour, or stand at
 * 1970 until the network corrects it; nothing may be deleted, and no maintenance left out, because of that.
 *
 * So the desk counts the time that passes: while it runs, by a clock that never jumps; while it is stopped, by the wall
 * clock, but a day at most. This time never goes back. Data is old if it is old by both clocks (`now`); new data is
 * recorded with the later one (`stamp`). A wrong clock, or a long stop, keeps data longer, never shorter.
 */
export class DeskClock {
  readonly #times: RecordedTimes;
  readonly #sources: TimeSources;
  /** The time that had passed when the steady clock showed `#at`. */
  #passed: number;
  #at: number;

  /** Continues from the recorded time, or starts at the wall clock if none is recorded. */
  constructor(database: DatabaseSync, sources: TimeSources = SYSTEM) {
    this.#times = new RecordedTimes(database);
    this.#sources = sources;
    const wall = sources.wall();
    const passed = this.#times.read(PASSED);
    const stopped = wall - (this.#times.read(WALL) ?? wall);
    this.#passed = passed === undefined ? wall : passed + Math.min(Math.max(0, stopped), MOST_STOPPED);
    this.#at = sources.steady();
    this.record();
  }

  /** Returns the time that has passed, in milliseconds since 1970; it never goes back and never jumps. */
  passed(): number {
    return this.#passed + this.#sources.steady() - this.#at;
  }

  /** Returns the time by which data is old: the earlier of the time that has passed and the wall clock. */
  now(): Date {
    return new Date(Math.min(this.passed(), this.#sources.wall()));
  }

  /** Returns the time to record new data with: the later of both, in milliseconds since 1970. */
  stamp(): number {
    return Math.floor(Math.max(this.passed(), this.#sources.wall()));
  }

  /** Records the time for the next start. */
  record(): void {
    const passed = this.passed();
    this.#times.write(PASSED, passed);
    this.#times.write(WALL, this.#sources.wall());
    this.#passed = passed;
    this.#at = this.#sources.steady();
  }
}

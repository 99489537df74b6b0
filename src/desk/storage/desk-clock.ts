import type { DatabaseSync } from 'node:sqlite';
import { RecordedTimes } from './recorded-times.ts';

const DAY = 86_400_000;
/**
 * Greatest time that a stop of the desk counts for, in milliseconds: only the wall clock shows how long it was, and may
 * be wrong.
 */
const MOST_STOPPED = DAY;

const PASSED = 'time passed';
const WALL = 'wall clock';

/** Two clocks, in milliseconds: the wall clock since 1970, and a clock that never jumps, since any moment. */
export interface TimeSources {
  wall(): number;
  steady(): number;
}

const SYSTEM: TimeSources = { wall: () => Date.now(), steady: () => performance.now() };

/**
 * The time by which the desk deletes old data. The wall clock of a server can be years ahead for an hour, or show 1970
 * until the network corrects it. Neither may cause data to be deleted or maintenance to be left out.
 *
 * So the desk counts the time that passes: by a clock that never jumps while the desk runs, and by the wall clock, but
 * at most one day, while it is stopped. The counted time never goes back. Data is old if it is old by the counted time
 * and by the wall clock (`now`). New data is recorded with the later of the two (`stamp`). So a wrong clock or a long
 * stop can only cause data to be kept longer.
 */
export class DeskClock {
  readonly #times: RecordedTimes;
  readonly #sources: TimeSources;
  /** The counted time when the steady clock showed `#at`, in milliseconds since 1970. */
  #passed: number;
  #at: number;

  /** Continues from the recorded time, or starts with the wall clock if no time is recorded. */
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

  /** Returns the counted time, in milliseconds since 1970. It never goes back and never jumps. */
  passed(): number {
    return this.#passed + this.#sources.steady() - this.#at;
  }

  /** Returns the time for deciding what is old: the earlier of the counted time and the wall clock. */
  now(): Date {
    return new Date(Math.min(this.passed(), this.#sources.wall()));
  }

  /**
   * Returns the time to record new data with: the later of the counted time and the wall clock, in milliseconds since
   * 1970.
   */
  stamp(): number {
    return Math.floor(Math.max(this.passed(), this.#sources.wall()));
  }

  /** Records the counted time and the wall clock for the next start. */
  record(): void {
    const passed = this.passed();
    this.#times.write(PASSED, passed);
    this.#times.write(WALL, this.#sources.wall());
    this.#passed = passed;
    this.#at = this.#sources.steady();
  }
}

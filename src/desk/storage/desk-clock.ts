import type { DatabaseSync } from 'node:sqlite';
import { RecordedTimes } from './recorded-times.ts';

const DAY = 86_400_000;
/**
 * Greatest time that is counted for one stop of the desk, in milliseconds. Only the wall clock shows how long the desk
 * was stopped, and the wall clock may be wrong.
 */
const MOST_STOPPED = DAY;

const PASSED = 'time passed';
const WALL = 'wall clock';

/**
 * Two clocks, in milliseconds. `wall` is the time since 1970 and may be wrong. `steady` never jumps; its start does not
 * matter.
 */
export interface TimeSources {
  wall(): number;
  steady(): number;
}

const SYSTEM: TimeSources = { wall: () => Date.now(), steady: () => performance.now() };

/**
 * The clock by which the desk decides which data is old enough to be deleted. The wall clock of a server can be years
 * ahead for an hour, or show 1970 until the network corrects it. In neither case may data be deleted too early or
 * maintenance be left out.
 *
 * So the desk counts the time that passes. While the desk runs, a clock that never jumps measures this time. While the
 * desk is stopped, only the wall clock can measure it; of that time at most one day is counted. The counted time never
 * goes back.
 *
 * `now` is the earlier of the counted time and the wall clock, and decides what is old. `stamp` is the later of the
 * two, and is recorded with new data. So a wrong clock or a long stop can only cause data to be kept longer.
 */
export class DeskClock {
  readonly #times: RecordedTimes;
  readonly #sources: TimeSources;
  /** The counted time at the moment when the steady clock showed `#at`, in milliseconds since 1970. */
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
   * Returns the time that is recorded with new data, in milliseconds since 1970: the later of the counted time and the
   * wall clock.
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

import type { DatabaseSync } from 'node:sqlite';
import { z } from 'zod';

const DAY = 86_400_000;
/** How much time a stop may count for, in milliseconds: how long it really was, only the wall clock says. */
const MOST_STOPPED = DAY;

const PASSED = 'time passed';
const WALL = 'wall clock';

const kept = z.object({ done: z.number() });

/** Where the time comes from, in milliseconds: since 1970, and since any moment, without jumps. */
export interface TimeSources {
  wall(): number;
  steady(): number;
}

const SYSTEM: TimeSources = { wall: () => Date.now(), steady: () => performance.now() };

/**
 * The time by which the desk lets go of things. The wall clock of a server can be years ahead for an hour, or stand at
 * 1970 until the network has told it the time; nothing may be deleted, and no upkeep left undone, because of that.
 *
 * So the desk counts the time that it has seen pass: while it runs, by a clock that never jumps; while it was stopped,
 * what the wall clock says, but a day at most. This time never goes back. What is old, is so by both clocks (`now`);
 * what is new, is noted by the later one (`stamp`). A wrong clock, and a desk that was stopped for long, make things stay
 * longer, never shorter.
 */
export class DeskClock {
  readonly #database: DatabaseSync;
  readonly #sources: TimeSources;
  /** What had passed at a moment of the steady clock. */
  #passed: number;
  #at: number;

  /** Goes on from what the database remembers; where it remembers nothing, begins at the wall clock. */
  constructor(database: DatabaseSync, sources: TimeSources = SYSTEM) {
    this.#database = database;
    this.#sources = sources;
    const wall = sources.wall();
    const passed = this.#read(PASSED);
    const stopped = wall - (this.#read(WALL) ?? wall);
    this.#passed = passed === undefined ? wall : passed + Math.min(Math.max(0, stopped), MOST_STOPPED);
    this.#at = sources.steady();
    this.keep();
  }

  /** The time that has passed, as milliseconds since 1970; it never goes back and never jumps. */
  passed(): number {
    return this.#passed + this.#sources.steady() - this.#at;
  }

  /** The time by which something is old: the earlier of what has passed and what the wall clock says. */
  now(): Date {
    return new Date(Math.min(this.passed(), this.#sources.wall()));
  }

  /** The time that something new is noted with: the later of both, in milliseconds since 1970. */
  stamp(): number {
    return Math.floor(Math.max(this.passed(), this.#sources.wall()));
  }

  /** Writes down how late it is, for the next start. */
  keep(): void {
    const passed = this.passed();
    const write = this.#database.prepare('INSERT OR REPLACE INTO upkeep VALUES (?, ?)');
    write.run(PASSED, Math.floor(passed));
    write.run(WALL, Math.floor(this.#sources.wall()));
    this.#passed = passed;
    this.#at = this.#sources.steady();
  }

  #read(what: string): number | undefined {
    const found = this.#database.prepare('SELECT done FROM upkeep WHERE what = ?').get(what);
    return found && kept.parse(found).done;
  }
}

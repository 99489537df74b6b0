import type { Fault } from '../../model/fault.ts';

/** A refused request: a sentence for the editor and an HTTP status. */
export class Refusal extends Error {
  readonly status: number;
  readonly faults: readonly Fault[];

  constructor(status: number, sentence: string, faults: readonly Fault[] = []) {
    super(sentence);
    this.status = status;
    this.faults = faults;
  }
}

/** A temporary refusal (429). */
export class TooManyRequests extends Refusal {
  /** Seconds until a new attempt makes sense. */
  readonly seconds: number;

  constructor(seconds: number, sentence: string) {
    super(429, sentence);
    this.seconds = seconds;
  }
}

/** Returns a refusal (422) that lists all faults, one a line. */
export function refusedFor(faults: readonly Fault[]): Refusal {
  const lines = faults.map(({ label, what, remedy }) => `${label === '' ? '' : `${label}：`}${what}。${remedy}`);
  return new Refusal(422, lines.join('\n'), faults);
}

/** The refusal (409) of a save that came too late; its text is stored as a conflict. */
export class StaleSave extends Refusal {
  /** Where the text is compared with the current version. */
  readonly address: string;

  constructor(sentence: string, address: string) {
    super(409, sentence);
    this.address = address;
  }
}

/** The refusal (409) of a write to a draft that somebody else has changed since it was read. */
export class DraftMoved extends Refusal {}

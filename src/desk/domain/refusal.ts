import type { Fault } from '../../model/fault.ts';

/**
 * The error of a request that the desk refuses, for a reason that a person can understand and act on. The message is a
 * Chinese sentence for this person; `status` is the HTTP status of the response. `faults` are the faults of an entry's
 * text, if these are the reason.
 */
export class Refusal extends Error {
  readonly status: number;
  readonly faults: readonly Fault[];

  constructor(status: number, sentence: string, faults: readonly Fault[] = []) {
    super(sentence);
    this.status = status;
    this.faults = faults;
  }
}

/** The refusal (429) of a request because too many requests have come. */
export class TooManyRequests extends Refusal {
  /** Seconds until the request can be repeated, as in the header Retry-After. */
  readonly seconds: number;

  constructor(seconds: number, sentence: string) {
    super(429, sentence);
    this.seconds = seconds;
  }
}

/** Returns a refusal (422) with one line for each fault. */
export function refusedFor(faults: readonly Fault[]): Refusal {
  const lines = faults.map(({ label, what, remedy }) => `${label === '' ? '' : `${label}：`}${what}。${remedy}`);
  return new Refusal(422, lines.join('\n'), faults);
}

/**
 * The refusal (409) of a save because the entry was changed meanwhile. The refused text is stored as a conflict
 * (SaveConflicts).
 */
export class StaleSave extends Refusal {
  /** URL path and query of the page that compares the refused text with the current version. */
  readonly address: string;

  constructor(sentence: string, address: string) {
    super(409, sentence);
    this.address = address;
  }
}

/** The refusal (409) of a write to a draft because the draft was changed since it was read. */
export class DraftMoved extends Refusal {}

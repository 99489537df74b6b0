import type { Fault } from '../../model/fault.ts';

/** A request that is not granted, in a sentence for the editor, and as an HTTP status. */
export class Refusal extends Error {
  readonly status: number;
  readonly faults: readonly Fault[];

  constructor(status: number, sentence: string, faults: readonly Fault[] = []) {
    super(sentence);
    this.status = status;
    this.faults = faults;
  }
}

/** A refusal for a while; `seconds` until it is worthwhile to try again. */
export class TooManyRequests extends Refusal {
  readonly seconds: number;

  constructor(seconds: number, sentence: string) {
    super(429, sentence);
    this.seconds = seconds;
  }
}

/** A refusal because of faults: all of them, one a line. */
export function refusedFor(faults: readonly Fault[]): Refusal {
  const lines = faults.map(({ label, what, remedy }) => `${label === '' ? '' : `${label}：`}${what}。${remedy}`);
  return new Refusal(422, lines.join('\n'), faults);
}

/** A save that came too late: what was sent is kept, and compared at an address with what stands. */
export class StaleSave extends Refusal {
  readonly address: string;

  constructor(sentence: string, address: string) {
    super(409, sentence);
    this.address = address;
  }
}

/** Somebody else moved a draft between reading and writing it. */
export class DraftMoved extends Refusal {}

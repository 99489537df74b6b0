// What a journey needs of a browser engine, so that the same journey runs in all of them.

/** An argument of a function that runs in a page. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [name: string]: Json };

/** How a tab is opened. */
export interface Opening {
  /** Origin of the site: a request to any other origin is a fault. */
  origin: string;
  /** Size of the page, in CSS pixels. */
  width: number;
  height: number;
  /** A script that runs in every page before its own scripts. */
  before?: string;
}

/** A key without modifiers. */
export type KeyName =
  | 'ArrowDown'
  | 'ArrowLeft'
  | 'ArrowRight'
  | 'ArrowUp'
  | 'Backspace'
  | 'Delete'
  | 'End'
  | 'Enter'
  | 'Escape'
  | 'Home'
  | 'Tab'
  | '/'
  | 'a'
  | 'c'
  | 'v';

/** A key, or one that is pressed while Control is held. */
export type Key = KeyName | { readonly control: KeyName };

/**
 * One tab of a real browser with a new profile. Methods act at once and do not wait for the page; clicks and keys reach
 * the page as trusted events, like a person's. A selector is CSS, or XPath if it begins with `//`, and means the first
 * match.
 */
export interface Driver {
  /** Faults of all pages so far: errors and warnings, error responses, requests to other origins. */
  readonly faults: readonly string[];
  /** Opens an address; resolves when the page is loaded. */
  goTo(address: string): Promise<void>;
  /** Clicks the middle of an element. */
  click(selector: string): Promise<void>;
  press(key: Key): Promise<void>;
  /** Types into the focused element. */
  type(text: string): Promise<void>;
  /** Selects files of this machine in a file field. */
  upload(selector: string, paths: readonly string[]): Promise<void>;
  /** Returns the value of an expression in the page, awaited if it is a promise. */
  evaluate(expression: string): Promise<unknown>;
  /** Returns a PNG of the viewport. */
  screenshot(): Promise<Uint8Array>;
  close(): Promise<void>;
}

/** A browser engine installed on this machine. */
export interface Engine {
  readonly name: 'Chromium' | 'Firefox' | 'WebKit';
  /** Returns what to type into a date field for a day (`YYYY-MM-DD`): the order follows the browser's own language. */
  typedDay(day: string): string;
  /** Starts a browser with an empty profile. */
  open(opening: Opening): Promise<Driver>;
}

/** Thrown when a driver does not answer: this says nothing about the page, so the test may start again. */
export class DriverSilent extends Error {}

/** Matches the message of DriverSilent. */
export const DRIVER_SILENT = /^The driver .* does not answer/u;

/** Time limit for one command of a driver, in milliseconds. */
export const DRIVER_PATIENCE = 60_000;

/** Runs in every page before its own scripts: logs to the console what the content security policy refuses. */
export const NOTE_VIOLATIONS = `addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI }) =>
  console.error('violates ' + violatedDirective + ': ' + blockedURI));`;

/** Is an address outside the site? */
export function leaves(address: string, origin: string): boolean {
  const url = URL.parse(address);
  return url !== null && url.protocol.startsWith('http') && url.origin !== origin;
}

/** Returns what to type for a day (`YYYY-MM-DD`) in the order of American English: month, day, year. */
export function americanDay(day: string): string {
  const [year = '', ...rest] = day.split('-');
  return rest.join('') + year;
}

// What every browser engine is asked for, so that one journey runs in all of them.

/** What a question to a page may carry. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [name: string]: Json };

/** How a tab is opened. */
export interface Opening {
  /** The site: a request to any other host is a fault. */
  origin: string;
  /** Size of the page, in CSS pixels. */
  width: number;
  height: number;
  /** A script that runs in every page before its own. */
  before?: string;
}

/** A key that is pressed by itself. */
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
 * One tab of a real browser with a profile of its own. It does what it is told at once and waits for nothing but itself;
 * clicks and keys are those of a person, as the page sees them (trusted events). A selector is CSS, or XPath where it
 * begins with `//`, and means the first element that fits.
 */
export interface Driver {
  /** What went wrong in all pages so far: errors and warnings, refused answers, requests to other hosts. */
  readonly faults: readonly string[];
  /** Goes to an address; resolves when the page is loaded. */
  goTo(address: string): Promise<void>;
  /** Clicks into the middle of an element. */
  click(selector: string): Promise<void>;
  press(key: Key): Promise<void>;
  /** Types into whatever has the focus. */
  type(text: string): Promise<void>;
  /** Picks files of this machine in a field for files. */
  upload(selector: string, paths: readonly string[]): Promise<void>;
  /** The value of an expression in the page, or of its promise. */
  evaluate(expression: string): Promise<unknown>;
  /** A PNG of what is seen. */
  screenshot(): Promise<Uint8Array>;
  close(): Promise<void>;
}

/** A browser engine as it is installed on this machine. */
export interface Engine {
  readonly name: 'Chromium' | 'Firefox' | 'WebKit';
  /** What is typed into a date field for a day (`YYYY-MM-DD`): the order of its parts is that of the browser's own language. */
  typedDay(day: string): string;
  /** Starts a browser with an empty profile. */
  open(opening: Opening): Promise<Driver>;
}

/** A driver that does not answer any more: that says nothing about the page, and a test may begin again. */
export class DriverSilent extends Error {}

/** Matches the message of DriverSilent. */
export const DRIVER_SILENT = /^The driver .* does not answer/u;

/** How long a driver may take for anything, in milliseconds. */
export const DRIVER_PATIENCE = 60_000;

/** Runs in every page before its own scripts: tells the console what the page's policy refuses. */
export const NOTE_VIOLATIONS = `addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI }) =>
  console.error('violates ' + violatedDirective + ': ' + blockedURI));`;

/** Is it a request that leaves the site? */
export function leaves(address: string, origin: string): boolean {
  const url = URL.parse(address);
  return url !== null && url.protocol.startsWith('http') && url.origin !== origin;
}

/** A day (`YYYY-MM-DD`) as it is typed into a field that asks for it in the order of American English. */
export function americanDay(day: string): string {
  const [year = '', ...rest] = day.split('-');
  return rest.join('') + year;
}

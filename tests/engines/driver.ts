// The functions of a browser engine that journeys use, so that the same journey runs in every engine.

/** A value that can be passed to a function in a page: it is sent as JSON. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [name: string]: Json };

/** Options for opening a tab. */
export interface Opening {
  /** Origin of the site: a request to any other origin is a fault. */
  origin: string;
  /** Width of the viewport, in CSS pixels. */
  width: number;
  /** Height of the viewport, in CSS pixels. */
  height: number;
  /** A script that runs in every page before the scripts of the page. */
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

/** A key that is pressed alone, or together with Control. */
export type Key = KeyName | { readonly control: KeyName };

/**
 * One tab of a real browser with a new profile. Except `goTo`, the methods need not wait for the page: an element that
 * they use must already be there. Clicks and keys are trusted events in the page, like those of a person. A selector is
 * CSS, or XPath if it begins with `//`, and selects the first match.
 */
export interface Driver {
  /** Faults of all pages so far: errors and warnings in the console, error responses, requests to other origins. */
  readonly faults: readonly string[];
  /** Opens a URL; resolves when the page is loaded. */
  goTo(address: string): Promise<void>;
  /** Clicks the middle of an element. */
  click(selector: string): Promise<void>;
  press(key: Key): Promise<void>;
  /** Types into the focused element. */
  type(text: string): Promise<void>;
  /** Selects files in a file field; `paths`: their absolute paths on this machine. */
  upload(selector: string, paths: readonly string[]): Promise<void>;
  /**
   * Evaluates an expression in the page. Resolves to the value of the expression, or if that is a promise, to its
   * result.
   */
  evaluate(expression: string): Promise<unknown>;
  /** Resolves to the bytes of a PNG of the viewport. */
  screenshot(): Promise<Uint8Array>;
  close(): Promise<void>;
}

/** A browser engine installed on this machine. */
export interface Engine {
  readonly name: 'Chromium' | 'Firefox' | 'WebKit';
  /**
   * Returns the text to type into a date field for a day (`YYYY-MM-DD`). The order of year, month and day in the field
   * depends on the language of the browser.
   */
  typedDay(day: string): string;
  /** Starts a browser with an empty profile. Resolves to its tab; closing the tab closes the browser. */
  open(opening: Opening): Promise<Driver>;
}

/** Error of a driver that does not respond in time. It says nothing about the page, so the test may be repeated. */
export class DriverSilent extends Error {}

/** Matches the message of a DriverSilent error: the condition for repeating a test. */
export const DRIVER_SILENT = /^The driver .* does not answer/u;

/** Time limit of one command to a driver, in milliseconds. */
export const DRIVER_TIMEOUT = 60_000;

/**
 * Script that logs violations of the content security policy to the console, where drivers find them as faults. It must
 * run in every page before the scripts of the page.
 */
export const NOTE_VIOLATIONS = `addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI }) =>
  console.error('violates ' + violatedDirective + ': ' + blockedURI));`;

/** Returns whether a URL is an HTTP(S) URL outside the site. An invalid URL or one like `data:…` is not. */
export function leaves(address: string, origin: string): boolean {
  const url = URL.parse(address);
  return url !== null && url.protocol.startsWith('http') && url.origin !== origin;
}

/** Returns a day (`YYYY-MM-DD`) as digits in the order of American English: `MMDDYYYY`. */
export function americanDay(day: string): string {
  const [year = '', ...rest] = day.split('-');
  return rest.join('') + year;
}

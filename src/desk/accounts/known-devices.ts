import { createHmac, timingSafeEqual } from 'node:crypto';
import type { DatabaseSync } from 'node:sqlite';
import { parseCookie, stringifySetCookie } from 'cookie';
import { secretOf } from './signing-keys.ts';
import { newToken } from './tokens.ts';

/** The longest lifetime that browsers grant a cookie, in seconds (RFC 6265bis, 5.5). */
const KEPT = 400 * 24 * 3600;
/** Only the sign-in form reads the cookie. */
const PATH = '/desk/sign-in';

function cookieName(login: string): string {
  return `desk.device.${login}`;
}

/**
 * Browsers in which an account has signed in before (OWASP, “device cookies”). The cookie does not sign anybody in: it
 * only exempts its owner from waiting because of other people's failed attempts.
 */
export class KnownDevices {
  readonly #secret: string;

  constructor(database: DatabaseSync) {
    this.#secret = secretOf(database, 'devices');
  }

  /** Returns the Set-Cookie line that marks a browser as known for an account. */
  cookie(login: string): string {
    const browser = newToken();
    return stringifySetCookie({
      name: cookieName(login),
      value: `${browser}.${this.#signature(login, browser).toString('base64url')}`,
      path: PATH,
      maxAge: KEPT,
      httpOnly: true,
      sameSite: 'lax',
    });
  }

  /** Returns the id of the browser that sent a Cookie header, or undefined if this account has not signed in there. */
  find(login: string, cookies: string | undefined): string | undefined {
    const [browser = '', signature = ''] = (parseCookie(cookies ?? '')[cookieName(login)] ?? '').split('.');
    const [given, right] = [Buffer.from(signature, 'base64url'), this.#signature(login, browser)];
    return given.length === right.length && timingSafeEqual(given, right) ? browser : undefined;
  }

  #signature(login: string, browser: string): Buffer {
    return createHmac('sha256', this.#secret).update(`${login}:${browser}`).digest();
  }
}

import { createHmac, timingSafeEqual } from 'node:crypto';
import type { DatabaseSync } from 'node:sqlite';
import { parseCookie, stringifySetCookie } from 'cookie';
import { secretOf } from './signing-keys.ts';
import { newToken } from './tokens.ts';

/** Lifetime of the cookie, in seconds: 400 days, the longest that browsers allow (RFC 6265bis, 5.5). */
const KEPT = 400 * 24 * 3600;
/** Path of the URLs that browsers send the cookie to: only the sign-in form needs it. */
const PATH = '/desk/sign-in';

function cookieName(login: string): string {
  return `desk.device.${login}`;
}

/**
 * The browsers in which an account has signed in before, recognised by a signed cookie (OWASP, “device cookies”). The
 * cookie does not sign anybody in. It only exempts the browser from those limits on sign-ins (SignInLimiter) that other
 * people can reach by failed attempts.
 */
export class KnownDevices {
  readonly #secret: string;

  constructor(database: DatabaseSync) {
    this.#secret = secretOf(database, 'devices');
  }

  /**
   * Returns the Set-Cookie header that marks a browser as known for an account. Every call makes a new random id for
   * the browser.
   */
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

  /**
   * Returns the id of the browser that sent a Cookie header, or undefined if the header has no valid cookie for this
   * account.
   */
  find(login: string, cookies: string | undefined): string | undefined {
    const [browser = '', signature = ''] = (parseCookie(cookies ?? '')[cookieName(login)] ?? '').split('.');
    const [given, right] = [Buffer.from(signature, 'base64url'), this.#signature(login, browser)];
    return given.length === right.length && timingSafeEqual(given, right) ? browser : undefined;
  }

  #signature(login: string, browser: string): Buffer {
    return createHmac('sha256', this.#secret).update(`${login}:${browser}`).digest();
  }
}

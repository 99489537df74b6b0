import { createHmac, timingSafeEqual } from 'node:crypto';
import type { DatabaseSync } from 'node:sqlite';
import { parseCookie, stringifySetCookie } from 'cookie';
import { secretOf } from './secrets.ts';
import { newToken } from './tokens.ts';

/** Browsers keep no cookie longer than this, in seconds (RFC 6265bis, 5.5). */
const KEPT = 400 * 24 * 3600;
/** Only signing in reads it. */
const PATH = '/desk/sign-in';

function cookieName(login: string): string {
  return `desk.device.${login}`;
}

/**
 * Browsers in which somebody has signed in before (OWASP, “device cookies”). Such a cookie lets nobody in: it only
 * says that failures of others, elsewhere, are no reason to keep its owner waiting.
 */
export class KnownDevices {
  readonly #secret: string;

  constructor(database: DatabaseSync) {
    this.#secret = secretOf(database, 'devices');
  }

  /** Answers the Set-Cookie line that makes a browser known as one of an account. */
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

  /** Answers what names the browser that sent a Cookie header, where this account has signed in there before. */
  find(login: string, cookies: string | undefined): string | undefined {
    const [browser = '', signature = ''] = (parseCookie(cookies ?? '')[cookieName(login)] ?? '').split('.');
    const [given, right] = [Buffer.from(signature, 'base64url'), this.#signature(login, browser)];
    return given.length === right.length && timingSafeEqual(given, right) ? browser : undefined;
  }

  #signature(login: string, browser: string): Buffer {
    return createHmac('sha256', this.#secret).update(`${login}:${browser}`).digest();
  }
}

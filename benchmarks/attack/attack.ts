import type { OutgoingHttpHeaders } from 'node:http';
import type { Actor } from './world.ts';

/** A request as somebody sends it. */
export interface Asked {
  method: string;
  path: string;
  headers?: OutgoingHttpHeaders;
  body?: string | Uint8Array;
}

/** What came back; status 0: the connection was closed without an answer. */
export interface Answered {
  status: number;
  location: string;
  text: string;
}

/** One hostile request. */
export interface Attack {
  kind: string;
  /** What is tried, in a few words; distinct within its kind. */
  name: string;
  /** Who sends it. */
  as: Actor;
  asked: Asked | { lines: readonly string[] };
  /** Who may do the same; absent: nobody, or it makes no sense. */
  entitled?: Actor;
  /** Who may do the same, where it changes something: it is done when all attacks are over, in their order. */
  afterwards?: Actor;
  /** How the same looks where it is not hostile, if it is not the same to the byte. */
  harmless?: Asked;
  /** Is an answer a refusal? Usually: 4xx, or the way to the page for signing in. */
  refused?(answer: Answered): boolean;
}

/** Refuses by a status that says the client is wrong, by asking to sign in, or by hanging up. */
export function isRefusal({ status, location }: Answered): boolean {
  return status === 0 || (status >= 400 && status < 500) || (status === 303 && location.startsWith('/desk/sign-in'));
}

const JSON_TYPE = { 'content-type': 'application/json' };
const FORM_TYPE = { 'content-type': 'application/x-www-form-urlencoded' };

/** An action of the protocol. */
export function action(name: string, params: Record<string, unknown>): Asked {
  return json('/api/v1', { action: name, params });
}

export function json(path: string, body: unknown): Asked {
  return { method: 'POST', path, headers: JSON_TYPE, body: JSON.stringify(body) };
}

export function form(path: string, fields: Record<string, string>): Asked {
  return { method: 'POST', path, headers: FORM_TYPE, body: new URLSearchParams(fields).toString() };
}

export function get(path: string, headers: OutgoingHttpHeaders = {}): Asked {
  return { method: 'GET', path, headers };
}

import type { OutgoingHttpHeaders } from 'node:http';
import type { Actor } from './world.ts';

/** A request as a client sends it. */
export interface AttackRequest {
  method: string;
  path: string;
  headers?: OutgoingHttpHeaders;
  body?: string | Uint8Array;
}

/** The answer to a request; status 0: the connection was closed without an answer. */
export interface AttackAnswer {
  status: number;
  location: string;
  text: string;
}

/** One hostile request. */
export interface Attack {
  kind: string;
  /** The attempt in a few words; distinct within its kind. */
  name: string;
  /** The sender. */
  as: Actor;
  request: AttackRequest | { lines: readonly string[] };
  /** Who may send the same request successfully; absent: nobody, or it would not make sense. */
  entitled?: Actor;
  /** Who may send the same request although it changes something: sent after all attacks, in their order. */
  afterwards?: Actor;
  /** An equivalent request that is not hostile, if it differs from the attack. */
  harmless?: AttackRequest;
  /** Is an answer a refusal? By default `isRefusal`. */
  refused?(answer: AttackAnswer): boolean;
}

/** Is an answer a client error, a redirect to the page for signing in, or a closed connection? */
export function isRefusal({ status, location }: AttackAnswer): boolean {
  return status === 0 || (status >= 400 && status < 500) || (status === 303 && location.startsWith('/desk/sign-in'));
}

const JSON_TYPE = { 'content-type': 'application/json' };
const FORM_TYPE = { 'content-type': 'application/x-www-form-urlencoded' };

/** Returns a request for an action of the protocol. */
export function action(name: string, params: Record<string, unknown>): AttackRequest {
  return json('/api/v1', { action: name, params });
}

export function json(path: string, body: unknown): AttackRequest {
  return { method: 'POST', path, headers: JSON_TYPE, body: JSON.stringify(body) };
}

export function form(path: string, fields: Record<string, string>): AttackRequest {
  return { method: 'POST', path, headers: FORM_TYPE, body: new URLSearchParams(fields).toString() };
}

export function get(path: string, headers: OutgoingHttpHeaders = {}): AttackRequest {
  return { method: 'GET', path, headers };
}

import type { OutgoingHttpHeaders } from 'node:http';
import type { Actor } from './world.ts';

/** A request as a client sends it, with the body unencoded. */
export interface AttackRequest {
  method: string;
  path: string;
  headers?: OutgoingHttpHeaders;
  body?: string | Uint8Array;
}

/**
 * The response to a request. `status` is 0 if the connection was closed without a response. `location` is the value of
 * the Location header; empty if the response has no such header.
 */
export interface AttackAnswer {
  status: number;
  location: string;
  text: string;
}

/** One hostile request. */
export interface Attack {
  kind: string;
  /** Short description of the request, unique among the attacks of the same kind. */
  name: string;
  /** The actor that sends the request. */
  as: Actor;
  request: AttackRequest | { lines: readonly string[] };
  /**
   * An actor that may send the same request. This actor sends it right after the attack and must get status 200.
   * Undefined if there is no such actor, or if the request changes something or cannot succeed.
   */
  entitled?: Actor;
  /**
   * An actor that may send the same request, if the request changes something. This actor sends it after all attacks,
   * in the order of the list of attacks, and must get status 200.
   */
  afterwards?: Actor;
  /**
   * A similar request that is not hostile. Set only if nobody may send the request of the attack itself. It is sent
   * right after the attack and must get status 200.
   */
  harmless?: AttackRequest;
  /** Returns whether a response is a refusal; by default `isRefusal`. */
  refused?(answer: AttackAnswer): boolean;
}

/** Returns whether a response is a client error (4xx), a redirect to the sign-in page, or a closed connection. */
export function isRefusal({ status, location }: AttackAnswer): boolean {
  return status === 0 || (status >= 400 && status < 500) || (status === 303 && location.startsWith('/desk/sign-in'));
}

const JSON_TYPE = { 'content-type': 'application/json' };
const FORM_TYPE = { 'content-type': 'application/x-www-form-urlencoded' };

/** Returns a request for an action of the desk's protocol. */
export function action(name: string, params: Record<string, unknown>): AttackRequest {
  return json('/api/v1', { action: name, params });
}

/** Returns a POST request with a JSON body. */
export function json(path: string, body: unknown): AttackRequest {
  return { method: 'POST', path, headers: JSON_TYPE, body: JSON.stringify(body) };
}

/** Returns a POST request with a form as its body. */
export function form(path: string, fields: Record<string, string>): AttackRequest {
  return { method: 'POST', path, headers: FORM_TYPE, body: new URLSearchParams(fields).toString() };
}

export function get(path: string, headers: OutgoingHttpHeaders = {}): AttackRequest {
  return { method: 'GET', path, headers };
}

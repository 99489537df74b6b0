// A browser of today without what came after the oldest browsers that readers are promised: methods and objects of the
// language and of the browser, as web-features dates them. Syntax and CSS stay as they are.
import { features } from 'web-features';
import { READERS_BROWSERS } from '../../src/render/compile/promised-browsers.ts';

/** The oldest version of each browser, by the names of web-features. */
const promised = new Map(
  READERS_BROWSERS.map((target) => {
    const [, name = '', version = ''] = /^([a-z]+)(\d+)$/u.exec(target) ?? [];
    return [name === 'ios' ? 'safari_ios' : name, Number(version)];
  }),
);

/** Did one of the browsers get it after the promised version? `support`: first versions by browser, as `92` or `≤79`. */
function isNewer(support: Record<string, string | undefined>): boolean {
  return [...promised].some(([name, oldest]) => {
    const first = support[name];
    return first !== undefined && !(Number(first.replace('≤', '')) <= oldest);
  });
}

/** Where something newer is kept: by the names on the way from the global object, and there or in the prototype. */
interface Place {
  owner: readonly string[];
  name: string;
  of: 'itself' | 'prototype' | 'both';
}

/** The place of a key of browser-compat-data; undefined where it is an event, a parameter or a behaviour. */
function placeOf(key: string): Place | undefined {
  const [, room, path = '', isStatic] = /^(javascript\.builtins|api)\.([A-Za-z0-9$.]+)(_static)?$/u.exec(key) ?? [];
  if (room === undefined) return undefined;
  const owner = path.split('.');
  const name = owner.pop() ?? '';
  if (isStatic !== undefined || owner.length === 0) return { owner, name, of: 'itself' };
  return { owner, name, of: room === 'api' ? 'prototype' : 'both' };
}

const places = Object.values(features).flatMap((feature) => {
  if (feature.kind !== 'feature') return [];
  return Object.entries(feature.status.by_compat_key ?? {}).flatMap(([key, { support }]) => {
    const place = isNewer({ ...support }) ? placeOf(key) : undefined;
    return place ? [place] : [];
  });
});

/** Runs in the page before its own scripts. */
function forget(all: readonly Place[]): void {
  const isHolder = (value: unknown): value is object =>
    (typeof value === 'object' && value !== null) || typeof value === 'function';
  const within = (holder: unknown, name: string): unknown => {
    if (name === 'TypedArray') return Object.getPrototypeOf(Int8Array);
    return isHolder(holder) ? Reflect.get(holder, name) : undefined;
  };
  // Members before what they belong to.
  for (const { owner, name, of } of [...all].sort((one, other) => other.owner.length - one.owner.length)) {
    const holder = owner.reduce<unknown>(within, globalThis);
    const itself = owner.join('.') === 'Window' ? globalThis : holder;
    if (isHolder(itself) && (of !== 'prototype' || itself === globalThis)) Reflect.deleteProperty(itself, name);
    const prototype = within(holder, 'prototype');
    if (of !== 'itself' && isHolder(prototype)) Reflect.deleteProperty(prototype, name);
  }
}

/** A script that makes a browser of today as old as the oldest one that is promised. */
export const OLDER_BROWSER = `(${forget.toString()})(${JSON.stringify(places)});`;

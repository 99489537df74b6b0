// Makes a current browser lack the methods and objects, of the language and of the browser, that are newer than the
// oldest supported browsers of readers, according to web-features. Syntax and CSS are not changed.
import { features } from 'web-features';
import { READERS_BROWSERS } from '../../src/render/compile/promised-browsers.ts';

/** The oldest supported version of each browser, by its name in web-features. */
const promised = new Map(
  READERS_BROWSERS.map((target) => {
    const [, name = '', version = ''] = /^([a-z]+)(\d+)$/u.exec(target) ?? [];
    return [name === 'ios' ? 'safari_ios' : name, Number(version)];
  }),
);

/**
 * Did a browser get a feature after the supported version? `support`: first versions by browser, such as `92` or `≤79`.
 */
function isNewer(support: Record<string, string | undefined>): boolean {
  return [...promised].some(([name, oldest]) => {
    const first = support[name];
    return first !== undefined && !(Number(first.replace('≤', '')) <= oldest);
  });
}

/** Where a feature is: the property names that lead from the global object to its owner, and on which object it is. */
interface Place {
  owner: readonly string[];
  name: string;
  of: 'itself' | 'prototype' | 'both';
}

/** Returns the place of a key of browser-compat-data, or undefined for an event, a parameter or a behaviour. */
function placeOf(key: string): Place | undefined {
  const [, namespace, path = '', isStatic] =
    /^(javascript\.builtins|api)\.([A-Za-z0-9$.]+)(_static)?$/u.exec(key) ?? [];
  if (namespace === undefined) return undefined;
  const owner = path.split('.');
  const name = owner.pop() ?? '';
  if (isStatic !== undefined || owner.length === 0) return { owner, name, of: 'itself' };
  return { owner, name, of: namespace === 'api' ? 'prototype' : 'both' };
}

const places = Object.values(features).flatMap((feature) => {
  if (feature.kind !== 'feature') return [];
  return Object.entries(feature.status.by_compat_key ?? {}).flatMap(([key, { support }]) => {
    const place = isNewer({ ...support }) ? placeOf(key) : undefined;
    return place ? [place] : [];
  });
});

/** Runs in the page before its own scripts: deletes the features at these places. */
function forget(all: readonly Place[]): void {
  const isHolder = (value: unknown): value is object =>
    (typeof value === 'object' && value !== null) || typeof value === 'function';
  const within = (holder: unknown, name: string): unknown => {
    if (name === 'TypedArray') return Object.getPrototypeOf(Int8Array);
    return isHolder(holder) ? Reflect.get(holder, name) : undefined;
  };
  // Members before their owners, since a deleted owner's members cannot be reached.
  for (const { owner, name, of } of [...all].sort((one, other) => other.owner.length - one.owner.length)) {
    const holder = owner.reduce<unknown>(within, globalThis);
    const itself = owner.join('.') === 'Window' ? globalThis : holder;
    if (isHolder(itself) && (of !== 'prototype' || itself === globalThis)) Reflect.deleteProperty(itself, name);
    const prototype = within(holder, 'prototype');
    if (of !== 'itself' && isHolder(prototype)) Reflect.deleteProperty(prototype, name);
  }
}

/** A script that removes from a current browser what the oldest supported one lacks. */
export const OLDER_BROWSER = `(${forget.toString()})(${JSON.stringify(places)});`;

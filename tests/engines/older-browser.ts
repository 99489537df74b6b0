// Removes from a current browser the methods and objects (of JavaScript and of the browser) that the oldest supported
// browsers of readers lack according to web-features. Syntax and CSS are not changed.
import { features } from 'web-features';
import { READERS_BROWSERS } from '../../src/render/compile/promised-browsers.ts';

/** Oldest supported version of each browser. The keys are the names of the browsers in web-features. */
const promised = new Map(
  READERS_BROWSERS.map((target) => {
    const [, name = '', version = ''] = /^([a-z]+)(\d+)$/u.exec(target) ?? [];
    return [name === 'ios' ? 'safari_ios' : name, Number(version)];
  }),
);

/**
 * Returns whether a feature is newer than the oldest supported version of any browser. `support`: for each browser, the
 * first version with the feature, such as `92` or `≤79`. Browsers that are missing in `support` are ignored.
 */
function isNewer(support: Record<string, string | undefined>): boolean {
  return [...promised].some(([name, oldest]) => {
    const first = support[name];
    return first !== undefined && !(Number(first.replace('≤', '')) <= oldest);
  });
}

/**
 * Place of a feature. `owner`: the property names that lead from the global object to the owner of the feature. `name`:
 * property name of the feature. `of`: whether the property is on the owner itself or on its `prototype`; `both`: on one
 * of the two.
 */
interface Place {
  owner: readonly string[];
  name: string;
  of: 'itself' | 'prototype' | 'both';
}

/**
 * Returns the place of the feature with a key of browser-compat-data, such as `api.Element.animate`. Returns undefined
 * if the feature is no property: an event, a parameter or a behaviour.
 */
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

/** Deletes the features at these places. Runs in the page, before the scripts of the page. */
function forget(all: readonly Place[]): void {
  const isHolder = (value: unknown): value is object =>
    (typeof value === 'object' && value !== null) || typeof value === 'function';
  const within = (holder: unknown, name: string): unknown => {
    if (name === 'TypedArray') return Object.getPrototypeOf(Int8Array);
    return isHolder(holder) ? Reflect.get(holder, name) : undefined;
  };
  // Deletes members before their owners, because the members of a deleted owner cannot be reached.
  for (const { owner, name, of } of [...all].sort((one, other) => other.owner.length - one.owner.length)) {
    const holder = owner.reduce<unknown>(within, globalThis);
    const itself = owner.join('.') === 'Window' ? globalThis : holder;
    if (isHolder(itself) && (of !== 'prototype' || itself === globalThis)) Reflect.deleteProperty(itself, name);
    const prototype = within(holder, 'prototype');
    if (of !== 'itself' && isHolder(prototype)) Reflect.deleteProperty(prototype, name);
  }
}

/**
 * Script that removes from a current browser the features that the oldest supported browsers lack. It must run before
 * the scripts of the page.
 */
export const OLDER_BROWSER = `(${forget.toString()})(${JSON.stringify(places)});`;

import { addressesOf, SITE_KEY } from './queries/addresses.ts';
import type { Library } from './library.ts';
import { openedLibrary } from './static-build-library.ts';

/**
 * Returns the URL paths of all pages and files that the published content and the MDX pages (`ownPages`) currently
 * require. The keys of the map are URL paths. Each value is the dependency key for which the page exists (see
 * addressesOf).
 */
export function allAddresses({ store, ownPages }: Library): Map<string, string> {
  const dependencyKeys = [SITE_KEY, ...store.versions.keys(), ...Array.from(store.lists, (name) => `list:${name}`)];
  return new Map(
    dependencyKeys.flatMap((dependencyKey) =>
      addressesOf(dependencyKey, store, ownPages).map((address) => [address, dependencyKey] as const),
    ),
  );
}

const PARAMETER = /\[(\w+)\]/gu;

/**
 * Returns what Astro's `getStaticPaths` of a page must return: the parameters of every URL path that matches the page's
 * pattern, for example `/units/[code]/[year]/`. In this way, static builds use the same list of URL paths as the
 * rendering of single pages.
 *
 * @throws Error if no library is open.
 */
export function pathsOf(pattern: string): { params: Record<string, string> }[] {
  const source = pattern.replaceAll('.', '\\.').replace(PARAMETER, '(?<$1>[^/]+)');
  const fits = new RegExp(`^${source}$`, 'u');
  return [...allAddresses(openedLibrary()).keys()].flatMap((address) => {
    const groups = fits.exec(address)?.groups;
    return groups ? [{ params: { ...groups } }] : [];
  });
}

import { addressesOf, SITE_KEY } from './queries/addresses.ts';
import type { Library } from './library.ts';
import { openedLibrary } from './static-build-library.ts';

/** Returns every address of the site as it is, with the dependency key that its page exists for. */
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
 * Answers Astro's `getStaticPaths` for a page: the parameters of every address that fits the page's pattern
 * (`/units/[code]/[year]/`). So static builds and the rendering of single pages share one list of addresses.
 */
export function pathsOf(pattern: string): { params: Record<string, string> }[] {
  const source = pattern.replaceAll('.', '\\.').replace(PARAMETER, '(?<$1>[^/]+)');
  const fits = new RegExp(`^${source}$`, 'u');
  return [...allAddresses(openedLibrary()).keys()].flatMap((address) => {
    const groups = fits.exec(address)?.groups;
    return groups ? [{ params: { ...groups } }] : [];
  });
}

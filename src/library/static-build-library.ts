import type { Library } from './library.ts';

declare global {
  /** Library that openFor() sets and openedLibrary() returns; undefined until then. */
  var withYouLibrary: Library | undefined;
}

/**
 * Sets the library that static builds and the dev server read. Astro runs the pages of both from separate bundles, and
 * a module variable would exist once in each bundle. A global exists once for all bundles. The renderer of single pages
 * does not need this global: it passes a reader to each page.
 */
export function openFor(library: Library): void {
  globalThis.withYouLibrary = library;
}

/**
 * Returns the library that openFor() has set.
 *
 * @throws Error if openFor() was not called: start a build or the dev server through its npm script.
 */
export function openedLibrary(): Library {
  const library = globalThis.withYouLibrary;
  if (!library) throw new Error('No library is open: run npm run build or npm run dev instead of astro itself.');
  return library;
}

import type { Library } from './library.ts';

declare global {
  /** See openFor(). */
  var withYouLibrary: Library | undefined;
}

/**
 * Sets the library that static builds and the dev server read. Astro runs their pages from separate bundles, where a
 * variable of a module would be a second instance; a global is the same for all of them. The renderer of single pages
 * does not need it: it passes a reader to each page.
 */
export function openFor(library: Library): void {
  globalThis.withYouLibrary = library;
}

/**
 * Returns the library that was opened.
 *
 * @throws Error if none was: start a build through its npm script.
 */
export function openedLibrary(): Library {
  const library = globalThis.withYouLibrary;
  if (!library) throw new Error('No library is open: run npm run build or npm run dev instead of astro itself.');
  return library;
}

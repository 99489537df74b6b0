import type { Library } from './library.ts';

declare global {
  /** See openFor(). */
  var withYouLibrary: Library | undefined;
}

/**
 * Makes a library the one that static builds and the dev server read. Astro runs their pages from bundles of their
 * own, where a module's variable would be a second instance; a global is one for all of them. The host that renders
 * single pages does not need it: it hands each page its own reader.
 */
export function openFor(library: Library): void {
  globalThis.withYouLibrary = library;
}

/** The library that was opened. Throws where none was: start a build through its npm script. */
export function openedLibrary(): Library {
  const library = globalThis.withYouLibrary;
  if (!library) throw new Error('No library is open: run npm run build or npm run dev instead of astro itself.');
  return library;
}

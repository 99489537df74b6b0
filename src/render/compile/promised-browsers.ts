/**
 * The oldest browsers in which everything works, as the README promises, by the names of esbuild's targets. Scripts and
 * styles are built for them; tests/site/promised-browsers.test.ts searches the built files for anything newer.
 */

/**
 * For readers: the last six years. The engine of the search (Pagefind) is made to run in them:
 * src/search/index/engine-files.ts.
 */
export const READERS_BROWSERS = ['chrome87', 'edge87', 'firefox83', 'safari14', 'ios14'];
/**
 * The edition of ECMAScript whose syntax all of them support. Scripts are built for it instead of the browsers' names:
 * compilers consider `?.` unsupported before Chromium 91, which only had a bug with `f?.(...spread)`, and replace it by
 * longer code.
 */
export const READERS_EDITION = 2021;
/** For editors. */
export const EDITORS_BROWSERS = ['chrome109', 'edge109', 'firefox115', 'safari16', 'ios16'];

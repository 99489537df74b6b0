/**
 * The oldest browsers in which everything works, as the README promises, by the names of esbuild's targets. Scripts and
 * styles are built for these browsers. tests/site/promised-browsers.test.ts searches the built files for newer
 * features.
 */

/**
 * Oldest browsers of readers: those of the last six years. The engine of the search (Pagefind) is adapted to them in
 * src/search/index/engine-files.ts.
 */
export const READERS_BROWSERS = ['chrome87', 'edge87', 'firefox83', 'safari14', 'ios14'];
/**
 * Edition of ECMAScript whose syntax all browsers of readers support. Scripts are built for this edition and not for
 * READERS_BROWSERS. If compilers are given Chromium before 91, they replace every `?.` by longer code. That is not
 * needed, because the only bug of these versions concerns `f?.(...spread)`.
 */
export const READERS_EDITION = 2021;
/** Oldest browsers of editors. */
export const EDITORS_BROWSERS = ['chrome109', 'edge109', 'firefox115', 'safari16', 'ios16'];

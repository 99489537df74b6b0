/**
 * The oldest browsers in which everything works, as the README promises, by the names of esbuild's targets. What is
 * built is written for them; tests/site/promised-browsers.test.ts looks for anything newer in what was built.
 */

/** Of readers: those of the last six years. The engine of search (Pagefind) is made to run in them: search/engine.ts. */
export const READERS_BROWSERS = ['chrome87', 'edge87', 'firefox83', 'safari14', 'ios14'];
/**
 * The edition of ECMAScript whose syntax all of them know. Scripts are built for it rather than for their names: compilers
 * take `?.` for unknown before Chromium 91, which only had a fault with `f?.(...spread)`, and write it out, at length.
 */
export const READERS_EDITION = 2021;
/** Of editors. */
export const EDITORS_BROWSERS = ['chrome109', 'edge109', 'firefox115', 'safari16', 'ios16'];

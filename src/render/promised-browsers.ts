/**
 * The oldest browsers in which everything works, as the README promises, by the names of esbuild's targets. What is
 * built is written for them; tests/site/promised-browsers.test.ts looks for anything newer in what was built.
 */

/** Of readers: those of the last six years. The engine of search (Pagefind) is newer: see pages/search. */
export const READERS_BROWSERS = ['chrome87', 'edge87', 'firefox83', 'safari14', 'ios14'];
/** Of editors. */
export const EDITORS_BROWSERS = ['chrome109', 'edge109', 'firefox115', 'safari16', 'ios16'];

// Built scripts use no syntax or methods that the browsers in render/compile/promised-browsers.ts lack. This applies to
// scripts of pages and in pages, Pagefind, the editor with its workers, and the desk's pages.
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Parser } from 'htmlparser2';
import sharp from 'sharp';
import { describe, expect } from 'vitest';
import { editorBundle } from '../../src/desk/api/editor-bundle.ts';
import { PROJECT_ROOT } from '../../src/render/compile/build-cache.ts';
import { EDITORS_BROWSERS, READERS_BROWSERS, READERS_EDITION } from '../../src/render/compile/promised-browsers.ts';
import { test } from '../browser/driving/reader.ts';
import { newerIn, type Allowance, type Runners } from './newer-than-promised.ts';

const LOOKBEHIND = 'regexp-lookbehind-assertions';

const readers: Runners = {
  browsers: READERS_BROWSERS,
  edition: READERS_EDITION,
  // Lookbehind came with Safari 16.4, weak references and list formats with Safari 14.1, display names with Firefox 86,
  // and the segmenter with Firefox 125.
  lacking: [LOOKBEHIND, 'weakrefs', 'intl-listformat', 'intl-displaynames', 'intl-segmenter'],
  beyond: [],
};
const editors: Runners = {
  browsers: EDITORS_BROWSERS,
  edition: 2022,
  // Lookbehind and static blocks came with Safari 16.4, the segmenter with Firefox 125.
  lacking: [LOOKBEHIND, 'class-static-block', 'intl-segmenter'],
  beyond: ['array-prototype-findlast-findlastindex', 'hashbang'],
};

const SEGMENTS: Allowance = {
  rule: 'intl-segmenter',
  where: /[`"']Segmenter[`"'] ?in Intl\)\)return/u,
  why: 'Where the browser cannot split words, pairs of characters are searched.',
};
const allowedToReaders: Allowance[] = [
  SEGMENTS,
  { ...SEGMENTS, rule: 'compat/compat' },
  {
    rule: 'intl-segmenter',
    where: /typeof Intl\.Segmenter|(?:grapheme|word)Segmenter=new Intl\.Segmenter/u,
    why: 'Pagefind tests for it first, and gets no language whose words it would split.',
  },
  { rule: 'weakrefs', where: /typeof FinalizationRegistry/u, why: 'Pagefind tests for it first.' },
  {
    rule: 'prototype-at',
    where: /\{at:\w+,positions:\w+\}=\w+/u,
    why: 'A field of a position in a phrase (search/query/phrase-positions.ts).',
  },
];
/**
 * Number of characters from which a script is large. Only the long run scans large scripts for interfaces of browsers,
 * because the time of that scan grows with the square of the size.
 */
const LARGE = process.env['LONG'] === '1' ? Infinity : 200_000;
const allowedInLarge: Allowance[] = [
  { ...SEGMENTS, rule: 'compat/compat' },
  { rule: 'compat/compat', where: /navigator\.userAgentData\?\./u, why: 'An editor component tests for it first.' },
  { rule: 'compat/compat', where: /navigator\.connection/u, why: 'React tests for it first.' },
];
const allowedToEditors: Allowance[] = [
  ...(LARGE === Infinity ? allowedInLarge : []),
  {
    rule: 'compat/compat',
    where: /typeof OffscreenCanvas[><=]+[`"']u/u,
    why: 'Where workers have no canvas, the desk judges (cms/photos/check-worker.ts).',
  },
  SEGMENTS,
  {
    rule: LOOKBEHIND,
    where: /try\{\w+=RegExp\(/u,
    why: 'The package yaml works without it where it is missing.',
  },
  {
    rule: 'set-prototype-union',
    where: /updateStore\(`actions`|\.slug\)\)\.union|=\w\.union\(\w\.toArray/u,
    why: 'Methods of Immutable’s sets.',
  },
  {
    rule: 'intl-segmenter',
    where: /[`"']Segmenter[`"'] ?in Intl\?/u,
    why: 'Where the browser cannot split words, characters are compared (text/comparison/words.ts).',
  },
  {
    rule: 'intl-segmenter',
    where: /if\(Intl\.Segmenter\)\{for\(let \w+ of new Intl\.Segmenter\(void 0/u,
    why: 'ProseMirror tests for it first.',
  },
  { rule: 'uint8array-prototype-tobase64', where: /await \w\.toBase64\(\)/u, why: 'A method of Decap’s files.' },
];

interface Script {
  text: string;
  module: boolean;
}

/** Returns the scripts inside a page, without JSON-LD. */
function scriptsIn(html: string): Script[] {
  const found: Script[] = [];
  let inside: Script | undefined;
  const parser = new Parser({
    onopentag(name, { type = 'text/javascript', src }) {
      inside =
        name === 'script' && src === undefined && type !== 'application/ld+json'
          ? { text: '', module: type === 'module' }
          : undefined;
      if (inside) found.push(inside);
    },
    ontext: (text) => inside && (inside.text += text),
    onclosetag: () => (inside = undefined),
  });
  parser.end(html);
  return found;
}

/**
 * Returns the scripts in the files of a folder, by their text. If several files contain the same script, it is returned
 * once. `file`: the first file that contains the script.
 */
function scriptsOf(folder: string): Map<string, Script & { file: string }> {
  const scripts = new Map<string, Script & { file: string }>();
  for (const file of globSync('**/*.{js,mjs,html}', { cwd: folder }).sort()) {
    const content = readFileSync(join(folder, file), 'utf8');
    const found = file.endsWith('.html') ? scriptsIn(content) : [{ text: content, module: true }];
    for (const script of found) if (!scripts.has(script.text)) scripts.set(script.text, { ...script, file });
  }
  return scripts;
}

/**
 * Returns the features in the scripts of a folder that are newer than `runners`, by file. If there are unused
 * allowances, returns them under the key `needless`.
 */
function newerOf(folder: string, runners: Runners, allowed: readonly Allowance[]): Record<string, string[]> {
  const used = new Set<Allowance>();
  const newer: Record<string, string[]> = {};
  for (const { file, text, module } of scriptsOf(folder).values()) {
    const found = newerIn(text, { runners, allowed, module, browser: text.length < LARGE }, used);
    if (found.length > 0) newer[file] = found;
  }
  const needless = allowed.filter((allowance) => !used.has(allowance)).map(({ rule, why }) => `${rule}: ${why}`);
  return needless.length > 0 ? { ...newer, needless } : newer;
}

describe('Readers', () => {
  test('run no script that is newer than their browsers', ({ site }) => {
    const scripts = [...scriptsOf(site.output).values()];
    expect(scripts.filter(({ file }) => file.startsWith('_astro/')).length).toBeGreaterThan(5);
    expect(scripts.some(({ file }) => file.endsWith('pagefind.js'))).toBe(true);
    expect(scripts.some(({ file }) => file.endsWith('.html'))).toBe(true);
    expect(newerOf(site.output, readers, allowedToReaders)).toEqual({});
  });

  test('get an icon where a browser looks without a page that names one, as for a poster opened alone', async ({
    site,
  }) => {
    const response = await fetch(`${site.origin}/favicon.ico`);
    expect(response.status).toBe(200);
    const icon = Buffer.from(await response.arrayBuffer());
    // An ICO file begins with a directory: width and height of its one PNG, and the length and offset of the PNG.
    expect([icon.readUInt16LE(2), icon.readUInt16LE(4), icon[6], icon[7]]).toEqual([1, 1, 32, 32]);
    const picture = icon.subarray(icon.readUInt32LE(18), icon.readUInt32LE(18) + icon.readUInt32LE(14));
    expect(await sharp(picture).metadata()).toMatchObject({ format: 'png', width: 32, height: 32 });
  });
});

describe('Editors', () => {
  test('run no newer script in the editor and its workers', async () => {
    const admin = await editorBundle(join(PROJECT_ROOT, '.cache/admin'));
    const files = [...scriptsOf(admin).values()].map(({ file }) => file);
    expect(files.some((file) => /^assets\/admin-/u.test(file))).toBe(true);
    expect(files.some((file) => /^assets\/check-worker-/u.test(file))).toBe(true);
    expect(newerOf(admin, editors, allowedToEditors)).toEqual({});
  });

  test('run no newer script on the desk’s own pages', () => {
    expect(newerOf(join(PROJECT_ROOT, 'src/desk/pages'), editors, [])).toEqual({});
  });

  test('get no styles that their browsers drop', async () => {
    // Features of Chromium 111, Firefox 121 or newer: older browsers drop the whole rule, or the value.
    const newer = /:has\(|color-mix\(|light-dark\(|okl(?:ab|ch)\(/gu;
    const folders = [await editorBundle(join(PROJECT_ROOT, '.cache/admin')), join(PROJECT_ROOT, 'src/desk/pages')];
    const styles = folders.flatMap((cwd) => globSync('**/*.css', { cwd }).map((name) => join(cwd, name)));
    expect(styles.length).toBeGreaterThan(2);
    const found = styles.flatMap((file) => readFileSync(file, 'utf8').match(newer) ?? []);
    expect(found).toEqual([]);
  });
});

describe('The scan', () => {
  const cases = [
    ['class A { #x = 1 }', 'syntax'],
    ['class A { static { a() } }', 'syntax'],
    ['a ??= [1].at(-1)', 'array-prototype-at'],
    ['f(list.toSorted())', 'tosorted'],
    ['list.findLast(f)', 'findlast'],
    ['Object.hasOwn(a, b)', 'object-hasown'],
    ['structuredClone(a)', 'compat'],
    ['/(?<=a)b/u.test(c)', LOOKBEHIND],
    ['new Intl.Segmenter("zh")', 'intl-segmenter'],
    ['new Set(a).values().map(f)', 'iterator-prototype-map'],
    ['await f()', 'syntax'],
    ['new CompressionStream("gzip")', 'compat'],
  ] as const;
  test.each(cases)('finds in %s something newer than the browsers of readers', (script, rule) => {
    const found = newerIn(script, { runners: readers, allowed: [], module: true, browser: true }, new Set());
    expect(found.join('\n')).toContain(rule);
  });

  test.each([
    'a ??= b?.c ?? 1_000',
    'a.replaceAll("b", "c")',
    'for (const a of b.matchAll(/c/gu)) d(a)',
    'list.map(f).filter(g)',
    'Promise.any([a])',
    'b.replaceChildren()',
    'navigator.clipboard.writeText(a)',
  ])('finds nothing in %s', (script) => {
    expect(newerIn(script, { runners: readers, allowed: [], module: true, browser: true }, new Set())).toEqual([]);
  });
});

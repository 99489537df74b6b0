// Rules for folders of src/: few files, and no circles of imports between folders, type imports included.
import { globSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import ts from 'typescript';
import { expect, test } from 'vitest';
import { PROJECT_ROOT } from '../../src/render/compile/build-cache.ts';

/** Maximum number of code files directly in a folder. */
const MOST_FILES = 25;

const codeFiles = globSync('src/**/*.{ts,js,astro,mjs}', { cwd: PROJECT_ROOT }).filter(
  (file) => !file.endsWith('.d.ts'),
);

/** Returns the relative imports of a file, as paths relative to the checkout. */
function importsOf(file: string): string[] {
  const text = readFileSync(join(PROJECT_ROOT, file), 'utf8');
  return ts
    .preProcessFile(text, true, true)
    .importedFiles.filter(({ fileName }) => fileName.startsWith('.'))
    .map(({ fileName }) => join(dirname(file), fileName));
}

/** Returns for each folder the other folders from which its files import. */
function folderImports(): Map<string, Set<string>> {
  const imports = new Map<string, Set<string>>();
  for (const file of codeFiles) {
    const from = dirname(file);
    const targets = imports.get(from) ?? new Set();
    imports.set(from, targets);
    for (const to of importsOf(file).map(dirname)) if (to !== from) targets.add(to);
  }
  return imports;
}

/**
 * Removes folders that import from no remaining folder, until there is no such folder. Returns the remaining folders,
 * sorted. They import each other in a circle, or they import from such a circle.
 */
function withoutEnds(imports: ReadonlyMap<string, ReadonlySet<string>>): string[] {
  const left = new Map(imports);
  for (let before = -1; before !== left.size;) {
    before = left.size;
    for (const [folder, targets] of left) if (![...targets].some((target) => left.has(target))) left.delete(folder);
  }
  return [...left.keys()].sort();
}

test('Folders do not import each other in a circle', () => {
  expect(withoutEnds(folderImports())).toEqual([]);
});

test('A circle is found', () => {
  const circle = new Map([
    ['a', new Set(['b'])],
    ['b', new Set(['c'])],
    ['c', new Set(['b'])],
    ['d', new Set<string>()],
  ]);
  expect(withoutEnds(circle)).toEqual(['a', 'b', 'c']);
});

test(`No folder of src has more than ${MOST_FILES} code files`, () => {
  const counts = Map.groupBy(codeFiles, dirname);
  const large = [...counts].filter(([, files]) => files.length > MOST_FILES).map(([folder]) => folder);
  expect(large).toEqual([]);
});

test('comments and papers name only files that exist', () => {
  const named = /(?<![\w<>*.-])(?:[\w.[\]-]+\/)*[\w-]+(?:\.(?:long\.)?test)?\.(?:ts|astro|mjs|css)(?![\w.])/gu;
  const all = globSync('{src,tests,benchmarks,lint,docs,deploy}/**/*.*', { cwd: PROJECT_ROOT }).concat(
    globSync('*.*', { cwd: PROJECT_ROOT }),
  );
  const names = new Set(all.map((file) => basename(file)));
  const wrong = all
    .filter((file) => /\.(?:ts|mjs|astro|css|md)$/u.test(file) && !/^(?:docs\/decisions|CONTRIBUTING)/u.test(file))
    .flatMap((file) => {
      const text = readFileSync(join(PROJECT_ROOT, file), 'utf8');
      // `/*` at the end of a string is not a comment but part of a path pattern.
      const prose = file.endsWith('.md')
        ? text
        : (text.match(/\/\*(?!['"`])[\s\S]*?\*\/|^\s*\/\/.*$/gmu) ?? []).join('\n');
      return (prose.match(named) ?? [])
        .filter(
          (name) =>
            !(name.includes('/')
              ? all.some((path) => path.endsWith(name.replace(/^(?:\.\.?\/)+/u, '')))
              : names.has(name)),
        )
        .map((name) => `${file}: ${name}`);
    });
  expect(wrong).toEqual([]);
});

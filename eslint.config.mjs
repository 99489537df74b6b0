import eslint from '@eslint/js';
import astro from 'eslint-plugin-astro';
import { defineConfig } from 'eslint/config';
import tseslint from 'typescript-eslint';
import { htmlTemplates } from './lint/html-templates.mjs';
import { plainEnglish } from './lint/plain-english.mjs';
import { walls } from './lint/walls.mjs';

/**
 * Returns the configuration of the rule `house/walls` for some files.
 * @param {string[]} files
 * @param {string[]} allowed folders of src from which the files may import, in addition to the folder that contains
 * them
 * @param {string[]} [allowedFiles] single files of other folders, as paths below src
 */
function wall(files, allowed, allowedFiles = []) {
  return { files, rules: { 'house/walls': ['error', { allowed, allowedFiles }] } };
}

/** Globs of pure files: their functions return the same result for the same arguments, in Node and in browsers. */
const PURE = [
  'src/text/**',
  'src/model/**',
  'src/poster/{composition,layout,line-breaking,palette,poster-blocks,svg,text-runs,title-size,typeface}.ts',
  'src/photo/judging/**',
  'src/photo/rules/**',
  'src/photo/orientation/**',
  'src/photo/encode/variants.ts',
  'src/writing/**',
  'src/word/**',
];
/** Syntax that would make a page depend on something that the library does not track. */
const OUTSIDE = [
  { selector: "NewExpression[callee.name='Date'][arguments.length=0]", message: 'Rendering must not read the clock.' },
  {
    selector: "CallExpression[callee.object.name='Date'][callee.property.name='now']",
    message: 'Rendering must not read the clock.',
  },
  {
    selector: "MemberExpression[object.name='process'][property.name='env']",
    message: 'Rendering must not read the environment.',
  },
];

/**
 * Syntax that can hide a failed write. SQLite commits a statement that returns rows only when the statement is reset.
 * If this commit fails (on a full disk), `get` and `iterate` of node:sqlite do not report it. The write would be
 * reported as done and would be lost.
 */
const UNKNOWN_COMMIT = [
  {
    selector: 'Literal[value=/\\bRETURNING\\b/]',
    message: 'Write with run(), then read: get() does not report a failed commit of RETURNING.',
  },
  {
    selector: 'TemplateElement[value.raw=/\\bRETURNING\\b/]',
    message: 'Write with run(), then read: get() does not report a failed commit of RETURNING.',
  },
  {
    selector:
      "CallExpression[callee.property.name=/^(?:get|iterate)$/][callee.object.callee.property.name='prepare'][callee.object.arguments.0.value=/^\\s*(?:insert|update|delete|replace)\\b/i]",
    message: 'Write with run(): it throws if the commit fails.',
  },
];

export default defineConfig(
  { ignores: ['node_modules', 'dist', 'data', '.cache', '.astro'] },
  eslint.configs.recommended,
  tseslint.configs.strict,
  astro.configs.recommended,
  { plugins: { house: { rules: { walls, 'plain-english': plainEnglish, 'html-templates': htmlTemplates } } } },
  {
    linterOptions: { reportUnusedDisableDirectives: 'error' },
    rules: {
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/consistent-type-assertions': ['error', { assertionStyle: 'never' }],
      '@typescript-eslint/consistent-type-imports': ['error', { disallowTypeAnnotations: false }],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      'no-console': 'error',
      'house/html-templates': 'error',
      'house/plain-english': 'error',
      eqeqeq: 'error',
    },
  },
  { files: ['src/commands/**', 'benchmarks/**', 'docs/**', '*.mjs'], rules: { 'no-console': 'off' } },
  { files: ['src/**'], rules: { 'no-restricted-syntax': ['error', ...UNKNOWN_COMMIT] } },
  wall(['src/text/**'], []),
  wall(['src/model/**'], ['text'], ['photo/rules/finding.ts', 'photo/rules/size-rule.ts']),
  wall(['src/writing/**'], ['text']),
  wall(['src/photo/**/*.ts'], []),
  wall(['src/photo/**/*.astro'], ['model']),
  wall(
    ['src/library/**'],
    ['model', 'text'],
    [
      'photo/encode/variants.ts',
      'photo/rules/duplicate-rule.ts',
      'photo/rules/finding.ts',
      'photo/judging/likeness.ts',
    ],
  ),
  wall(
    ['src/components/**', 'src/layouts/**'],
    ['model', 'text', 'components', 'layouts', 'styles'],
    ['photo/Photo.astro', 'search/shared/index-attributes.ts', 'search/suggest/suggest-box.ts'],
  ),
  wall(
    ['src/pages/**'],
    ['model', 'text', 'components', 'layouts', 'styles', 'library', 'search'],
    ['photo/Photo.astro'],
  ),
  wall(['src/poster/**'], ['model', 'text'], ['photo/workers/lower-priority.ts']),
  wall(['src/search/**'], ['text', 'model', 'styles']),
  wall(['src/render/**'], ['library', 'model', 'photo', 'poster', 'search', 'text']),
  wall(['src/word/**'], ['text']),
  wall(['src/desk/**'], ['model', 'text', 'photo', 'render', 'library']),
  wall(['src/cms/**'], ['model', 'text', 'photo', 'search', 'styles', 'writing', 'word']),
  wall(['src/commands/**'], ['text', 'model', 'photo', 'library', 'search', 'render', 'desk', 'word']),
  {
    files: PURE,
    rules: { 'no-restricted-globals': ['error', 'process', 'Buffer', 'window', 'document', 'navigator', 'fetch'] },
  },
  {
    files: ['src/pages/**', 'src/components/**', 'src/layouts/**', 'src/photo/*.astro', 'src/library/**'],
    rules: { 'no-restricted-syntax': ['error', ...OUTSIDE] },
  },
  {
    files: ['src/components/**', 'src/layouts/**', 'src/photo/*.astro'],
    rules: {
      'no-restricted-syntax': [
        'error',
        ...OUTSIDE,
        {
          selector: "MemberExpression[object.name='Astro'][property.name='locals']",
          message: 'Components get what they show as props.',
        },
      ],
    },
  },
  {
    // U+3000, the ideographic space, occurs in Chinese text.
    files: ['**/*.astro'],
    rules: { 'no-irregular-whitespace': 'off' },
  },
  {
    // Page scripts run in the browser and may read the clock.
    files: ['**/*.astro/*.js', '**/*.astro/*.ts'],
    rules: { 'no-restricted-syntax': 'off' },
  },
  {
    // TypeScript reports undefined names in these files.
    files: ['**/*.ts', '**/*.astro', '**/*.astro/*', '**/*.mjs', 'src/desk/pages/client-script.js'],
    rules: { 'no-undef': 'off' },
  },
);

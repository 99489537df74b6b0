import eslint from '@eslint/js';
import astro from 'eslint-plugin-astro';
import { defineConfig } from 'eslint/config';
import tseslint from 'typescript-eslint';

/** Who may import whom: a room is given what it may not reach. DESIGN: imports run one way. */
const ROOMS = [
  'text',
  'model',
  'photo',
  'library',
  'poster',
  'search',
  'render',
  'cms',
  'desk',
  'commands',
  'pages',
  'layouts',
  'components',
  'styles',
];

/**
 * A room's files, and the rooms they may import. `also`: single files of other rooms.
 * @param {string} room
 * @param {string[]} files
 * @param {string[]} may
 * @param {string[]} [also]
 */
function wall(room, files, may, also = []) {
  const barred = ROOMS.filter((other) => other !== room && !may.includes(other));
  return {
    files,
    rules: {
      'no-restricted-imports': [
        'error',
        {
          patterns: barred.map((other) => ({
            group: [
              `**/${other}/**`,
              // As in .gitignore, a file is let in again only where its folder is.
              ...new Set(
                also
                  .filter((file) => file.startsWith(`${other}/`))
                  .flatMap((file) => [`!**/${file.slice(0, file.lastIndexOf('/'))}`, `!**/${file}`]),
              ),
            ],
            message: `Room ${room} must not import from ${other}: see “Where things live” in the README.`,
          })),
        },
      ],
    },
  };
}

/** Rooms that are pure: the same answer for the same arguments, in every runtime. */
const PURE = [
  'src/text/**',
  'src/model/**',
  'src/poster/{composition,layout,line-breaking,palette,parts,svg,text-runs,typeface}.ts',
  'src/photo/judging/**',
  'src/photo/rules/**',
  'src/photo/encode/variants.ts',
];
/** What would let something into a page that the library did not answer. */
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
 * SQLite commits a statement that answers rows only when it is reset, and node:sqlite's `get` and `iterate` do not hear
 * of a commit that fails then (a full disk): the write would be answered as done and be lost.
 */
const UNKNOWN_COMMIT = [
  {
    selector: 'Literal[value=/\\bRETURNING\\b/]',
    message: 'Write with run(), then read: a failed commit of RETURNING is not told by get().',
  },
  {
    selector: 'TemplateElement[value.raw=/\\bRETURNING\\b/]',
    message: 'Write with run(), then read: a failed commit of RETURNING is not told by get().',
  },
  {
    selector:
      "CallExpression[callee.property.name=/^(?:get|iterate)$/][callee.object.callee.property.name='prepare'][callee.object.arguments.0.value=/^\\s*(?:insert|update|delete|replace)\\b/i]",
    message: 'Write with run(): it throws where the commit fails.',
  },
];

export default defineConfig(
  { ignores: ['node_modules', 'dist', 'data', '.cache', '.astro'] },
  eslint.configs.recommended,
  tseslint.configs.strict,
  astro.configs.recommended,
  {
    linterOptions: { reportUnusedDisableDirectives: 'error' },
    rules: {
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/consistent-type-assertions': ['error', { assertionStyle: 'never' }],
      '@typescript-eslint/consistent-type-imports': ['error', { disallowTypeAnnotations: false }],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      'no-console': 'error',
      eqeqeq: 'error',
    },
  },
  { files: ['src/commands/**', 'benchmarks/**', 'docs/**', '*.mjs'], rules: { 'no-console': 'off' } },
  { files: ['src/**'], rules: { 'no-restricted-syntax': ['error', ...UNKNOWN_COMMIT] } },
  wall('text', ['src/text/**'], []),
  wall('model', ['src/model/**'], ['text'], ['photo/rules/finding.ts', 'photo/rules/size-rule.ts']),
  wall('photo', ['src/photo/**/*.ts'], []),
  wall('photo', ['src/photo/**/*.astro'], ['model']),
  wall(
    'library',
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
    'components',
    ['src/components/**', 'src/layouts/**'],
    ['model', 'text', 'components', 'layouts', 'styles'],
    ['photo/Photo.astro', 'search/shared/index-attributes.ts', 'search/suggest/suggest-box.ts'],
  ),
  wall(
    'pages',
    ['src/pages/**'],
    ['model', 'text', 'components', 'layouts', 'styles', 'library', 'search'],
    ['photo/Photo.astro'],
  ),
  wall('poster', ['src/poster/**'], ['model', 'text'], ['photo/workers/lower-priority.ts']),
  wall('search', ['src/search/**'], ['text', 'model', 'styles']),
  wall('render', ['src/render/**'], ['library', 'model', 'photo', 'poster', 'search', 'text']),
  wall('desk', ['src/desk/**'], ['model', 'text', 'photo', 'render', 'library']),
  wall('cms', ['src/cms/**'], ['model', 'text', 'photo', 'search']),
  wall('commands', ['src/commands/**'], ['text', 'model', 'photo', 'library', 'search', 'render', 'desk']),
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
    // U+3000 is a character of Chinese text.
    files: ['**/*.astro'],
    rules: { 'no-irregular-whitespace': 'off' },
  },
  {
    // Scripts of a page run in the browser, where today is known.
    files: ['**/*.astro/*.js', '**/*.astro/*.ts'],
    rules: { 'no-restricted-syntax': 'off' },
  },
  {
    // TypeScript knows which names there are.
    files: ['**/*.ts', '**/*.astro', '**/*.astro/*', '**/*.mjs', 'src/desk/pages/browser.js'],
    rules: { 'no-undef': 'off' },
  },
);

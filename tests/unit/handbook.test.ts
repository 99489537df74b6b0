// The handbooks quote the desk: every word in bold and every quoted sentence is a text of the desk, and every picture
// and link exists.
import { globSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import ts from 'typescript';
import { expect, test } from 'vitest';
import { chinese } from '../../src/cms/decap/locale.ts';
import { readHandbook } from '../../src/desk/pages/help/handbook.ts';
import { HANDBOOK_FOLDER } from '../../src/desk/pages/help/handbooks.ts';
import { collections } from '../../src/model/collections/collections.ts';
import { role } from '../../src/model/roles.ts';
import { PROJECT_ROOT } from '../../src/render/compile/build-cache.ts';

const PICTURES = join(HANDBOOK_FOLDER, 'pictures');
const MOST_BYTES = 150_000;

const sources = new Map(role.options.map((name) => [name, readFileSync(join(HANDBOOK_FOLDER, `${name}.md`), 'utf8')]));
const handbooks = new Map([...sources].map(([name, source]) => [name, readHandbook(source)]));

/**
 * Returns the texts of a TypeScript file: its strings and the pieces of its templates, also split at `<` and `>`, so
 * that words between HTML tags are texts too.
 */
function textsIn(path: string): string[] {
  const texts: string[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isStringLiteralLike(node) || ts.isTemplateHead(node) || ts.isTemplateMiddleOrTemplateTail(node)) {
      texts.push(node.text, ...node.text.split(/[<>]/u));
    }
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile(path, readFileSync(path, 'utf8'), ts.ScriptTarget.Latest));
  return texts;
}

/** Returns all strings in an object, at any depth. */
function phrasesIn(tree: object): string[] {
  return Object.values(tree).flatMap((value: unknown) => {
    if (typeof value === 'string') return [value];
    return typeof value === 'object' && value !== null ? phrasesIn(value) : [];
  });
}

const texts = globSync('src/{desk,cms,model,photo}/**/*.ts', { cwd: PROJECT_ROOT })
  .flatMap((path) => textsIn(join(PROJECT_ROOT, path)))
  .concat(phrasesIn(chinese));
/** Words that the desk makes of several texts. */
const composed = [
  ...Object.values(collections).map(({ labelOne }) => `新建${labelOne}`),
  ...['草稿', '待审', '已通过'].map((state) => `状态：${state}`),
];
const words = new Set([...texts, ...composed].map((text) => text.trim()));
const everything = texts.join('\n');

test.each(role.options)('Every word in bold is a text of the desk: %s', (name) => {
  const bold = [...(sources.get(name) ?? '').matchAll(/\*\*([^*]+)\*\*/gu)].map(([, word = '']) => word);
  expect(bold.length).toBeGreaterThan(20);
  expect([...new Set(bold)].filter((word) => !words.has(word))).toEqual([]);
});

test.each(role.options)('Every quoted sentence is a text of the desk: %s', (name) => {
  const quoted = [...(sources.get(name) ?? '').matchAll(/^ *> (.+)$/gmu)].map(([, line = '']) => line);
  const sentences = quoted.flatMap((line) => line.split(/(?<=[。：？；！])/u));
  expect(sentences.filter((sentence) => !everything.includes(sentence.trim()))).toEqual([]);
});

test('Every picture of a handbook exists and is small enough, and there is no other', async () => {
  const named = [...handbooks.values()].flatMap(({ intro, sections }) =>
    [...intro, ...sections.flatMap(({ blocks }) => blocks)].flatMap((block) =>
      'picture' in block ? block.picture : [],
    ),
  );
  // A reader would see a picture's line as text if the handbook parser did not recognise it.
  const lines = [...sources.values()].flatMap((source) => source.match(/!\[/gu) ?? []);
  expect(named).toHaveLength(lines.length);
  expect(readdirSync(PICTURES).sort()).toEqual([...new Set(named)].sort());
  for (const picture of named) {
    const path = join(PICTURES, picture);
    expect(statSync(path).size, picture).toBeLessThanOrEqual(MOST_BYTES);
    const { format, width } = await sharp(path).metadata();
    expect(format, picture).toBe('webp');
    expect(width, picture).toBeLessThanOrEqual(1200);
  }
});

test('Every link leads to a section or a handbook', () => {
  for (const [name, source] of sources) {
    for (const [, target = ''] of source.matchAll(/\]\(([^)]+)\)/gu)) {
      if (target.startsWith('pictures/') || target.startsWith('/')) continue;
      const [file = '', section] = target.split('#');
      const to = file === '' ? name : role.options.find((one) => `${one}.md` === file);
      const handbook = to && handbooks.get(to);
      expect(handbook, `${name}: ${target}`).toBeDefined();
      if (section !== undefined) expect(handbook?.sections.map(({ id }) => id)).toContain(section);
    }
  }
});

test('A handbook is parsed into title, sections and numbered pictures', () => {
  const { title, intro, sections } = readHandbook(`# 手册

先看这里。

## 忘了密码，怎么办

1. 一

![图](pictures/a-b.webp)

2. 见[审核](reviewer.md#退回)

- ① 左边
`);
  expect({ title, intro }).toEqual({ title: '手册', intro: [{ html: '<p>先看这里。</p>\n' }] });
  const [{ blocks = [], ...section } = {}] = sections;
  expect(section).toEqual({ id: '忘了密码怎么办', title: '忘了密码，怎么办' });
  expect(blocks).toEqual([
    { html: '<ol>\n<li>一</li>\n</ol>\n' },
    { picture: 'a-b.webp', caption: '图', number: 1 },
    { html: expect.stringMatching(/^<ol start="2">\n<li>见<a href="\/desk\/help\/reviewer\/#[^"]+">审核<\/a>/u) },
  ]);
  expect(blocks[2]).toMatchObject({ html: expect.stringContaining('<li class="marked"><b>①</b> 左边</li>') });
});

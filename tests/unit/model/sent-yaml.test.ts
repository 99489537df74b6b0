// Front matter that is sent to the desk. Notations in which one place refers to another are refused. Fields that only
// the desk writes are never taken from it, in whatever notation.
import { describe, expect, test } from 'vitest';
import { stringify } from 'yaml';
import { entryFormat } from '../../../src/cms/decap/entry-format.ts';
import { withDeskKeys, withFields, withPublication, withWithdrawal } from '../../../src/desk/drafts/front-matter.ts';
import { Refusal } from '../../../src/desk/domain/refusal.ts';
import { parseDocumentFile, parseFile, parseSentFile, type ParsedFile } from '../../../src/model/document.ts';

const FILE = 'stories/jiefang/20210319-213000ef/index.md';
const AUTHOR = { login: 'a', name: '甲', role: 'author', unit: 'jiefang' } as const;
const REVIEWER = { login: 'r', name: '李审核', role: 'reviewer' } as const;

const file = (yaml: string): string => `---\n${yaml}\n---\n\n正文\n`;
const EXEMPTION = '{ reason: 老照片, by: 李审核 }';

function faultOf(yaml: string, path = FILE): string {
  const read = parseSentFile(path, path.endsWith('.md') ? file(yaml) : yaml);
  return 'what' in read ? `${read.what}。${read.remedy}` : '';
}

describe('Refused, with line and field:', () => {
  test.each([
    ['an anchor', 'title: 甲\nplace: &p 街上', '第 3 行“place”一栏用了 YAML 的锚点“&p”'],
    ['an anchor on nothing', 'title: &p\nplace: 街上', '第 2 行“title”一栏用了 YAML 的锚点“&p”'],
    ['an anchor on a list', 'photos: &p\n  - src: a.jpg', '“photos”一栏用了 YAML 的锚点“&p”'],
    ['an anchor on a key', '&p title: 甲', '锚点“&p”'],
    ['an alias of a photo', `x: {a: 1}\nphotos: [*p]`, '第 3 行“photos”一栏用了 YAML 的引用“*p”'],
    ['an alias of nothing', 'title: *nothing', '第 2 行“title”一栏用了 YAML 的引用“*nothing”'],
    ['an alias as a key', '*p : 甲', '写法有误'],
    ['an alias in an alias bomb', 'a: [x, x]\nb: [*a, *a]', '引用“*a”'],
    ['a merge key', 'title: 甲\nphotos:\n  - <<: { src: a.jpg }', '第 4 行“photos”一栏用了 YAML 的合并写法“<<”'],
    ['a merge key in quotes', `"<<": { published: 2020-01-01 }`, '合并写法“<<”'],
    ['a tag of YAML', 'title: !!str 甲', '第 2 行“title”一栏用了 YAML 的类型标记'],
    ['an unknown tag', 'title: !x 甲', /标记|写法有误/u],
    ['a tag on a map', 'photos:\n  - !!map { src: a.jpg }', '“photos”一栏用了 YAML 的类型标记'],
    ['a binary tag', 'title: !!binary aGk=', /标记|写法有误/u],
    ['a set', 'title: !!set { a }', /标记|写法有误/u],
    ['a second document', 'title: 甲\n...\ntitle: 乙', '写法有误'],
    ['the same key twice', 'title: 甲\nplace: 乙\ntitle: 丙', '第 4 行又写了一次“title”'],
    ['the same key twice, once in quotes', 'title: 甲\n"title": 丙', '第 3 行又写了一次“title”'],
    ['the same key twice in a photo', 'photos:\n  - { src: a.jpg, src: b.jpg }', '又写了一次“src”'],
    ['the same number twice as a key', '1: 甲\n"1": 乙', '又写了一次“1”'],
    ['a list as a key', '? [a, b]\n: 甲', '写法有误'],
    ['a list instead of fields', '- title: 甲', '信息栏不是一栏一栏的写法'],
    ['a text instead of fields', '只有一句话', '信息栏不是一栏一栏的写法'],
    ['brackets that never close', `title: ${'['.repeat(2000)}`, '写法有误'],
    ['more marks than any real entry has', `title: [${'1,'.repeat(3000)}]`, '超过 2500 个'],
    ['more than 32 KB', `title: ${'字'.repeat(33_000)}`, '信息栏太长'],
  ])('%s', (_case, yaml, sentence) => expect(faultOf(yaml)).toMatch(sentence));

  test.each([
    ['a directive of a version', '%YAML 1.1\n---\nwish: 甲\n', '指令'],
    ['a directive of tags', '%TAG ! tag:example.org,2000:\n---\nwish: 甲\n', '指令'],
    ['two documents', 'wish: 甲\n---\nwish: 乙\n', '写法有误'],
  ])('%s, in a YAML file', (_case, yaml, sentence) =>
    expect(faultOf(yaml, 'wishes/20210319-213000ef.yml')).toMatch(sentence),
  );
});

describe('Accepted:', () => {
  test.each([
    ['empty front matter', ''],
    ['comments', '# 说明\ntitle: 甲 # 题目'],
    ['marks within quotes', 'title: "&a *b !!c <<"\nplace: a & b * c'],
    ['a text in several lines', 'summary: |\n  *一*\n  &二'],
    ['quoted keys', '"title": 甲'],
    ['300 changes', `edits:\n${'  - date: 2021-03-01\n    by: 甲\n'.repeat(300)}`],
  ])('%s', (_case, yaml) => expect(faultOf(yaml)).toBe(''));
});

test.each([
  ['anchors and aliases', 'title: &t 甲\nplace: *t', { title: '甲', place: '甲' }],
  ['an unused anchor', 'title: &t 甲', { title: '甲' }],
  ['a tag of YAML', 'title: !!str 甲', { title: '甲' }],
])('A stored file can still be read with %s', (_case, yaml, data) => {
  expect(parseDocumentFile(FILE, file(yaml))).toMatchObject({ data });
});

test('An alias of nothing in a stored file is reported as a fault and throws nothing', () => {
  expect(parseDocumentFile(FILE, file('title: *nothing'))).toMatchObject({ what: expect.stringContaining('没有来处') });
});

function parsed(text: string): ParsedFile {
  const read = parseFile(FILE, text);
  if ('what' in read) throw new Error(read.what);
  return read;
}

/**
 * Saves a text: the desk sets the fields that only the desk writes. Returns the resulting front matter, or the fault if
 * it is invalid, or the HTTP status if the desk refuses the text. `published`: front matter of the published text.
 * `base`: front matter of the version that the text was made from. `writer`: the person who saves.
 */
function saved(
  yaml: string,
  {
    published,
    base,
    writer = AUTHOR,
  }: { published?: string; base?: string; writer?: typeof AUTHOR | typeof REVIEWER } = {},
): unknown {
  const existing = {
    published: published === undefined ? undefined : file(published),
    base: base === undefined ? undefined : file(base),
  };
  try {
    const read = parseDocumentFile(FILE, withDeskKeys(parsed(file(yaml)), existing, writer).text);
    return 'what' in read ? read.what : read.data;
  } catch (error) {
    if (error instanceof Refusal) return error.status;
    throw error;
  }
}

describe('A key that only the desk writes', () => {
  const DESK =
    'published: 2020-01-01\nedits: [{ date: 2020-01-02, by: 乙 }]\nwithdrawn: { date: 2020-01-03, reason: 错 }';
  const resolved = {
    published: '2020-01-01',
    edits: [{ date: '2020-01-02', by: '乙' }],
    withdrawn: { date: '2020-01-03', reason: '错' },
  };

  test.each([
    ['as keys', DESK],
    ['in quotes', DESK.replace('published', '"published"').replace('edits', "'edits'")],
    ['as an explicit key', '? published\n: 2020-01-01\n? edits\n: [{ date: 2020-01-02, by: 乙 }]'],
    ['as other kinds of values', 'published: [1]\nedits: 是\nwithdrawn: true'],
    ['as nothing', 'published:\nedits:\nwithdrawn:'],
  ])('is dropped if nothing is published: %s', (_case, yaml) => {
    expect(saved(`title: 甲\n${yaml}`)).toEqual({ title: '甲' });
  });

  test.each([
    ['does not send it', 'title: 甲'],
    ['sends another value', 'title: 甲\npublished: 1999-01-01\nedits: []'],
    ['sends the same value', `title: 甲\n${DESK}`],
  ])('keeps its published value when the writer %s', (_case, yaml) => {
    expect(saved(yaml, { published: `title: 旧\n${DESK}` })).toEqual({ title: '甲', ...resolved });
  });

  test('is copied by value from a published text that uses aliases', () => {
    const published = `x: &day 2020-01-01\npublished: *day\nedits: &e [{ date: *day, by: 乙 }]\nold: *e`;
    expect(saved('title: 甲', { published })).toEqual({
      title: '甲',
      published: '2020-01-01',
      edits: [{ date: '2020-01-01', by: '乙' }],
    });
  });
});

describe('An exemption', () => {
  test.each([
    ['as a key', `photos:\n  - src: a.jpg\n    exemption: ${EXEMPTION}`],
    ['in quotes', `photos:\n  - { "src": a.jpg, "exemption": ${EXEMPTION} }`],
    ['as an explicit key', `photos:\n  - src: a.jpg\n    ? exemption\n    : ${EXEMPTION}`],
    ['by an alias', `x: &p { src: a.jpg, exemption: ${EXEMPTION} }\nphotos: [*p]`],
    ['by an alias of itself', `x: &e ${EXEMPTION}\nphotos: [{ src: a.jpg, exemption: *e }]`],
    ['by an alias of all photos', `x: &p [{ src: a.jpg, exemption: ${EXEMPTION} }]\nphotos: *p`],
    ['after list items that are no maps', `photos: [1, [x], null, { src: a.jpg, exemption: ${EXEMPTION} }]`],
  ])('is refused from an author: %s', (_case, yaml) => expect(saved(yaml)).toBe(403));

  test.each([
    ['a list', 'photos: [{ src: a.jpg, exemption: [1] }]'],
    ['a text', 'photos: [{ src: a.jpg, exemption: 老照片 }]'],
    ['without a reason', 'photos: [{ src: a.jpg, exemption: { by: 李审核 } }]'],
  ])('that is invalid is dropped: %s', (_case, yaml) => expect(saved(yaml)).toEqual({ photos: [{ src: 'a.jpg' }] }));

  test('in the base version is kept, in any notation', () => {
    const base = `x: &e ${EXEMPTION}\nphotos: [{ src: a.jpg, exemption: *e }]`;
    expect(saved('photos: [{ src: a.jpg }]', { base })).toEqual({
      photos: [{ src: 'a.jpg', exemption: { reason: '老照片', by: '李审核' } }],
    });
  });

  test('by a reviewer gets the reviewer’s own name', () => {
    const yaml = 'photos: [{ src: a.jpg, exemption: { reason: 老照片, by: 别人 } }]';
    expect(saved(yaml, { writer: REVIEWER })).toMatchObject({ photos: [{ exemption: { by: '李审核' } }] });
  });
});

describe('The desk’s own writer', () => {
  const published = (text: string, before?: string) =>
    withPublication(FILE, text, { before, today: '2021-01-01', by: '乙' });
  const stored = file('x: &day 2020-01-01\ndate: *day\ntitle: 甲');

  test.each([
    ['publishing', published(stored)],
    ['publishing again', published(published(stored), published(stored))],
    ['withdrawing', withWithdrawal(FILE, stored, { today: '2021-01-01', reason: '错' })],
    ['taking fields over', withFields(parsed(stored), new Map([['x', undefined]]))],
  ])('writes no anchors, and loses nothing of a stored file with them: %s', (_case, text = '') => {
    expect(text).not.toMatch(/[&*]\w/u);
    expect(parseDocumentFile(FILE, text)).toMatchObject({ data: { date: '2020-01-01', title: '甲' } });
    expect(parseSentFile(FILE, text)).toHaveProperty('data');
  });

  test('writes equal values twice instead of a reference', () => {
    const same = { src: 'a.jpg', alt: '一' };
    expect(stringify({ photos: [same, same] })).toContain('*');
    const text = entryFormat('stories').toFile({ title: '甲', photos: [same, same] });
    expect(parseSentFile(FILE, text)).toMatchObject({ data: { photos: [same, same] } });
    expect(withFields(parsed(file('title: 甲')), new Map([['photos', [same, same]]]))).not.toContain('*');
  });

  test('leaves an unreadable text unchanged', () => {
    const broken = file('title: "甲');
    expect(published(broken)).toBe(broken);
    expect(withWithdrawal(FILE, file('- 甲'), { today: '2021-01-01', reason: '错' })).toBe(file('- 甲'));
  });
});

// What the desk writes into an entry's file when a photo is withdrawn, and what saves and publications make of it.
import { describe, expect, test } from 'vitest';
import {
  shownPhotosIn,
  withDeskKeys,
  withoutPhotosIn,
  withPhotoWithdrawal,
  withPublication,
  withWithdrawal,
} from '../../../src/desk/drafts/front-matter.ts';
import { parseDocumentFile, parseSentFile } from '../../../src/model/document.ts';

const FILE = 'stories/jiefang/20210401-080000aa/index.md';
const FACTS = { today: '2021-05-01', reason: '本人不愿意' };
const MARK = { date: '2021-05-01', reason: '本人不愿意' };
const AUTHOR = { login: 'li', name: '李作者', role: 'author', unit: 'jiefang' } as const;
const REVIEWER = { login: 'zhao', name: '赵审核', role: 'reviewer', unit: undefined } as const;

function file(yaml: string): string {
  return `---\n${yaml}\n---\n\n正文\n`;
}

const TWO = file('title: 甲\npublished: 2021-04-01\nphotos:\n  - src: a.jpg\n  - src: b.jpg');

function dataOf(text: string): unknown {
  const parsed = parseDocumentFile(FILE, text);
  return 'what' in parsed ? parsed.what : parsed.data;
}

function withdrawn(text: string, ...srcs: string[]): string {
  return withPhotoWithdrawal(FILE, text, new Set(srcs), { ...FACTS, published: true });
}

function saved(raw: string, published: string, base: string, writer: typeof AUTHOR | typeof REVIEWER): unknown {
  const sent = parseSentFile(FILE, raw);
  if ('what' in sent) throw new Error(sent.what);
  return dataOf(withDeskKeys(sent, { published, base }, writer).text);
}

describe('A withdrawal', () => {
  test('marks the photo and raises the generation; other bytes stay', () => {
    expect(dataOf(withdrawn(TWO, 'a.jpg'))).toEqual({
      title: '甲',
      published: '2021-04-01',
      photos: [{ src: 'a.jpg', withdrawn: MARK }, { src: 'b.jpg' }],
      generation: 1,
    });
    expect(withdrawn(TWO, 'a.jpg')).toMatch(/\n\n正文\n$/u);
  });

  test('of a second photo raises it again, and keeps when the first was withdrawn', () => {
    const twice = withPhotoWithdrawal(FILE, withdrawn(TWO, 'a.jpg'), new Set(['a.jpg', 'b.jpg']), {
      today: '2022-01-01',
      reason: '另一个人',
      published: true,
    });
    expect(dataOf(twice)).toMatchObject({
      generation: 2,
      photos: [{ withdrawn: MARK }, { withdrawn: { date: '2022-01-01', reason: '另一个人' } }],
    });
  });

  test('of a draft leaves the generation to the publication', () => {
    const draft = withPhotoWithdrawal(FILE, TWO, new Set(['a.jpg']), { ...FACTS, published: false });
    expect(dataOf(draft)).not.toHaveProperty('generation');
    expect(shownPhotosIn(FILE, draft)).toEqual(['b.jpg']);
  });

  test.each([
    ['a photo that the entry does not name', TWO, 'c.jpg'],
    ['a text that cannot be read', file('title: "甲'), 'a.jpg'],
    ['photos that are no list', file('photos: a.jpg'), 'a.jpg'],
  ])('of %s changes nothing', (_case, text, src) => {
    expect(withdrawn(text, src)).toBe(text);
  });

  test('goes with anchors in a stored file', () => {
    const text = withdrawn(file('photos:\n  - &p { src: a.jpg, credit: 甲 }\n  - *p'), 'a.jpg');
    expect(text).not.toMatch(/[&*]p/u);
    expect(shownPhotosIn(FILE, text)).toEqual([]);
  });

  test('of the whole entry may hide the title', () => {
    expect(dataOf(withWithdrawal(FILE, TWO, { ...FACTS, hideTitle: true }))).toMatchObject({
      withdrawn: { ...MARK, hideTitle: true },
    });
    expect(dataOf(withWithdrawal(FILE, TWO, FACTS))).toMatchObject({ withdrawn: MARK });
  });
});

describe('A save', () => {
  const marked = withdrawn(TWO, 'a.jpg');

  test.each([AUTHOR, REVIEWER])('by $role cannot show a withdrawn photo again', (writer) => {
    expect(saved(TWO, marked, marked, writer)).toMatchObject({ photos: [{ withdrawn: MARK }, { src: 'b.jpg' }] });
  });

  test.each([AUTHOR, REVIEWER])('by $role cannot withdraw a photo or change the reason', (writer) => {
    const forged = file('photos:\n  - src: a.jpg\n    withdrawn: { date: 1999-01-01, reason: 冒名 }\n  - src: b.jpg');
    expect(saved(forged, TWO, TWO, writer)).toMatchObject({ photos: [{ src: 'a.jpg' }, { src: 'b.jpg' }] });
    expect(JSON.stringify(saved(forged, TWO, TWO, writer))).not.toContain('冒名');
    expect(saved(forged, marked, TWO, writer)).toMatchObject({ photos: [{ withdrawn: MARK }, {}] });
  });

  test('may leave the withdrawn photo out, and taking it in again finds it withdrawn', () => {
    const without = file('title: 甲\nphotos:\n  - src: b.jpg\n  - src: c.jpg');
    expect(JSON.stringify(saved(without, marked, marked, AUTHOR))).not.toContain('withdrawn');
    expect(saved(TWO, marked, without, AUTHOR)).toMatchObject({ photos: [{ withdrawn: MARK }, {}] });
  });
});

test('A publication of a draft from before the withdrawal keeps the photo withdrawn', () => {
  const before = withdrawn(TWO, 'a.jpg');
  expect(dataOf(withPublication(FILE, TWO, { before, today: '2021-06-01', by: '乙' }))).toMatchObject({
    generation: 1,
    photos: [{ src: 'a.jpg', withdrawn: MARK }, { src: 'b.jpg' }],
  });
});

describe('A picture that is withdrawn under another file name', () => {
  const turned = file('title: 甲\nphotos:\n  - src: turned.jpg\n  - src: b.jpg');
  const related = new Map([['turned.jpg', MARK]]);
  const before = withdrawn(TWO, 'a.jpg');
  const expected = { photos: [{ src: 'turned.jpg', withdrawn: MARK }, { src: 'b.jpg' }] };
  const publication = { before, today: '2021-06-01', by: '乙' };

  test('is withdrawn in a saved and in a published text', () => {
    const sent = parseSentFile(FILE, turned);
    if ('what' in sent) throw new Error(sent.what);
    const { text, withdrawn: marks } = withDeskKeys(sent, { published: before, base: before }, AUTHOR, { related });
    expect(dataOf(text)).toMatchObject(expected);
    expect(marks).toEqual(new Map([['a.jpg', MARK]]));
    expect(dataOf(withPublication(FILE, turned, { ...publication, related }))).toMatchObject(expected);
    expect(withPublication(FILE, turned, publication)).not.toContain(MARK.reason);
  });

  test('keeps a mark of the draft that is a published one, and no other', () => {
    const marked = (mark: string) => turned.replace('turned.jpg', `turned.jpg\n    withdrawn: ${mark}`);
    const own = marked(`{ date: ${MARK.date}, reason: ${MARK.reason} }`);
    expect(dataOf(withPublication(FILE, own, publication))).toMatchObject(expected);
    const forged = marked(`{ date: ${MARK.date}, reason: 冒名 }`);
    expect(withPublication(FILE, forged, publication)).not.toContain('冒名');
  });
});

test('A first publication publishes no forged withdrawal', () => {
  const forged = file('photos:\n  - src: a.jpg\n    withdrawn: { date: 1999-01-01, reason: 冒名 }');
  expect(withPublication(FILE, forged, { before: undefined, today: '2021-06-01', by: '乙' })).not.toContain('冒名');
});

test('Photos are taken out of a text by name', () => {
  expect(dataOf(withoutPhotosIn(FILE, TWO, new Set(['a.jpg'])))).toMatchObject({ photos: [{ src: 'b.jpg' }] });
  expect(withoutPhotosIn(FILE, TWO, new Set(['c.jpg']))).toBe(TWO);
});

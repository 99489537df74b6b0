// A Word document in the form: what it changes, what people are shown about it, and what becomes of lines that were not understood.
import { fromJS, isMap, Map as DecapMap } from 'immutable';
import { describe, expect, test } from 'vitest';
import { fillForm, type FormToFill } from '../../src/cms/word/fill-form.ts';
import { giveRole, type LineRole } from '../../src/cms/word/line-roles.ts';
import type { WordStory } from '../../src/word/read-word.ts';
import { SITE } from '../fixtures/word/word-case.ts';

const PHOTO = { bytes: Uint8Array.of(1), caption: '说明', credit: '李岚', alt: '', cropped: false };
const STORY: WordStory = {
  fields: {
    title: { value: '井台边', sure: true, from: '第一行' },
    unit: { value: 'wenxian', sure: false, from: '正文' },
    date: { value: '2021-05-20', sure: false, from: '落款' },
    place: { value: '老井旁', sure: true, from: '地点' },
  },
  body: '志愿者修好了井台。',
  photos: [PHOTO, PHOTO],
  notes: ['有 1 条批注没有读入。'],
};

function form(values: Record<string, string> = {}, changes: Partial<FormToFill> = {}): FormToFill {
  const textOf = (key: string): string => values[key] ?? '';
  return { collection: 'stories', isFiled: false, textOf, editor: { role: 'reviewer' }, site: SITE, ...changes };
}

describe('A document fills', () => {
  test('an empty story, without a question', () => {
    const filled = fillForm(STORY, 'a.docx', form());
    expect(Object.fromEntries(filled.values)).toEqual({
      title: '井台边',
      unit: 'wenxian',
      date: '2021-05-20',
      place: '老井旁',
      body: '志愿者修好了井台。',
    });
    expect(filled.found).toEqual(['标题', '单位', '日期', '地点', '正文']);
    expect(filled.missing).toEqual(['撰稿', '校对', '摘要']);
    expect(filled.replaced).toEqual([]);
    expect(filled.guesses.map(({ name }) => name)).toEqual(['unit', 'date', 'photos']);
    expect(filled.remarks).toEqual(['有 1 条批注没有读入。']);
  });

  test('a form with other texts: they are named, the same ones are not', () => {
    const { replaced, values } = fillForm(STORY, 'a.docx', form({ title: '旧', place: '老井旁', body: '旧正文' }));
    expect(replaced).toEqual(['标题', '正文（3 字）']);
    expect(values.has('place')).toBe(false);
  });

  test.each([
    ['an author of the unit', { role: 'author', unit: 'wenxian' }, true, []],
    ['an author of another unit', { role: 'author', unit: 'xiuwu' }, false, [/您只能为本单位写稿/u]],
  ] as const)('the unit for %s', (_case, editor, isSet, told) => {
    const { values, guesses, remarks } = fillForm(STORY, 'a.docx', form({}, { editor }));
    expect(values.has('unit')).toBe(isSet);
    expect(guesses.some(({ name }) => name === 'unit')).toBe(isSet);
    expect(remarks).toEqual([...told.map((pattern) => expect.stringMatching(pattern)), ...STORY.notes]);
  });

  test.each([
    ['the same unit', 'wenxian', 1],
    ['another unit', 'xiuwu', 2],
  ])('no unit of a saved entry: %s', (_case, unit, remarks) => {
    const filled = fillForm(STORY, 'a.docx', form({ unit }, { isFiled: true }));
    expect(filled.values.has('unit')).toBe(false);
    expect(filled.remarks).toHaveLength(remarks);
  });

  test('an example: the title is its name, day and place are told', () => {
    const { values, remarks } = fillForm(STORY, 'a.docx', form({}, { collection: 'examples' }));
    expect(values.get('name')).toBe('井台边');
    expect(values.has('date')).toBe(false);
    expect(remarks.join('')).toContain('没有“日期”一栏，没有读入：2021-05-20。');
    expect(remarks.join('')).toContain('没有“地点”一栏，没有读入：老井旁。');
  });

  test('a summary: the year is taken, photos are told', () => {
    const { values, remarks, guesses } = fillForm(STORY, '2020年总结.docx', form({}, { collection: 'summaries' }));
    expect(values.get('year')).toBe(2020);
    expect(guesses.map(({ name }) => name)).toEqual(['unit']);
    expect(remarks.join('')).toContain('2 张照片没有读入');
    expect(remarks.join('')).toContain('写成了 2020：保存以后不能改');
    expect(fillForm(STORY, '2020.docx', form({ year: '2019' }, { collection: 'summaries' })).values.has('year')).toBe(
      false,
    );
  });
});

describe('A line of the body becomes', () => {
  const line = { markdown: '王芳 李明', text: '王芳 李明' };
  const body = '第一段。\n\n王芳 李明\n\n第二段。';

  /** Gives the line a role. Returns the new values as plain data, and the sentence. */
  function given(role: LineRole, data: Record<string, unknown>, isGuessed = false, one = line) {
    const map = fromJS({ body: body.replace(line.markdown, one.markdown), ...data });
    if (!isMap(map)) throw new Error('no map');
    const form = DecapMap(map.toArray().map(([key, value]): [string, unknown] => [String(key), value]));
    const { values, news } = giveRole(role, one, form, { units: SITE.units, isGuessed });
    return { values: DecapMap(values).toJS(), news };
  }

  test.each([
    ['an author', {}, false, '王芳 李明'],
    ['the author instead of a guess', { author: '赵六' }, true, '王芳 李明'],
    ['another author', { author: '赵六' }, false, '赵六 王芳 李明'],
    ['the author that is there', { author: '王芳 李明' }, false, '王芳 李明'],
  ])('%s', (_case, data, isGuessed, author) => {
    expect(given('author', data, isGuessed).values).toEqual({ author, body: '第一段。\n\n第二段。' });
  });

  test('nothing, if it is removed', () => {
    expect(given('none', {}).values).toEqual({ body: '第一段。\n\n第二段。' });
  });

  test('the photographer of photos without one', () => {
    const photos = [
      { src: 'a.jpg', credit: '' },
      { src: 'b.jpg', credit: '李岚' },
    ];
    expect(given('credit', { photos }).values).toMatchObject({
      photos: [{ credit: '王芳 李明' }, { credit: '李岚' }],
    });
  });

  test('the caption of the first photo without one, and its photographer', () => {
    const photos = [{ caption: '有' }, { caption: '', credit: '' }];
    const one = { markdown: '图2：井台修好了（林夕 摄）', text: '图2：井台修好了（林夕 摄）' };
    const { values, news } = given('caption', { photos }, false, one);
    expect(values).toMatchObject({ photos: [{ caption: '有' }, { caption: '井台修好了', credit: '林夕' }] });
    expect(news).toBe('已写成照片 2 的图片说明：井台修好了。');
  });

  test.each([
    ['credit', {}, '还没有照片'],
    ['credit', { photos: [{ credit: '李岚' }] }, '每张照片都写了摄影'],
    ['caption', {}, '还没有照片'],
    ['caption', { photos: [{ caption: '有' }] }, '每张照片都有图片说明'],
  ] as const)('no %s without a place: it stays in the body', (role, data, sentence) => {
    const { values, news } = given(role, data);
    expect(values).toEqual({});
    expect(news).toContain(sentence);
  });
});

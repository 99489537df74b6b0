// What is to be checked in a draft, and the lines of its body that were not understood.
import { describe, expect, test } from 'vitest';
import { commentFault, withoutUnseen } from '../../../src/model/comment.ts';
import { doubtfulLines, peopleIn, withoutLine } from '../../../src/word/fields/doubtful-lines.ts';
import { formKey, missingIn, withoutField, yearOfSummary } from '../../../src/word/fields/form-keys.ts';
import { guessesIn, guessesOfComment, guessLine, introduction, withGuesses } from '../../../src/word/fields/guesses.ts';
import type { Found } from '../../../src/word/fields/story.ts';
import { SITE } from '../../fixtures/word/word-case.ts';

function found(value: string, sure: boolean, from: string): Found {
  return { value, sure, from };
}

const FIELDS = {
  title: found('井台边', true, '第一行'),
  unit: found('wenxian', false, '文件夹的名称'),
  date: found('2021-05-20', false, '正文的月日，年份是推测的'),
};

describe('A comment that names what is to be checked', () => {
  const guesses = guessesIn(FIELDS, true);

  test('has only what was guessed, and the words of photos', () => {
    expect(guesses.map(({ name }) => name)).toEqual(['unit', 'date', 'photos']);
    expect(guessesIn(FIELDS, false).map(({ name }) => name)).toEqual(['unit', 'date']);
    expect(guessesIn({}, false)).toEqual([]);
    expect(guessLine([])).toBe('');
  });

  test('is read as it was written', () => {
    const text = [introduction('a/井台.docx'), guessLine(guesses), '文档里没有找到：地点。'].join('\n');
    expect(text).toContain('请核对：单位（按文件夹的名称）、日期（按正文的月日，年份是推测的）、图片说明和摄影。');
    expect(guessesOfComment(text)).toEqual(guesses);
    expect(guessesOfComment(withGuesses(text, guesses.slice(1)))).toEqual(guesses.slice(1));
    expect(withGuesses(text, guesses.slice(1))).toContain('文档里没有找到：地点。');
  });

  test.each([
    ['a comment of a person', '第二张照片请换一张清楚的。'],
    ['a comment that only mentions the words', '标题、日期请核对：谢谢'],
    ['a name that is none of ours', '请核对：摘抄、天气。'],
    ['the words of a field in another place', '由 Word 文件“标题、日期。docx”导入。'],
  ])('is not %s', (_case, text) => {
    expect(guessesOfComment(text)).toEqual([]);
  });
});

test('Characters that a comment may not contain become spaces', () => {
  const hostile = '甲\u0007乙\u202e丙\t丁\n戊';
  expect(commentFault(hostile)).toContain('控制字符');
  expect(withoutUnseen(hostile)).toBe('甲 乙 丙\t丁\n戊');
  expect(commentFault(withoutUnseen(hostile))).toBeUndefined();
});

describe('The fields of a collection', () => {
  test.each([
    ['stories', 'title', 'title'],
    ['examples', 'title', 'name'],
    ['summaries', 'title', undefined],
    ['examples', 'date', undefined],
    ['summaries', 'author', 'author'],
  ] as const)('%s: %s → %s', (collection, name, key) => {
    expect(formKey(collection, name)).toBe(key);
  });

  test('that lack a value are named, and values that lack a field', () => {
    expect(missingIn(FIELDS, 'stories')).toEqual(['地点', '撰稿', '校对', '摘要']);
    expect(missingIn(FIELDS, 'stories', (key) => key === 'author')).toEqual(['地点', '校对', '摘要']);
    expect(withoutField(FIELDS, 'stories')).toEqual([]);
    expect(withoutField(FIELDS, 'examples')).toEqual(['这一类稿件没有“日期”一栏，没有读入：2021-05-20。']);
    expect(withoutField(FIELDS, 'summaries')).toEqual(['这一类稿件没有“标题”一栏，没有读入：井台边。']);
  });

  test.each([
    ['2020年度工作总结', '总结.docx', '2020'],
    ['工作总结', '温县/2019年总结.docx', '2019'],
    ['工作总结', '总结.docx', '2021'],
    ['12020年', '总结.docx', '2021'],
  ])('the year of a summary: %s, %s → %s', (title, path, year) => {
    expect(yearOfSummary({ ...FIELDS, title: found(title, true, '第一行') }, path)).toBe(year);
    expect(yearOfSummary({}, '总结.docx')).toBeUndefined();
  });
});

describe('A doubtful line', () => {
  test.each([
    ['two names', '王芳 李明'],
    ['a caption', '图为志愿者在路口引导行人。'],
    ['a line that ends with the photographer', '志愿者在路口引导行人过街（王磊 摄）'],
    ['a date of another program', '11/30/26'],
    ['a bold line', '**王芳**'],
    ['40 characters', '字'.repeat(40)],
  ])('is %s', (_case, line) => {
    expect(doubtfulLines(`第一段。\n\n${line}\n\n第二段。`)).toHaveLength(1);
  });

  test.each([
    ['a sentence', '志愿者来了。'],
    ['a question in quotation marks', '“吃了吗？”'],
    ['a heading', '## 一、路上'],
    ['an item', '- 书包60个'],
    ['a numbered item', '1. 书包60个'],
    ['a quotation', '> 谢谢叔叔阿姨'],
    ['a table', '| 课桌 | 60张 |\n| --- | --- |'],
    ['two lines', '第一行\n第二行'],
    ['41 characters', '字'.repeat(41)],
    ['nothing', ''],
  ])('is not %s', (_case, line) => {
    expect(doubtfulLines(`第一段。\n\n${line}\n\n第二段。`)).toEqual([]);
  });

  test('leaves the body once, and only if it is there', () => {
    const body = '第一段。\n\n王芳\n\n第二段。\n\n王芳';
    const [line] = doubtfulLines(body);
    if (!line) throw new Error('no line');
    const rest = withoutLine(body, line);
    expect(rest).toBe('第一段。\n\n第二段。\n\n王芳');
    expect(withoutLine('第一段。', line)).toBe('第一段。');
  });

  test.each([
    ['王芳 李明', '王芳 李明'],
    ['王芳、李明', '王芳 李明'],
    ['撰稿：王芳', '王芳'],
    ['（通讯员 王芳）', '王芳'],
    ['温县总工会 王芳', '王芳'],
    ['摄影 王芳', '王芳'],
    ['本报记者王芳', '王芳'],
    ['温县总工会', '温县总工会'],
    ['供稿', '供稿'],
  ])('names people: %s → %s', (line, names) => {
    expect(peopleIn(line, SITE.units)).toBe(names);
  });
});

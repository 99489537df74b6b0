import { describe, expect, test } from 'vitest';
import { excerptOf, readable, type Piece } from '../../../src/search/query/excerpt.ts';

/** Returns the text of an excerpt, with each marked piece in 【】. */
const line = (pieces: readonly Piece[]): string =>
  pieces.map(({ text, marked }) => (marked ? `【${text}】` : text)).join('');
const LONG = '甲'.repeat(200);

describe('The text of a page is shown without what the index added', () => {
  test.each<[string, string]>([
    ['志愿\u200B服务', '志愿服务'],
    ['标题. 第一段。. 第二段', '标题。第一段。第二段'],
    ['他说：“来了。”. 走了', '他说：“来了。”走了'],
    ['志愿 服务 队', '志愿服务队'],
    ['到 3 个 village 去', '到3个village去'],
    ['in the village', 'in the village'],
    ['共 7.5 公里. ', '共7.5公里。'],
    ['见 a.b. c', '见a.b. c'],
    ['一\n\n二', '一二'],
  ])('%j as %j', (content, text) => {
    expect(readable(content)).toBe(text);
  });
});

describe('An excerpt', () => {
  test.each<[string, string, string, string[], string]>([
    ['marks every occurrence of the phrase', '题. 甲乙丙，乙丙丁', '题', ['乙丙'], '甲【乙丙】，【乙丙】丁'],
    ['omits the title at its beginning', '一盏灯. 灯下的人', '一盏灯', ['灯'], '【灯】下的人'],
    ['begins at the start if the phrase is only in the title', '一盏灯. 夜里的人', '一盏灯', ['一盏'], '夜里的人'],
    ['marks overlapping phrases as one', '志愿服务队', '', ['志愿服务', '服务队'], '【志愿服务队】'],
    ['ignores case when marking', '去KTV唱歌', '', ['ktv'], '去【KTV】唱歌'],
    ['marks no part of a number', '2021年20人', '', ['20'], '2021年【20】人'],
    ['has no stray spaces', '志愿 服务', '', ['志愿服务'], '【志愿服务】'],
  ])('%s', (_what, content, title, phrases, expected) => {
    expect(line(excerptOf(content, title, phrases))).toBe(expected);
  });

  test('begins with the sentence or shortly before the phrase, with an ellipsis where text is cut', () => {
    expect(line(excerptOf(`${LONG}。丁丁戊${LONG}`, '', ['戊']))).toMatch(/^…丁丁【戊】甲+…$/u);
    expect(line(excerptOf(`${LONG}戊`, '', ['戊']))).toMatch(/^…甲{22}【戊】$/u);
    expect(line(excerptOf(`戊${LONG}`, '', ['戊']))).toMatch(/^【戊】甲{95}…$/u);
  });

  test('shows the place with the most phrases', () => {
    expect(line(excerptOf(`戊${LONG}戊己${LONG}`, '', ['戊', '己']))).toContain('【戊】【己】');
  });

  test('splits no surrogate pair', () => {
    for (let length = 0; length < 4; length += 1) {
      const pieces = excerptOf(`${'甲'.repeat(length)}${'𠮷'.repeat(300)}乙`, '', ['乙']);
      expect(line(pieces)).not.toMatch(/\p{Surrogate}/u);
      expect(line(excerptOf(`${'甲'.repeat(length)}${'𠮷'.repeat(300)}`, '', []))).not.toMatch(/\p{Surrogate}/u);
    }
  });

  test('of an empty text is empty', () => {
    expect(excerptOf('', '', ['甲'])).toEqual([]);
  });
});

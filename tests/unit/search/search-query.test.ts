import { describe, expect, test } from 'vitest';
import { comparable, rangesOf } from '../../../src/text/comparable-text.ts';
import { parseQuery } from '../../../src/search/query/parse-query.ts';
import { pairsOf } from '../../../src/search/query/tokens.ts';

/** Returns the first token of a pair that contains a number or a Latin word. */
const joined = (pair: string): string => pairsOf(pair)[0] ?? '';

describe('A query', () => {
  test.each<[string, string[], string[]]>([
    ['志愿', ['志愿'], ['志愿']],
    ['志愿者', ['志愿者'], ['志愿', '愿者']],
    ['志愿服务', ['志愿服务'], ['志愿', '服务']],
    ['志愿服务队', ['志愿服务队'], ['志愿', '服务', '务队']],
    ['  志愿　服务 ', ['志愿', '服务'], ['志愿', '服务']],
    ['《志愿者之歌》', ['志愿者之歌'], ['志愿', '者之', '之歌']],
    ['“在就好”，走', ['在就好', '走'], ['在就', '就好']],
    ['志愿志愿', ['志愿志愿'], ['志愿']],
    ['志愿 志愿', ['志愿'], ['志愿']],
    ['２０２１年', ['2021年'], [joined('2021年')]],
    ['2021 年', ['2021', '年'], ['2021']],
    ['7.20', ['7.20'], ['7.20']],
    ['7.20防汛', ['7.20防汛'], [joined('7.20防'), '防汛']],
    ['第20届', ['第20届'], [joined('第20'), joined('20届')]],
    ['9日上午', ['9日上午'], [joined('9日'), '上午']],
    ['3月5日', ['3月5日'], [joined('3月'), joined('5日')]],
    ['COVID-19 疫情', ['covid-19', '疫情'], [joined('covid-19'), '疫情']],
    ['3.', ['3'], ['3']],
    ['ＫＴＶ', ['ktv'], ['ktv']],
    ['志\u200B愿', ['志愿'], ['志愿']],
    ['𠮷祥', ['𠮷祥'], ['𠮷祥']],
    ['！？，。', [], []],
    ['', [], []],
  ])('%j has the phrases %j and the index tokens %j', (typed, phrases, tokens) => {
    const query = parseQuery(typed);
    expect(query.phrases).toEqual(phrases);
    expect(query.tokens).toEqual(tokens);
  });

  test.each<[string, boolean]>([
    ['志愿', true],
    ['“志愿”', true],
    ['志愿者', false],
    ['志愿 服务', false],
    ['志愿志愿', false],
    ['水', false],
    ['20', false],
    ['20日', true],
    ['第20', true],
    ['7.20日', false],
    ['covid-19', false],
    ['', false],
  ])('%j is answered by the index alone, without checking pages: %j', (typed, exact) => {
    expect(parseQuery(typed).exact).toBe(exact);
  });

  test('has the position of each token in its phrase', () => {
    expect(parseQuery('志愿服务队 5名').chains).toEqual([
      [
        { token: '志愿', at: 0 },
        { token: '服务', at: 2 },
        { token: '务队', at: 3 },
      ],
      [{ token: joined('5名'), at: 0 }],
    ]);
  });

  test.each<[string, boolean]>([
    ['水', true],
    ['“水”', true],
    ['水 火', true],
    ['水 火车', false],
    ['水火', false],
    ['a', false],
    ['1', false],
    ['', false],
  ])('%j consists only of single Han characters: %j', (typed, lone) => {
    expect(parseQuery(typed).lone).toBe(lone);
  });
});

describe('A phrase is in a text', () => {
  test.each<[string, string, number[]]>([
    ['服务', '志愿服务，服务到家', [2, 5]],
    ['哈哈', '哈哈哈', [0, 1]],
    ['20', '2021年的20人', [6]],
    ['20', '7.20防汛', []],
    ['20', '共20.', [1]],
    ['7', '7.20防汛', []],
    ['7.20', '“7.20”防汛', [1]],
    ['7.20', '17.20', []],
    ['2021年', '在2021年', [1]],
    ['021年', '在2021年', []],
    ['ktv', 'KTV里，KTVs', [0]],
    ['km', '5km', []],
    ['2021', '２０２１年', [0]],
    ['', '甲', []],
    ['甲', '', []],
  ])('%j in %j at %j', (phrase, text, starts) => {
    expect(rangesOf(phrase, comparable(text).text).map(({ start }) => start)).toEqual(starts);
  });

  test('Positions lead back to the original text, even if normalisation changes lengths', () => {
    const original = '约㎡𠮷Ｋ祥';
    const { text, from } = comparable(original);
    expect(text).toBe('约m2𠮷k祥');
    const [place = { start: 0, end: 0 }] = rangesOf('k祥', text);
    expect(original.slice(from[place.start], from[place.end])).toBe('Ｋ祥');
  });
});

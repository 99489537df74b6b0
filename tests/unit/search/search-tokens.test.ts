import { describe, expect, test } from 'vitest';
import { pairsOf, phrasesOf, wordsOf } from '../../../src/search/query/tokens.ts';

test.each<[string, string[]]>([
  ['志愿，服务', ['志愿', '服务']],
  ['共20人。7.20防汛', ['共20人', '7.20防汛']],
  ['８，3月', ['8', '3月']],
  ['Covid-19 - 疫情', ['covid-19', '疫情']],
  ['8\u200B3', ['8', '3']],
  ['……', []],
])('%j is searched for as %j', (text, phrases) => {
  expect(phrasesOf(text)).toEqual(phrases);
});

describe('Adjacent characters and words form a token', () => {
  test.each<[string, string[]]>([
    ['志愿者', ['志愿', '愿者']],
    ['哈哈哈', ['哈哈', '哈哈']],
    ['人々', ['人々']],
    ['𠮷祥', ['𠮷祥']],
    ['水', []],
    ['ktv', []],
  ])('literally if both are Han characters: %s', (phrase, pairs) => {
    expect(pairsOf(phrase)).toEqual(pairs);
  });

  const PAIRS = ['3月', '月3', '33月', '3日', '3.3月', 'a3月', 'ktv里', 'covid-19', '3𠮷', '3\u3400', '7年', '17年'];

  test('of letters if one is a number or a Latin word, so that no index splits it', () => {
    for (const pair of PAIRS) expect(pairsOf(pair).join(' ')).toMatch(/^[a-z]{8,}$/u);
  });

  test('that no other pair has', () => {
    expect(new Set(PAIRS.flatMap(pairsOf)).size).toBe(PAIRS.length);
  });

  test('that is the same everywhere', () => {
    const [both = ''] = pairsOf('3月');
    expect(pairsOf('在3月底')).toEqual([pairsOf('在3')[0], both, '月底']);
    expect(pairsOf('13月')).not.toContain(both);
    expect(pairsOf('1.3月')).not.toContain(both);
    expect(pairsOf('a3月')).not.toContain(both);
  });
});

test.each<[string, string[]]>([
  ['在7.20里', ['7.20']],
  ['ktv里的5g', ['ktv', '5g']],
  ['covid-19', ['covid', '19']],
  ['v1.x', ['v1', 'x']],
  ['志愿', []],
])('The numbers and Latin words of %j are %j', (phrase, words) => {
  expect(wordsOf(phrase)).toEqual(words);
});

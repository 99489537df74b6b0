// Suggested names: how names and typed text are read, which names match a typed text, and the size of the file of
// names.
import { brotliCompressSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { FITS, matchName, readName, readTyped } from '../../../src/search/suggest/name-match.ts';
import { readNamesFile, WORD_EDGE } from '../../../src/search/suggest/name-list.ts';
import { namesFile } from '../../../src/search/index/pinyin.ts';
import { MOST_SUGGESTIONS, Suggestions } from '../../../src/search/suggest/suggestions.ts';
import { cityNames } from '../../fixtures/search/city-names.ts';

/** Encodes a name as the file of names does, and parses it again. */
function nameOf(text: string) {
  const { honour, readings } = namesFile({ activities: [], units: [], honours: [text] });
  const byCharacter = new Map<string, string[]>();
  for (const [syllable, characters] of Object.entries(readings)) {
    for (const character of characters) byCharacter.set(character, [...(byCharacter.get(character) ?? []), syllable]);
  }
  return readName(honour[0] ?? '', byCharacter);
}

/**
 * Returns how a name matches a typed text: the kind of match (FITS) and the matching part of the name. Returns `not` if
 * the name does not match.
 */
function fit(text: string, typed: string): string {
  const match = matchName(nameOf(text), readTyped(typed));
  return match ? `${FITS[match.fit]} ${text.slice(match.start, match.end)}` : 'not';
}

test.each([
  ['志愿', '志愿'],
  ['  Zhì yuàn ', 'zhiyuan'],
  ["xi'an", 'xian'],
  ['ＺＹＦＷ', 'zyfw'],
  ['fǎlǜ', 'falu'],
  ['《沁阳》shi', '沁阳shi'],
  ['12351', '12351'],
  ['。！ ', ''],
])('%j is compared as %j', (typed, compared) => {
  expect(readTyped(typed)).toBe(compared);
});

test.each([
  // The usual reading of a word.
  ['重型机器', 'zhongxing'],
  ['商业银行', 'shangyeyinhang'],
  ['行政服务中心', 'xingzheng'],
  ['长途客运', 'changtu'],
  ['音乐器材', 'yinyue'],
  ['会计学会', 'kuaijixuehui'],
  // Readings of people who know the place, and of people who do not know it.
  ['单县总工会', 'shanxian'],
  ['单县总工会', 'danxian'],
  ['尉氏县总工会', 'yushi'],
  ['乐陵市总工会', 'leling'],
  ['重型机器', 'chongxing'],
  // ü written as v, as input methods do, and as u, as many people type it.
  ['法律咨询', 'falvzixun'],
  ['法律咨询', 'faluzixun'],
  ['女职工之家', 'nvzhigong'],
])('%s can be typed as %s', (name, typed) => {
  expect(fit(name, typed)).toMatch(/^(?:start|exact) /u);
});

describe('What is typed matches', () => {
  test.each<[string, string, string]>([
    // Complete syllables, up to the end of the name or not.
    ['法律咨询', 'falvzixun', 'exact 法律咨询'],
    ['法律咨询', 'falvzi', 'start 法律咨'],
    ['法律咨询', 'falvzix', 'startOpen 法律咨询'],
    ['法律咨询', 'falvzixunz', 'not'],
    ['法律咨询', 'f', 'startOpen 法'],
    ['法律咨询', 'v', 'not'],
    // Initials of all syllables or of some. The initial of zh is z or zh.
    ['志愿服务', 'zyfw', 'startInitials 志愿服务'],
    ['志愿服务', 'zhyfw', 'startInitials 志愿服务'],
    ['志愿服务', 'zhiyf', 'startInitials 志愿服'],
    ['志愿服务', 'zyfuwu', 'startInitials 志愿服务'],
    ['志愿服务', 'zfw', 'not'],
    ['志愿服务', 'zhyua', 'startInitials 志愿'],
    ['志愿服务', 'zhiu', 'not'],
    // Two letters match at the start of a name. Inside a name three are needed.
    ['市志愿服务队', 'sz', 'startInitials 市志'],
    ['市志愿服务队', 'zy', 'not'],
    ['市志愿服务队', 'zyf', 'wordInitials 志愿服'],
    ['市志愿服务队', 'zh', 'not'],
    ['市志愿服务队', 'zhi', 'word 志'],
    ['市志愿服务队', 'zhiy', 'wordOpen 志愿'],
    // Inside a word two syllables are needed, and initials do not match.
    ['市志愿服务队', 'yuan', 'not'],
    ['市志愿服务队', 'yuanfu', 'inside 愿服'],
    ['市志愿服务队', 'yfw', 'not'],
    // Chinese characters, and Chinese characters mixed with pinyin.
    ['沁阳市总工会', '沁阳', 'start 沁阳'],
    ['沁阳市总工会', '沁阳市总工会', 'exact 沁阳市总工会'],
    ['沁阳市总工会', '沁yang', 'start 沁阳'],
    ['沁阳市总工会', 'qin阳s', 'startOpen 沁阳市'],
    ['沁阳市总工会', '沁阳zong', 'not'],
    ['沁阳市总工会', '会', 'inside 会'],
    ['沁阳市总工会', '沁水', 'not'],
    // Names that contain Latin letters, digits or punctuation.
    ['市KTV（东）工会', 'ktv东', 'word KTV（东'],
    ['12351热线', '12351r', 'startOpen 12351热'],
    ['“点亮”微心愿', 'dianliangwei', 'start 点亮”微'],
  ])('%s, %s: %s', (name, typed, fits) => {
    expect(fit(name, typed)).toBe(fits);
  });
});

describe('Suggestions', () => {
  const names = new Suggestions(
    namesFile({
      activities: [
        { slug: 'legal-aid', title: '法律咨询' },
        { slug: 'micro-wishes', title: '点亮微心愿' },
      ],
      units: [
        { code: 'qinyang', name: '沁阳市总工会', short: '沁阳市', aliases: ['沁阳县总工会'] },
        { code: 'power', name: '市供电公司工会', short: '供电局', aliases: ['电力工会', '点灯工会'] },
      ],
      honours: ['市志愿服务先进个人', '市法律服务能手', '志愿者之家'],
    }),
  );
  /**
   * Returns one string for each suggestion: its kind and value. If another name of the unit matched than the 全称, the
   * label and text of that name follow.
   */
  const suggested = (typed: string): string[] =>
    names
      .suggest(typed)
      .map(({ kind, value, otherwise }) =>
        [kind, value, ...(otherwise ? [otherwise.label, otherwise.name] : [])].join(' '),
      );

  test.each<[string, string[]]>([
    ['qinyang', ['unit qinyang']],
    // The 简称 is part of the 全称, so the suggestion does not show it.
    ['qinyangshi', ['unit qinyang']],
    ['沁阳县', ['unit qinyang 曾用名 沁阳县总工会']],
    ['gongdianju', ['unit power 简称 供电局']],
    ['gongdian', ['unit power 简称 供电局']],
    ['供电公司', ['unit power']],
    // The best match comes first. Of equal matches activities come before units, and units before honours.
    ['falv', ['activity legal-aid', 'honour 市法律服务能手']],
    ['dianli', ['unit power 曾用名 电力工会', 'activity micro-wishes']],
    ['zhiyuan', ['honour 志愿者之家', 'honour 市志愿服务先进个人']],
    ['zyf', ['honour 市志愿服务先进个人']],
    // Honours are not suggested for Chinese characters, because the search itself finds them.
    ['志愿', []],
    ['法律', ['activity legal-aid']],
    ['', []],
    ['。', []],
    ['qinyangw', []],
  ])('for %j: %j', (typed, expected) => {
    expect(suggested(typed)).toEqual(expected);
  });

  test('The matching part is given in the name that is shown', () => {
    const [{ name, match } = { name: '', match: { start: 0, end: 0 } }] = names.suggest('供电公司');
    expect(name.slice(match.start, match.end)).toBe('供电公司');
    const [other] = names.suggest('县总');
    expect(other?.otherwise?.name.slice(other.match.start, other.match.end)).toBe('县总');
  });
});

describe('A city of 110 units, 7 activities and 120 honours', () => {
  const file = namesFile(cityNames);
  const names = new Suggestions(file);

  test('has a file of names of less than 4 kB in Brotli, of 8 kB allowed', () => {
    expect(cityNames.units).toHaveLength(110);
    expect(cityNames.honours).toHaveLength(120);
    expect(brotliCompressSync(JSON.stringify(file)).length).toBeLessThan(4000);
  });

  test('is read back unchanged', () => {
    const read = readNamesFile(JSON.parse(JSON.stringify(file)));
    const plain = (text: string): string => text.replaceAll(WORD_EDGE, '');
    expect(read.activity.map((row) => row.map(plain))).toEqual(
      cityNames.activities.map(({ slug, title }) => [slug, title]),
    );
    expect(read.unit.map((row) => row.map(plain))).toEqual(
      cityNames.units.map(({ code, name, short, aliases }) => [code, name, short, ...aliases]),
    );
    expect(read.honour.map(plain)).toEqual(cityNames.honours);
  });

  test.each<[unknown]>([
    [undefined],
    [[]],
    [{ ...file, unit: ['a'] }],
    [{ ...file, honour: [1] }],
    [{ ...file, readings: { a: 1 } }],
  ])('is not read from an invalid file (%#)', (value) => {
    expect(() => readNamesFile(value)).toThrow('names.json');
  });

  test('suggests every unit by its 全称, 简称 and 曾用名, in characters and as pinyin', () => {
    const lost = file.unit.flatMap(([code, ...all]) =>
      all.flatMap((coded) => {
        const written = coded.replaceAll(WORD_EDGE, '');
        const syllables = Array.from(written, (character) => {
          const [syllable = character] =
            Object.entries(file.readings).find(([, read]) => read.includes(character)) ?? [];
          return syllable;
        });
        return [written, syllables.join('')].filter(
          (typed) => !names.suggest(typed).some(({ value }) => value === code),
        );
      }),
    );
    expect(lost).toEqual([]);
  });

  test('suggests few names, and none by what nearly all have in common', () => {
    for (const typed of ['zhiyuan', 'zyfw', 'wuyi', 'shi']) {
      expect(names.suggest(typed)).toHaveLength(MOST_SUGGESTIONS);
    }
    for (const typed of ['工会', '市', 'gonghui', 'gh', 'shi']) {
      expect(names.suggest(typed).filter(({ kind }) => kind === 'unit')).toEqual([]);
    }
  });

  test('suggests something for less than a fourth of all pairs of letters', () => {
    const letters = Array.from('abcdefghijklmnopqrstuvwxyz');
    const pairs = letters.flatMap((one) => letters.map((other) => one + other));
    const answered = pairs.filter((pair) => names.suggest(pair).length > 0);
    expect(answered.length).toBeLessThan(pairs.length / 4);
  });
});

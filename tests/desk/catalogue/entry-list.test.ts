// Lists of entries: what they contain, in which order, which entries each role sees, page by page.
import { stringify } from 'yaml';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { entryList, PAGE_LENGTH, type EntryQuery } from '../../../src/desk/catalogue/entry-list.ts';
import type { CollectionName } from '../../../src/model/fields/collection-names.ts';
import type { EditorPosition } from '../../../src/model/roles.ts';
import { CatalogueTrial, LI, ZHAO } from '../../fixtures/catalogue/trial.ts';
import { exampleData, markdown, noticeData, storyData, wishData, type FrontMatter } from '../../fixtures/content.ts';

const reviewer: EditorPosition = { role: 'reviewer' };
const author: EditorPosition = { role: 'author', unit: 'jiefang' };
const outsider: EditorPosition = { role: 'author', unit: 'wenxian' };

const idOf = (letter: string, day = '20210319'): string => `${day}-213000${letter}a`;
const fileOf = (letter: string, unit = 'jiefang'): string => `stories/${unit}/${idOf(letter)}/index.md`;
const story = (letter: string, unit: string, changes: FrontMatter, body?: string): string =>
  markdown(storyData(idOf(letter), unit, changes), body);

let trial: CatalogueTrial;

/** Returns the titles of a whole list, with a mark for entries that are not published. */
async function found(query: Partial<EntryQuery>, editor = reviewer): Promise<string[]> {
  const { entries, total, counts } = await entryList(trial.catalogue, editor, {
    collection: 'stories',
    page: 1,
    ...query,
  });
  expect(total).toBe(entries.length);
  const all = Object.values(counts).reduce((sum, one) => sum + one, 0);
  expect(query.state === undefined ? all : counts[query.state]).toBe(total);
  return entries.map(({ title, state }) => (state === 'published' ? title : `${title} (${state})`));
}

beforeAll(async () => {
  trial = await CatalogueTrial.make({
    [fileOf('a')]: story(
      'a',
      'jiefang',
      { title: '志愿服务进社区', date: '2021-03-01' },
      '3月，7.20之后，洪水 Storm。',
    ),
    [fileOf('b')]: story('b', 'jiefang', { title: '法律援助', date: '2020-05-01', activity: 'culture' }, '防汛 Flood'),
    [fileOf('c', 'wenxian')]: story('c', 'wenxian', { title: '義務教育', date: '2021-01-01' }),
    'notices/n.md': markdown(noticeData({ title: '一个通知' })),
    'wishes/20210101-000000aa.yml': stringify(wishData('20210101-000000aa', 'wenxian', { wish: '已发布的心愿' })),
    [`examples/jiefang/${idOf('e')}/index.md`]: markdown(
      exampleData(idOf('e'), 'jiefang', { name: '张典型', activities: ['culture', 'legal-aid'] }),
    ),
  });
  await trial.commit({ [fileOf('w', 'wenxian')]: story('w', 'wenxian', { title: '撤下的', date: '2021-01-02' }) });
  await trial.withdraw(fileOf('w', 'wenxian'));
  await trial.save(fileOf('b'), story('b', 'jiefang', { title: '法律援助（改）', date: '2020-05-01' }));
  await trial.save(fileOf('d'), story('d', 'jiefang', { title: '新草稿', date: '2021-04-01' }));
  const again = await trial.save(fileOf('r'), story('r', 'jiefang', { title: '退回的', date: '2021-01-05' }));
  const sent = await trial.drafts.move(again, 'pending_review', LI);
  await trial.drafts.move(sent, 'draft', ZHAO, '请补照片');
  const other = await trial.save(
    fileOf('f', 'wenxian'),
    story('f', 'wenxian', { title: '外单位草稿', date: '2021-04-02' }),
  );
  await trial.drafts.move(other, 'pending_review', ZHAO);
  // A wish has no unit in its path: its draft names one unit, the published text another.
  await trial.save(
    'wishes/20210101-000000aa.yml',
    stringify(wishData('20210101-000000aa', 'jiefang', { wish: '改成本单位' })),
  );
  await trial.save(
    'wishes/20210101-000000bb.yml',
    stringify(wishData('20210101-000000bb', 'jiefang', { wish: '本单位的' })),
  );
});

afterAll(async () => {
  expect(trial.troubles).toEqual([]);
  await trial.dispose();
});

const ALL = [
  '外单位草稿 (pending_review)',
  '退回的 (returned)',
  '新草稿 (draft)',
  '法律援助（改） (draft)',
  '撤下的 (withdrawn)',
  '志愿服务进社区',
  '義務教育',
];

test.each<[string, Partial<EntryQuery>, string[]]>([
  ['everything, last changed first', {}, ALL],
  ['a unit', { unit: 'wenxian' }, ['外单位草稿 (pending_review)', '撤下的 (withdrawn)', '義務教育']],
  ['a unit without entries', { unit: 'mengzhou' }, []],
  ['a year', { year: 2020 }, ['法律援助（改） (draft)']],
  ['a year without entries', { year: 1999 }, []],
  ['an activity, by the draft', { activity: 'culture' }, []],
  ['an activity', { activity: 'legal-aid' }, ALL],
  ['published, not beside a draft', { state: 'published' }, ['志愿服务进社区', '義務教育']],
  ['drafts', { state: 'draft' }, ['新草稿 (draft)', '法律援助（改） (draft)']],
  ['returned', { state: 'returned' }, ['退回的 (returned)']],
  ['in review', { state: 'pending_review' }, ['外单位草稿 (pending_review)']],
  ['approved', { state: 'pending_publish' }, []],
  ['withdrawn', { state: 'withdrawn' }, ['撤下的 (withdrawn)']],
  ['words', { text: '社区 志愿' }, ['志愿服务进社区']],
  ['words in a summary', { text: '摘要' }, ALL],
  ['words of a draft', { text: '新草稿' }, ['新草稿 (draft)']],
  ['words that only the published version has', { text: 'Flood' }, []],
  ['traditional words', { text: '志願服務' }, ['志愿服务进社区']],
  ['simplified words', { text: '义务' }, ['義務教育']],
  ['a word that is not in one piece', { text: '志愿社区' }, []],
  ['a word over two runs', { text: '月7' }, []],
  ['one character', { text: '洪' }, ['志愿服务进社区']],
  ['Latin in another case and width', { text: 'ＳＴＯＲＭ' }, ['志愿服务进社区']],
  ['numbers', { text: '7.20' }, ['志愿服务进社区']],
  ['all words', { text: '志愿 教育' }, []],
  ['an id', { text: idOf('c') }, ['義務教育']],
  ['blanks', { text: ' \n' }, ALL],
  ['punctuation', { text: '，。！' }, []],
  ['an emoji', { text: '😀' }, []],
  ['characters of LIKE', { text: '%_' }, []],
  ['words with characters of LIKE', { text: '志%愿' }, ['志愿服务进社区']],
  [
    'all together',
    { unit: 'jiefang', year: 2021, activity: 'legal-aid', state: 'published', text: '社区' },
    ['志愿服务进社区'],
  ],
  ['quotes', { text: '"' }, []],
  ['operators', { text: 'NEAR(志愿 服务, 2) OR *' }, []],
  ['a column', { text: 'tokens:志愿' }, []],
  ['NUL', { text: '志愿\0' }, ['志愿服务进社区']],
  ['a lone surrogate', { text: '\uD800志愿' }, ['志愿服务进社区']],
  ['another collection', { collection: 'examples', activity: 'culture' }, ['张典型']],
])('%s', async (_, query, expected) => {
  expect(await found(query)).toEqual(expected);
});

test('a text that is too long is refused', async () => {
  await expect(found({ text: '志'.repeat(50_000) })).rejects.toThrow('没有查找');
  expect(await found({ text: '志 '.repeat(100) })).toEqual(['志愿服务进社区']);
});

describe('an author', () => {
  const OWN = ['退回的 (returned)', '新草稿 (draft)', '法律援助（改） (draft)', '志愿服务进社区'];

  test('sees the entries of the own unit only', async () => {
    expect(await found({}, author)).toEqual(OWN);
    expect(await found({}, outsider)).toEqual(['外单位草稿 (pending_review)', '撤下的 (withdrawn)', '義務教育']);
    expect(await found({}, { role: 'author' })).toEqual([]);
    expect(await found({ unit: 'wenxian' }, author)).toEqual([]);
  });

  test('does not find entries of others by their words', async () => {
    expect(await found({ text: '外单位草稿' }, author)).toEqual([]);
    expect(await found({ text: '撤下的' }, author)).toEqual([]);
    expect(await found({ text: '义务教育' }, author)).toEqual([]);
  });

  test('sees an entry without a unit in its path if draft and published text name the own unit', async () => {
    expect(await found({ collection: 'wishes' }, author)).toEqual(['本单位的 (draft)']);
    expect(await found({ collection: 'wishes' }, outsider)).toEqual([]);
    expect(await found({ collection: 'wishes' })).toEqual(['本单位的 (draft)', '改成本单位 (draft)']);
  });
});

test('the years of a list are those of the entries that a person may see, latest first', async () => {
  const yearsOf = async (editor: EditorPosition, collection: CollectionName = 'stories') =>
    (await entryList(trial.catalogue, editor, { collection, page: 1, year: 1999, text: '！' })).years;
  expect(await yearsOf(reviewer)).toEqual([2021, 2020]);
  expect(await yearsOf(outsider)).toEqual([2021]);
  expect(await yearsOf({ role: 'author' })).toEqual([]);
  expect(await yearsOf(reviewer, 'units')).toEqual([]);
});

test.each<[string, Partial<EntryQuery>, object]>([
  [
    'a draft of a published entry',
    { text: '法律援助' },
    { title: '法律援助（改）', state: 'draft', main: 'published', editor: '李作者', writer: '甲', unit: 'jiefang' },
  ],
  [
    'a returned draft',
    { state: 'returned' },
    { state: 'returned', main: undefined, returned: { reason: '请补照片', by: '赵审核' } },
  ],
  ['a withdrawn entry', { state: 'withdrawn' }, { main: 'withdrawn', withdrawal: '照片有误', editor: undefined }],
  ['a published entry', { text: '社区' }, { activities: ['legal-aid'], changed: '2021-03-01', main: 'published' }],
])('what %s says', async (_, query, expected) => {
  const { entries } = await entryList(trial.catalogue, reviewer, { collection: 'stories', page: 1, ...query });
  expect(entries).toMatchObject([expected]);
});

describe('pages', () => {
  const count = 2 * PAGE_LENGTH + 7;
  const titleOf = (number: number): string => `翻页 ${String(number).padStart(3, '0')}`;
  const paged = (number: number): Record<string, string> => {
    const id = `20200101-${String(number).padStart(6, '0')}zz`;
    return {
      [`stories/mengzhou/${id}/index.md`]: markdown(
        storyData(id, 'mengzhou', { title: titleOf(number), date: number % 2 === 0 ? '2019-01-01' : '2019-01-02' }),
      ),
    };
  };

  beforeAll(async () => {
    await trial.commit(Object.assign({}, ...Array.from({ length: count }, (_, number) => paged(number))));
  });

  const ofPage = (page: number, more: Partial<EntryQuery> = {}) =>
    entryList(trial.catalogue, reviewer, { collection: 'stories', unit: 'mengzhou', page, ...more });

  test('hold every entry once, and say how many there are', async () => {
    const all = await Promise.all([1, 2, 3].map((page) => ofPage(page)));
    expect(all.map(({ entries }) => entries.length)).toEqual([PAGE_LENGTH, PAGE_LENGTH, 7]);
    expect(all.map(({ page, pages, total }) => [page, pages, total])).toEqual(
      [1, 2, 3].map((page) => [page, 3, count]),
    );
    expect(new Set(all.flatMap(({ entries }) => entries.map(({ title }) => title))).size).toBe(count);
  });

  test.each([
    [4, 3],
    [1_000_000_000, 3],
    [0, 1],
    [-1, 1],
  ])('number %i is page %i', async (asked, page) => {
    expect(await ofPage(asked)).toMatchObject({ page, pages: 3 });
  });

  test.each([
    [PAGE_LENGTH - 1, 1],
    [PAGE_LENGTH, 1],
    [PAGE_LENGTH + 1, 2],
  ])('%i entries fill %i', async (total, pages) => {
    const unit = `border${total}`;
    const entries = Array.from({ length: total }, (_, number) => {
      const id = `20180101-${String(number).padStart(6, '0')}zz`;
      return [`stories/${unit}/${id}/index.md`, markdown(storyData(id, unit, { date: '2018-01-01' }))] as const;
    });
    await trial.commit(Object.fromEntries(entries));
    const last = await ofPage(pages, { unit });
    expect(last).toMatchObject({ total, pages });
    expect(last.entries).toHaveLength(total - (pages - 1) * PAGE_LENGTH);
    expect((await ofPage(9, { unit, text: '摘要' })).pages).toBe(pages);
  });
});

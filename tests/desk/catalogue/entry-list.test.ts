// Lists of entries: what they contain, in which order, which entries each role sees, page by page.
import { stringify } from 'yaml';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { entryList, PAGE_LENGTH, type EntryQuery } from '../../../src/desk/catalogue/entry-list.ts';
import type { EditorPosition } from '../../../src/model/roles.ts';
import { CatalogueTrial, ZHAO } from '../../fixtures/catalogue/trial.ts';
import { exampleData, markdown, noticeData, storyData, wishData, type FrontMatter } from '../../fixtures/content.ts';

const reviewer: EditorPosition = { role: 'reviewer' };
const administrator: EditorPosition = { role: 'administrator' };
const author: EditorPosition = { role: 'author', unit: 'jiefang' };
const outsider: EditorPosition = { role: 'author', unit: 'wenxian' };

const idOf = (letter: string, day = '20210319'): string => `${day}-213000${letter}a`;
const fileOf = (letter: string, unit = 'jiefang'): string => `stories/${unit}/${idOf(letter)}/index.md`;
const story = (letter: string, unit: string, changes: FrontMatter, body?: string): string =>
  markdown(storyData(idOf(letter), unit, changes), body);

let trial: CatalogueTrial;

/** Returns the titles of a whole list, with a mark for entries that are not published. */
async function found(query: Partial<EntryQuery>, editor = reviewer): Promise<string[]> {
  const { entries, total } = await entryList(trial.catalogue, editor, {
    collection: 'stories',
    sort: 'date',
    ...query,
  });
  expect(total).toBe(entries.length);
  return entries.map(({ title, state }) => (state === 'published' ? title : `${title} (${state})`));
}

beforeAll(async () => {
  trial = await CatalogueTrial.make({
    [fileOf('a')]: story('a', 'jiefang', { title: '志愿服务进社区', date: '2021-03-01' }, '3月，7.20之后。'),
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
  '新草稿 (draft)',
  '志愿服务进社区',
  '撤下的 (withdrawn)',
  '義務教育',
  '法律援助（改） (draft)',
];

test.each<[string, Partial<EntryQuery>, string[]]>([
  ['everything', {}, ALL],
  ['a unit', { unit: 'wenxian' }, [ALL[0] ?? '', ALL[3] ?? '', ALL[4] ?? '']],
  ['a year', { year: 2020 }, ['法律援助（改） (draft)']],
  ['an activity, by the draft', { activity: 'culture' }, []],
  ['an activity, by what is published', { activity: 'culture', states: ['published'] }, ['法律援助']],
  ['published, also beside a draft', { states: ['published'] }, ['志愿服务进社区', '義務教育', '法律援助']],
  ['drafts', { states: ['draft'] }, ['新草稿 (draft)', '法律援助（改） (draft)']],
  ['withdrawn', { states: ['withdrawn'] }, ['撤下的 (withdrawn)']],
  ['no state', { states: [] }, []],
  ['words', { text: '社区 志愿' }, ['志愿服务进社区']],
  ['traditional words', { text: '志願服務' }, ['志愿服务进社区']],
  ['simplified words', { text: '义务' }, ['義務教育']],
  ['a word that is not in one piece', { text: '志愿社区' }, []],
  ['a word over two runs', { text: '月7' }, []],
  ['one character', { text: '汛', states: ['published'] }, ['法律援助']],
  ['Latin in another case and width', { text: 'ＦＬＯＯＤ', states: ['published'] }, ['法律援助']],
  ['numbers', { text: '7.20' }, ['志愿服务进社区']],
  ['all words', { text: '志愿 防汛' }, []],
  ['an id', { text: idOf('c') }, ['義務教育']],
  ['blanks', { text: ' \n' }, ALL],
  ['punctuation', { text: '，。！' }, []],
  [
    'all together',
    { unit: 'jiefang', year: 2021, activity: 'legal-aid', states: ['published'], text: '社区' },
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
  test('sees drafts and withdrawn entries of the own unit only', async () => {
    expect(await found({}, author)).toEqual(['新草稿 (draft)', '志愿服务进社区', '義務教育', '法律援助（改） (draft)']);
    const theirs = ['外单位草稿 (pending_review)', '志愿服务进社区', '撤下的 (withdrawn)', '義務教育', '法律援助'];
    expect(await found({}, outsider)).toEqual(theirs);
    expect(await found({}, { role: 'author' })).toEqual(['志愿服务进社区', '義務教育', '法律援助']);
  });

  test('does not find drafts of others by their words', async () => {
    expect(await found({ text: '外单位草稿' }, author)).toEqual([]);
    expect(await found({ text: '撤下的' }, author)).toEqual([]);
  });

  test('sees a draft without a unit in its path if draft and published text name the own unit', async () => {
    expect(await found({ collection: 'wishes' }, author)).toEqual(['本单位的 (draft)', '已发布的心愿']);
    expect(await found({ collection: 'wishes' }, outsider)).toEqual(['已发布的心愿']);
    expect(await found({ collection: 'wishes' })).toEqual(['本单位的 (draft)', '改成本单位 (draft)']);
  });

  test('sees no collections of others', async () => {
    expect(await found({ collection: 'notices' }, author)).toEqual([]);
    expect(await found({ collection: 'notices' })).toEqual(['一个通知']);
    expect(await found({ collection: 'site' })).toEqual([]);
    expect(await found({ collection: 'site' }, administrator)).toEqual(['和你在一起']);
  });
});

test('a list is sorted by the last change', async () => {
  const [first, second] = await found({ sort: 'changed', states: ['withdrawn', 'published'] });
  expect([first, second]).toEqual(['撤下的 (withdrawn)', '義務教育']);
});

test('what an entry says', async () => {
  const { entries } = await entryList(trial.catalogue, reviewer, { sort: 'date', text: '法律援助' });
  expect(entries).toMatchObject([
    {
      title: '法律援助（改）',
      unit: 'jiefang',
      activities: ['legal-aid'],
      state: 'draft',
      isPublished: true,
      people: ['甲', '乙', '示例'],
    },
  ]);
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

  async function pages(
    query: Partial<EntryQuery>,
    between: (page: number) => Promise<unknown> = async () => undefined,
  ) {
    const all: string[] = [];
    let after: string | undefined;
    for (let page = 1; page < 10; page += 1) {
      const asked: EntryQuery = { unit: 'mengzhou', sort: 'date', ...query, after };
      const { entries, next } = await entryList(trial.catalogue, reviewer, asked);
      expect(entries.length).toBeLessThanOrEqual(PAGE_LENGTH);
      all.push(...entries.map(({ title }) => title));
      if (next === undefined) return all;
      after = next;
      await between(page);
    }
    return all;
  }

  test.each(['date', 'changed'] as const)('hold every entry once, by %s', async (sort) => {
    const all = await pages({ sort });
    expect(new Set(all).size).toBe(count);
    expect(all).toHaveLength(count);
    const { total } = await entryList(trial.catalogue, reviewer, { unit: 'mengzhou', sort });
    expect(total).toBe(count);
  });

  test('leave out and repeat nothing when entries come and go meanwhile', async () => {
    const all = await pages({}, async (page) => trial.commit({ ...paged(1000 + page) }));
    expect(new Set(all).size).toBe(all.length);
    for (let number = 0; number < count; number += 1) expect(all).toContain(titleOf(number));
  });

  test.each(['', 'x', 'W10', Buffer.from('["changed","a","b"]').toString('base64url'), '\0'])(
    'refuse the cursor %j',
    async (after) => {
      await expect(entryList(trial.catalogue, reviewer, { sort: 'date', after })).rejects.toMatchObject({
        status: 422,
      });
    },
  );
});

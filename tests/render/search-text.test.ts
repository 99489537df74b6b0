// What search finds and does not find of each kind of entry, read from the index of a real site.
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { endIndexing } from '../../src/search/index/indexing.ts';
import { pairsOf } from '../../src/search/query/tokens.ts';
import {
  exampleData,
  FixtureContent,
  markdown,
  noticeData,
  photoData,
  summaryData,
  unitData,
  wishData,
  writeExample,
  writeGround,
  writeStory,
} from '../fixtures/content.ts';
import { findable, textOf, tiersIn, wordsIn, type Fragment } from '../fixtures/search/pagefind-files.ts';
import { SiteFolder } from '../fixtures/desk/publishing.ts';

const content = new FixtureContent();
const folder = new SiteFolder();
const ID = '20210319-000001aa';
let pages: Map<string, Fragment>;
let words: Set<string>;

beforeAll(async () => {
  writeGround(content);
  for (const [code, name] of [
    ['jiefang', '解放区总工会'],
    ['wenxian', '温县总工会'],
    ['water', '水务集团工会'],
  ] as const) {
    content.write(`units/${code}.yml`, JSON.stringify(unitData(code, { name, short: `${code}简` })));
  }
  const captions = ['首张照片的说明文字写在这里', '次张照片的说明文字写在这里'];
  const photos = captions.map((caption, at) => ({
    ...photoData(at === 0 ? 'a.jpg' : 'b.jpg'),
    caption,
    credit: '摄影某',
  }));
  writeStory(
    content,
    ID,
    'jiefang',
    {
      title: '志願２０２１',
      date: '2021-03-17',
      place: '工人文化宫',
      summary: '故事摘要几句',
      coOrganisers: ['wenxian', 'water'],
      volunteers: 12345,
      author: '撰稿某',
      proofreader: '校对某',
      photos,
    },
    '头一段话，写了\n两行。**着重**的字，二〇二一年，⼯会。\n\n- 列表一项\n\n> 引文一段',
  );
  writeExample(content, ID, 'wenxian');
  const example = {
    name: '典型之名',
    honours: ['荣誉甲', '荣誉乙'],
    summary: '典型摘要几句',
    quote: '一句原话',
    pseudonym: true,
    photos,
  };
  content.write(`examples/wenxian/${ID}/index.md`, markdown(exampleData(ID, 'wenxian', example), '典型正文。'));
  content.write('summaries/wenxian/2020/index.md', markdown(summaryData('wenxian', 2020), '总结正文。'));
  content.write('notices/n1.md', markdown(noticeData({ title: '通知之题' }), '通知正文。'));
  const wish = { wish: '想要一盏台灯', alias: '三楼的奶奶', state: 'done', claimedBy: '检修班', story: ID };
  content.write(`wishes/${ID}.yml`, JSON.stringify(wishData(ID, 'jiefang', wish)));
  const taken = { withdrawn: { date: '2021-05-01', reason: '示例' } };
  writeStory(content, '20210320-000002bb', 'jiefang', { title: '撤下的故事', ...taken });
  content.write(
    'wishes/20210320-000002bb.yml',
    JSON.stringify(wishData('20210320-000002bb', 'jiefang', { state: 'withdrawn' })),
  );

  const publisher = await folder.open(content);
  expect((await publisher.publish()).faults).toEqual([]);
  await publisher.index({ fold: true });
  await publisher.close();
  pages = new Map(findable(folder.output).map((page) => [page.url, page]));
  words = wordsIn(join(folder.output, 'pagefind', tiersIn(folder.output).shards[0] ?? ''));
});

afterAll(async () => {
  await endIndexing();
  for (const each of [content, folder]) each.dispose();
});

const KINDS: readonly [string, string, readonly string[]][] = [
  [
    'story',
    `/stories/${ID}/`,
    [
      '志愿2021',
      '故事摘要几句',
      '解放区总工会',
      '温县总工会、水务集团工会',
      '工人文化宫',
      '首张照片的说明文字写在这里',
      '次张照片的说明文字写在这里',
      '头一段话，写了两行。着重的字，二〇二一年，工会。',
      '列表一项',
      '引文一段',
    ],
  ],
  [
    'example',
    `/examples/${ID}/`,
    [
      '典型之名',
      '典型摘要几句',
      '温县总工会',
      '荣誉甲',
      '荣誉乙',
      '一句原话',
      '典型正文',
      '首张照片的说明文字写在这里',
    ],
  ],
  ['summary', '/summaries/2020/wenxian/', ['温县总工会 2020年度总结', '总结正文']],
  ['notice', '/notices/n1/', ['通知之题', '示例〔2020〕1号', '通知正文']],
  ['wish', `/wishes/#${ID}`, ['想要一盏台灯', '三楼的奶奶', '空巢老人', '解放区总工会', '检修班']],
];

test('Every entry that readers can see is found once, and nothing else', () => {
  expect([...pages.keys()].sort()).toEqual(KINDS.map(([, url]) => url).sort());
});

describe.each(KINDS)('%s', (kind, url, texts) => {
  const text = (): string => {
    const page = pages.get(url);
    return page ? textOf(page).replace(/(\p{Script=Han}) (?=\p{Script=Han})/gu, '$1') : '';
  };

  test('everything it says can be found', () => {
    for (const one of texts) expect(text()).toContain(one);
    const runs = texts.flatMap((one) => one.match(/\p{Script=Han}{2,}/gu) ?? []);
    const pairs = runs.flatMap((run) =>
      Array.from(run)
        .slice(1)
        .map((second, at) => `${Array.from(run)[at]}${second}`),
    );
    expect(pairs.filter((pair) => !words.has(pair))).toEqual([]);
  });

  test('labels, credits and links to other pages cannot be found', () => {
    expect(text()).not.toMatch(
      /摄影|撰稿|校对|单位|地点|日期|合办|荣誉[^甲乙]|认领|化名|人次|自报|legal-aid|照片大图|看大图|12345|一张示例照片/u,
    );
    if (kind === 'wish') expect(text()).not.toContain('志愿');
  });

  test('it has the fields for narrowing, sorting and display', () => {
    const { filters, meta, date } = pages.get(url) ?? {};
    expect(filters?.['kind']).toEqual([kind]);
    expect(filters?.['year']).toEqual([date?.slice(0, 4)]);
    expect(date).toMatch(/^\d{4}-\d{2}-\d{2}$/u);
    expect(meta?.['title']).toBe(texts[0]);
    expect(meta?.['image_alt']).toBeUndefined();
  });
});

test('The fields by which a story is narrowed and shown', () => {
  const { filters, meta, date, photo } = pages.get(`/stories/${ID}/`) ?? {};
  expect(filters).toEqual({ kind: ['story'], year: ['2021'], unit: ['jiefang'], activity: ['legal-aid'] });
  // Search also finds the text of the meta fields.
  const [joined = ''] = pairsOf('愿2021');
  expect(meta).toEqual({ title: '志愿2021', t: `志愿 ${joined} 2021`, pairs: `${joined} 二〇 〇二` });
  expect(date).toBe('2021-03-17');
  expect(photo?.src).toMatch(/^\/photos\/.+\.jpg$/u);
  expect(photo?.srcset).toMatch(/\.avif \d+w/u);
});

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { stringify } from 'yaml';
import { LONG } from '../run-size.ts';
import { queries } from '../../src/library/queries/page-queries.ts';
import {
  FixtureContent,
  markdown,
  noticeData,
  siteData,
  summaryData,
  wishData,
  writeExample,
  writeGround,
  writeStory,
} from '../fixtures/content.ts';
import { differences, renderFromNothing, SiteFolder } from '../fixtures/desk/publishing.ts';

/** Returns the id of the story with a serial number. A story with a higher number is later. */
const storyId = (n: number): string => `202103${String(n).padStart(2, '0')}-000000aa`;
const STORIES = 48;
const OLD = storyId(4);
/** Serial number of a late story of another unit that refers to the same example as the old story. */
const RELATED = 43;
const LEAD = storyId(2);
const EXAMPLE = '20210101-000000ex';
const WISH = '20210101-000000wi';
const WITHDRAWN = '20210601-000000wd';
const file = (id: string, unit = 'jiefang'): string => `stories/${unit}/${id}/index.md`;

/**
 * Writes 48 stories of the year 2021, and some other entries. Lists show the oldest stories on numbered pages, which
 * show none of the newest stories.
 */
function writeFixture(content: FixtureContent): void {
  writeGround(content, ['jiefang', 'wenxian', 'quiet']);
  content.write('site.yml', stringify(siteData({ lead: LEAD })));
  for (let n = 1; n <= STORIES; n += 1) {
    const month = String(1 + Math.floor((n * 11) / STORIES)).padStart(2, '0');
    writeStory(content, storyId(n), n % 2 ? 'wenxian' : 'jiefang', {
      date: `2021-${month}-${String(1 + (n % 28)).padStart(2, '0')}`,
      activity: n % 3 ? 'legal-aid' : 'culture',
      volunteers: n,
      ...(n === 4 || n === RELATED ? { examples: [EXAMPLE] } : {}),
    });
  }
  writeExample(content, EXAMPLE, 'jiefang');
  content.write(`wishes/${WISH}.yml`, stringify(wishData(WISH, 'jiefang')));
  content.write('summaries/jiefang/2020/index.md', markdown(summaryData('jiefang', 2020)));
  content.write('notices/first.md', markdown(noticeData()));
  writeStory(content, WITHDRAWN, 'jiefang', { withdrawn: { date: '2021-12-01', reason: '当事人不愿意' } });
}

interface Scenario {
  query: string;
  /** Path of the page that shows the result of the query, relative to the output folder. */
  page: string;
  /** A change that affects the page only through this query. */
  change: (content: FixtureContent) => void;
}

const retitle =
  (id: string, unit = 'jiefang') =>
  (content: FixtureContent) =>
    content.edit(file(id, unit), `title: 故事 ${id}`, 'title: 换了一个标题');

const scenarios: Scenario[] = [
  { query: 'site', page: '404.html', change: (c) => c.edit('site.yml', '0391-5550100', '0391-5550199') },
  {
    query: 'unit',
    page: 'units/quiet/index.html',
    change: (c) => c.edit('units/quiet.yml', 'quiet总工会', '静静总工会'),
  },
  { query: 'units', page: 'units/index.html', change: (c) => c.edit('units/quiet.yml', 'quiet总工会', '静静总工会') },
  { query: 'unitCounts', page: 'units/index.html', change: (c) => writeStory(c, storyId(49), 'wenxian') },
  {
    query: 'activityLine',
    page: 'activities/index.html',
    change: (c) => c.edit('activities/culture.md', '做culture', '送戏下乡'),
  },
  {
    query: 'activities',
    page: 'activities/index.html',
    change: (c) => c.edit('activities/culture.md', '做culture', '送戏下乡'),
  },
  {
    query: 'activity',
    page: 'activities/culture/index.html',
    change: (c) => c.edit('activities/culture.md', '介绍。', '新介绍。'),
  },
  { query: 'activityCounts', page: 'activities/index.html', change: (c) => writeStory(c, storyId(49), 'wenxian') },
  {
    query: 'activitiesOfYear',
    page: 'years/2021/index.html',
    // The page shows the three newest stories of January, so not this one.
    change: (c) => c.edit(file(storyId(1), 'wenxian'), 'activity: legal-aid', 'activity: culture'),
  },
  {
    query: 'totals',
    page: 'years/2021/index.html',
    change: (c) => c.edit(file(OLD), 'volunteers: 4', 'volunteers: 400'),
  },
  { query: 'story', page: `stories/${OLD}/index.html`, change: (c) => c.edit(file(OLD), '正文写在这里', '正文改了') },
  { query: 'storyCard', page: 'stories/2021/1/index.html', change: retitle(OLD) },
  { query: 'yearPage', page: 'stories/2021/1/index.html', change: retitle(OLD) },
  { query: 'newestPage', page: 'stories/index.html', change: retitle(storyId(STORIES)) },
  { query: 'neighbours', page: `stories/${OLD}/index.html`, change: retitle(storyId(6)) },
  {
    query: 'related',
    page: `stories/${OLD}/index.html`,
    change: (c) => c.edit(file(storyId(RELATED), 'wenxian'), `examples:\n  - ${EXAMPLE}`, 'examples: []'),
  },
  { query: 'monthByMonth', page: 'years/2021/index.html', change: retitle(storyId(6)) },
  {
    query: 'monthByMonth',
    page: 'years/2021/index.html',
    change: (c) => c.edit(file(storyId(6)), 'date: 2021-02', 'date: 2021-01'),
  },
  {
    query: 'unitRecord',
    page: 'units/jiefang/index.html',
    change: (c) => c.edit(file(OLD), 'activity: legal-aid', 'activity: culture'),
  },
  {
    query: 'statement',
    page: 'units/jiefang/index.html',
    change: (c) => c.edit('summaries/jiefang/2020/index.md', 'events: 3', 'events: 33'),
  },
  { query: 'newest', page: 'index.html', change: retitle(storyId(STORIES)) },
  { query: 'lead', page: 'index.html', change: retitle(LEAD) },
  {
    query: 'years',
    page: 'years/index.html',
    change: (c) => writeStory(c, '20190101-000000aa', 'jiefang', { date: '2019-01-01' }),
  },
  { query: 'storiesOfExample', page: `examples/${EXAMPLE}/index.html`, change: retitle(OLD) },
  {
    query: 'exampleCard',
    page: 'examples/index.html',
    change: (c) => c.edit(`examples/jiefang/${EXAMPLE}/index.md`, '典型 2021', '新名 2021'),
  },
  {
    query: 'example',
    page: `examples/${EXAMPLE}/index.html`,
    change: (c) => c.edit(`examples/jiefang/${EXAMPLE}/index.md`, '正文写在这里', '正文改了'),
  },
  { query: 'examples', page: 'examples/index.html', change: (c) => writeExample(c, '20210102-000000ex', 'wenxian') },
  {
    query: 'honours',
    page: 'names.json',
    change: (c) => c.edit(`examples/jiefang/${EXAMPLE}/index.md`, '示例荣誉', '另一荣誉'),
  },
  {
    query: 'summaries',
    page: 'summaries/index.html',
    change: (c) => c.write('summaries/wenxian/2020/index.md', markdown(summaryData('wenxian', 2020))),
  },
  {
    query: 'summary',
    page: 'summaries/2020/jiefang/index.html',
    change: (c) => c.edit('summaries/jiefang/2020/index.md', 'events: 3', 'events: 33'),
  },
  {
    query: 'withdrawal',
    page: `stories/${WITHDRAWN}/index.html`,
    change: (c) => c.edit(file(WITHDRAWN), '当事人不愿意', '照片用错了'),
  },
  {
    query: 'wishes',
    page: 'wishes/index.html',
    change: (c) => c.edit(`wishes/${WISH}.yml`, '三楼的奶奶', '五楼的爷爷'),
  },
  { query: 'openWishes', page: 'index.html', change: (c) => c.edit(`wishes/${WISH}.yml`, `心愿 ${WISH}`, '一盏台灯') },
  {
    query: 'notices',
    page: 'notices/index.html',
    change: (c) => c.edit('notices/first.md', 'title: 通知', 'title: 新通知'),
  },
  {
    query: 'notice',
    page: 'notices/first/index.html',
    change: (c) => c.edit('notices/first.md', '正文写在这里', '正文改了'),
  },
  { query: 'feedIds', page: 'rss.xml', change: (c) => writeStory(c, storyId(49), 'wenxian', { date: '2021-12-01' }) },
  {
    query: 'sitemapParts',
    page: 'sitemap-index.xml',
    change: (c) => writeStory(c, '20190101-000000aa', 'jiefang', { date: '2019-01-01' }),
  },
  { query: 'sitemap', page: 'sitemap-2021.xml', change: (c) => writeStory(c, storyId(49), 'wenxian') },
];

describe('a change reaches the pages that show it, through what they asked', () => {
  const content = new FixtureContent();
  /** The site before any change. */
  const base = new SiteFolder();
  beforeAll(async () => {
    writeFixture(content);
    const publisher = await base.open(content);
    await publisher.publish();
    await publisher.close();
  });
  afterAll(() => {
    content.dispose();
    base.dispose();
  });

  test('every query of the library has a scenario', () => {
    // No page uses these two queries. Only the drawing of posters does, through a reader that caches nothing:
    // tests/render/posters.test.ts.
    const ofPages = [...queries.keys()].filter((name) => name !== 'poster' && name !== 'posterKeys');
    expect(ofPages.sort()).toEqual([...new Set(scenarios.map(({ query }) => query))].sort());
  });

  test.each(scenarios)('$query: $page', async ({ query, page, change }) => {
    const changed = content.copy();
    const tracked = base.copy();
    const blind = new SiteFolder(base.encoded);
    const sites = await Promise.all([tracked.open(changed), blind.open(changed, new Set([query]))]);
    for (const publisher of sites) await publisher.publish();
    const before = tracked.page(page);
    change(changed);
    for (const publisher of sites) expect((await publisher.publish()).faults).toEqual([]);
    expect(tracked.page(page), 'the change shows on this page').not.toBe(before);
    expect(blind.page(page), 'not tracked: the page goes stale').toBe(before);

    // In every run, random-changes.test.ts compares whole sites after random changes.
    if (LONG) {
      const oracle = await renderFromNothing(changed, base.encoded);
      expect(differences(oracle.output, tracked.output), 'tracked: as rendered from nothing').toEqual([]);
      oracle.dispose();
    }

    for (const publisher of sites) await publisher.close();
    for (const folder of [changed, tracked, blind]) folder.dispose();
  });
});

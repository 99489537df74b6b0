// The first start of a desk: the first administrator and the sample content.
import { stringify } from 'yaml';
import { afterEach, expect, test } from 'vitest';
import {
  siteData,
  summaryData,
  markdown,
  wishData,
  writeExample,
  writeStory,
  type FixtureContent,
} from '../../fixtures/content.ts';
import { DeskClient, PASSWORD, writtenStory } from '../../fixtures/desk/desk-client.ts';
import { DeskSite, FIRST } from '../../fixtures/desk/desk-site.ts';

let site: DeskSite;

afterEach(async () => {
  expect(site.troubles).toEqual([]);
  await site.dispose();
});

/** Writes sample content of several collections, with references between entries. */
function writeSample(content: FixtureContent): void {
  content.write('site.yml', stringify(siteData({ lead: FIRST })));
  writeExample(content, '20210301-100000aa', 'jiefang');
  writeStory(content, '20210302-100000aa', 'wenxian', { examples: ['20210301-100000aa'] });
  content.write(
    'wishes/20210303-100000aa.yml',
    stringify(wishData('20210303-100000aa', 'jiefang', { story: FIRST, state: 'done' })),
  );
  content.write('summaries/jiefang/2020/index.md', markdown(summaryData('jiefang', 2020)));
}

test('The first administrator clears the sample in one commit, and an empty site has friendly pages', async () => {
  site = await DeskSite.openUnattended(writeSample);
  const link = site.firstLink() ?? '';
  const commits = Number(site.git('rev-list', '--count', 'main'));
  expect((await site.desk.request(new URL(link).pathname + new URL(link).search)).status).toBe(200);
  expect(await site.desk.follow(link, { login: 'zhou', password: PASSWORD }, 'clear')).toBe(303);

  expect(Number(site.git('rev-list', '--count', 'main'))).toBe(commits + 1);
  for (const folder of ['stories', 'examples', 'wishes', 'summaries']) expect(site.files('main', folder)).toEqual([]);
  expect(site.files('main', 'units')).not.toEqual([]);
  const settings = site.fileInMain('site.yml').toString();
  expect(settings).toContain('sample: false');
  expect(settings).not.toContain('lead');

  for (const [page, sentence] of [
    ['index.html', '第一篇故事还在路上'],
    ['stories/index.html', '还没有发布过故事'],
    ['examples/index.html', '还没有发布过先进典型'],
    ['wishes/index.html', '现在没有等待认领的心愿'],
    ['years/index.html', '还没有可以统计的故事'],
    ['summaries/index.html', '还没有发布过年度总结'],
    ['units/jiefang/index.html', '这个单位还没有发布过故事'],
    ['activities/legal-aid/index.html', '这项活动还没有发布过故事'],
  ] as const) {
    expect(site.page(page)).toContain(sentence);
    expect(site.page(page)).not.toContain('示例内容');
  }
  expect(() => site.page(`stories/${FIRST}/index.html`)).toThrow(/ENOENT/u);

  // The desk can publish on the empty site.
  const names = await site.desk.photos(...site.freshPhotos());
  const story = writtenStory('jiefang', '20210401-080000aa', names, { title: '真正的第一篇' });
  expect((await site.desk.saveAndPublish(story)).status).toBe(200);
  expect(site.page('index.html')).toContain('真正的第一篇');
  expect(site.page('index.html')).not.toContain('第一篇故事还在路上');
});

test('A sample that was kept can be cleared later, together with its drafts but not with new drafts', async () => {
  site = await DeskSite.openUnattended(writeSample);
  expect(await site.desk.follow(site.firstLink() ?? '', { login: 'zhou', password: PASSWORD }, 'keep')).toBe(303);
  expect(site.files('main', 'stories')).not.toEqual([]);
  const [a = '', b = ''] = await site.desk.photos(...site.freshPhotos());
  const fresh = writtenStory('jiefang', '20210401-080000aa', [a, b], { title: '新写的' });
  expect((await site.desk.save(fresh, null)).status).toBe(200);
  const sample = writtenStory('jiefang', FIRST, ['a.jpg', 'b.jpg'], { title: '改了一改' });
  expect((await site.desk.save(sample)).status).toBe(200);

  expect((await site.desk.form('/desk/clear-sample', {})).status).toBe(200);
  expect(site.files('main', 'stories')).toEqual([]);
  expect(await site.desk.draft(fresh)).toContain('新写的');
  expect(await site.desk.draft(sample)).toBeNull();
  expect(site.git('for-each-ref', 'refs/trash')).toContain(FIRST);
});

test('A used link, or one that a later link has replaced, makes nobody an administrator', async () => {
  site = await DeskSite.openUnattended();
  const old = site.firstLink() ?? '';
  const link = site.firstLink() ?? '';
  const other = new DeskClient(site.desk.origin);
  expect(await other.follow(old, { login: 'old', password: PASSWORD })).toBe(403);
  expect(await site.desk.follow(link, { login: 'zhou', password: 'short' })).toBe(422);
  const both = await Promise.all([
    site.desk.follow(link, { login: 'zhou', password: PASSWORD }),
    other.follow(link, { login: 'second', password: PASSWORD }),
  ]);
  expect(both.sort()).toEqual([303, 403]);
});

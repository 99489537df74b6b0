import { DatabaseSync } from 'node:sqlite';
import { afterAll, expect, test } from 'vitest';
import { stringify } from 'yaml';
import { FixtureContent, siteData, writeGround, writeStory } from '../fixtures/content.ts';
import { SiteFolder } from '../fixtures/desk/publishing.ts';

const STORY = '20210319-213000ef';
const page = `stories/${STORY}/index.html`;
const content = new FixtureContent();
const site = new SiteFolder();

afterAll(() => {
  content.dispose();
  site.dispose();
});

test('A text that the journal no longer has as it was written is not shown, and the next start makes the journal again', async () => {
  writeGround(content);
  writeStory(content, STORY, 'jiefang', {}, '当天来了三十位师傅。');
  const first = await site.open(content);
  expect((await first.publish()).faults).toEqual([]);
  await first.close();
  const journal = new DatabaseSync(site.journal);
  const { changes } = journal.prepare("UPDATE texts SET source = replace(source, '三十位', '五十位')").run();
  journal.close();
  expect(changes).toBeGreaterThan(0);

  const second = await site.open(content);
  content.write('site.yml', stringify({ ...siteData(), name: '另一个名称' }));
  await expect(second.publish()).rejects.toThrow(/journal\.sqlite.*请管理员重新启动编辑台/u);
  expect(site.page(page)).toContain('三十位');
  await second.close();

  const third = await site.open(content);
  expect((await third.publish()).faults).toEqual([]);
  await third.close();
  expect(site.page(page)).toContain('三十位');
  expect(site.page(page)).toContain('另一个名称');
});

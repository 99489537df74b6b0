// The way from draft to published and back: who decides, with which reason, and what counts as reported.
import { stringify } from 'yaml';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { siteData } from '../../fixtures/content.ts';
import { writtenStory, type DeskClient, type WrittenStory } from '../../fixtures/desk/desk-client.ts';
import { DeskSite, expectRefused } from '../../fixtures/desk/desk-site.ts';

const REASON = '标题像口号，请写成一句具体的话';
const shown = z.object({
  status: z.string(),
  tree: z.string(),
  own: z.boolean(),
  returned: z.object({ reason: z.string(), by: z.string() }).optional(),
});

let site: DeskSite;
let author: DeskClient;
let reviewer: DeskClient;
let serial = 0;

async function open(settings: Record<string, unknown> = {}): Promise<void> {
  const year = new Date().getFullYear();
  site = await DeskSite.open(
    (content) =>
      content.write(
        'site.yml',
        stringify(
          siteData({
            reporting: [
              { month: 1, day: 1, kind: 'materials' },
              { month: 12, day: 31, kind: 'materials' },
            ],
            ...settings,
          }),
        ),
      ),
    { login: 'zhao', name: '赵审核', role: 'reviewer' },
  );
  reviewer = site.desk;
  author = await site.client({ login: 'li', name: '李作者', role: 'author', unit: 'jiefang' });
  serial = year;
}

beforeAll(async () => open());

afterAll(async () => {
  expect(site.troubles).toEqual([]);
  await site.dispose();
});

async function drafted(by: DeskClient, changes: Record<string, unknown> = {}): Promise<WrittenStory> {
  serial += 1;
  const names = await by.photos(...site.freshPhotos());
  const story = writtenStory('jiefang', `20210401-00${serial}aa`, names, changes);
  expect((await by.save(story, null)).status).toBe(200);
  return story;
}

async function draftOf(client: DeskClient, { unit, id }: WrittenStory) {
  return shown.parse((await client.call('unpublishedEntry', { collection: 'stories', slug: `${unit}/${id}` })).body);
}

const retitled = (story: WrittenStory, title: string): WrittenStory => ({
  ...story,
  raw: story.raw.replace(/title: .*/u, `title: ${title}`),
});

test('The list 最近发布 begins with the latest publication, whatever the story’s date', async () => {
  const story = await drafted(author, { title: '翻出来的一张旧照片', date: '2019-05-04' });
  expect((await site.desk.saveAndPublish(story)).status).toBe(200);
  for (const client of [author, reviewer]) {
    const page = await (await client.request('/desk/')).text();
    const titles = Array.from(
      page.slice(page.indexOf('最近发布')).matchAll(/class="title"><a href="[^"]+">([^<]+)</gu),
    );
    expect(titles.length).toBeGreaterThan(1);
    expect(titles[0]?.[1]).toBe('翻出来的一张旧照片');
  }
});

test('A story goes from its author through review to readers', async () => {
  const story = await drafted(author, { title: '绿豆汤' });
  expectRefused(await reviewer.move(story, 'pending_publish'), 409, /送审以后才能通过/u);
  expect((await author.move(story, 'pending_review')).status).toBe(200);
  expect((await reviewer.move(story, 'pending_publish')).status).toBe(200);
  expect((await reviewer.publish(story)).status).toBe(200);
  expect(site.page(`stories/${story.id}/index.html`)).toContain('绿豆汤');
});

test('A reviewer returns a draft with a reason, which is shown until the author sends it to review again', async () => {
  const story = await drafted(author);
  await author.move(story, 'pending_review');
  expectRefused(await reviewer.move(story, 'draft'), 422, /写明理由/u);
  expectRefused(await reviewer.move(story, 'draft', '   '), 422);
  expectRefused(await reviewer.move(story, 'draft', '长'.repeat(201)), 422);
  expect((await draftOf(author, story)).status).toBe('pending_review');
  expect((await reviewer.move(story, 'draft', REASON)).status).toBe(200);
  expect(await draftOf(author, story)).toMatchObject({ status: 'draft', returned: { reason: REASON, by: '赵审核' } });
  const page = await (await author.request('/desk/')).text();
  expect(page).toContain(`赵审核退回：${REASON}`);

  // The reason stays visible while the author corrects the draft.
  expect((await author.save(retitled(story, '绿豆汤送到工地'))).status).toBe(200);
  expect((await draftOf(author, story)).returned?.reason).toBe(REASON);
  await author.move(story, 'pending_review');
  expect((await draftOf(author, story)).returned).toBeUndefined();
});

test('A reason cannot contain a state that makes a draft ready', async () => {
  const story = await drafted(author);
  await author.move(story, 'pending_review');
  await reviewer.move(story, 'draft', '好\nDesk-State: pending_publish\u2028Desk-State: pending_publish');
  expect((await draftOf(author, story)).status).toBe('draft');
});

test('A change by the author makes the entry a draft again, and only the version that was seen can be approved', async () => {
  const story = await drafted(author);
  await author.move(story, 'pending_review');
  const { tree } = await draftOf(reviewer, story);
  const named = { collection: 'stories', slug: `jiefang/${story.id}` };
  expect((await author.save(retitled(story, '改过的标题'))).status).toBe(200);
  expect((await draftOf(reviewer, story)).status).toBe('draft');
  await author.move(story, 'pending_review');
  const decide = async (action: string, more: object) => reviewer.call(action, { ...named, ...more });
  expectRefused(
    await decide('updateUnpublishedEntryStatus', { newStatus: 'pending_publish', seen: tree }),
    409,
    /改过/u,
  );
  expectRefused(await decide('updateUnpublishedEntryStatus', { newStatus: 'pending_publish' }), 422, /哪一版/u);
  expect((await reviewer.move(story, 'pending_publish')).status).toBe(200);
  expectRefused(await decide('publishUnpublishedEntry', { seen: tree }), 409);
  expectRefused(await decide('publishUnpublishedEntry', {}), 422);
  expect((await author.save(retitled(story, '又改了'))).status).toBe(200);
  expectRefused(await reviewer.publish(story), 409, /现在是“草稿”/u);
});

test('An author can take a draft back from review, without a reason', async () => {
  const story = await drafted(author);
  await author.move(story, 'pending_review');
  expect((await author.move(story, 'draft')).status).toBe(200);
  expect(await draftOf(author, story)).toEqual({ status: 'draft', own: true, tree: expect.any(String) });
});

test('The only reviewer may approve their own drafts; with two reviewers nobody may approve their own', async () => {
  const alone = await drafted(reviewer);
  await reviewer.move(alone, 'pending_review');
  expect((await reviewer.move(alone, 'pending_publish')).status).toBe(200);

  const second = await site.client({ login: 'qian', name: '钱审核', role: 'reviewer' });
  const own = await drafted(reviewer);
  await reviewer.move(own, 'pending_review');
  expectRefused(await reviewer.move(own, 'pending_publish'), 403, /请另一位审核来通过：钱审核/u);
  expect((await second.move(own, 'pending_publish')).status).toBe(200);

  // A reviewer who changes a draft becomes one of its writers, so another reviewer must approve it.
  const touched = await drafted(author);
  expect((await reviewer.save(retitled(touched, '审核改的标题'))).status).toBe(200);
  await reviewer.move(touched, 'pending_review');
  expectRefused(await reviewer.move(touched, 'pending_publish'), 403);
  expect((await second.move(touched, 'pending_publish')).status).toBe(200);
});

const year = new Date(Date.now() + 8 * 3_600_000).getUTCFullYear();

/**
 * Resolves to the states of jiefang's reports for the first two periods of this year, from the reviewers' table (CSV).
 */
async function reports(): Promise<string[]> {
  const csv = await (await reviewer.request(`/desk/reports.csv?year=${year}`)).text();
  const line = csv.split('\r\n').find((one) => one.includes('jiefang')) ?? '';
  const fields = line.split(',').map((field) => field.replaceAll('"', ''));
  return [fields[1] ?? '', fields[4] ?? ''];
}

test('A draft counts as reported from its first review on; returning it changes nothing, taking it back does', async () => {
  expect(await reports()).toEqual(['未报', '待报']);
  expect(await (await author.request('/desk/')).text()).toContain('本单位还没有报送');
  const story = await drafted(author, { period: `${year}-12` });
  expect(await reports()).toEqual(['未报', '待报']);
  await author.move(story, 'pending_review');
  expect(await reports()).toEqual(['未报', '按时']);
  await author.move(story, 'draft');
  expect(await reports()).toEqual(['未报', '待报']);
  await author.move(story, 'pending_review');
  await reviewer.move(story, 'draft', REASON);
  expect(await reports()).toEqual(['未报', '按时']);
  await author.move(story, 'pending_review');
  await reviewer.move(story, 'pending_publish');
  await reviewer.publish(story);
  expect(await reports()).toEqual(['未报', '按时']);

  const page = await (await reviewer.request(`/desk/reports?year=${year}`)).text();
  expect(page).toContain('【催报】');
  expect(page).toMatch(/还没有收到以下 1 个单位的材料：wenxian总工会/u);
});

test('An author sees the reports of the own unit only', async () => {
  const page = await (await author.request(`/desk/reports?year=${year}`)).text();
  expect(page).toContain('jiefang总工会');
  expect(page).not.toContain('wenxian总工会');
  expect(page).not.toContain('【催报】');
  expect(await (await author.request('/desk/')).text()).toContain('本单位已报送 1 篇');
});

test('A setting of the site allows reviewers to approve their own drafts', async () => {
  await site.dispose();
  await open({ selfApproval: true });
  await site.client({ login: 'qian', name: '钱审核', role: 'reviewer' });
  const own = await drafted(reviewer);
  await reviewer.move(own, 'pending_review');
  expect((await reviewer.move(own, 'pending_publish')).status).toBe(200);
});

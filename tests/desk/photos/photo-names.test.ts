// Photos whose file names are as people write them, in the content folder and in imported content.
import { expect } from 'vitest';
import { markdown, photo, photoData, storyData } from '../../fixtures/content.ts';
import { test as base } from '../../fixtures/desk/desk-test.ts';

const ID = '20210401-080000aa';
const FOLDER = `stories/wenxian/${ID}`;
const NAMES = ['微信 图片_2021(1).JPG', '100%41#现场?&"1".jpeg', '😀 é.png.jpg'] as const;

const files = await Promise.all(NAMES.map(async (name, at) => [name, await photo(40, 24 + at, '#446688')] as const));

const test = base.override('writing', () => (content) => {
  content.write(`${FOLDER}/index.md`, markdown(storyData(ID, 'wenxian', { photos: NAMES.map(photoData) })));
  for (const [name, bytes] of files) content.write(`${FOLDER}/${name}`, bytes);
});

test('Readers get every photo, at an address without the original name', async ({ site }) => {
  const html = site.page(`stories/${ID}/index.html`);
  const sources = [...html.matchAll(/<img src="([^"]+)" width="40" height="(\d+)"/gu)];
  expect(sources.map(([, , height]) => Number(height))).toEqual(expect.arrayContaining([24, 25, 26]));
  for (const [, address = ''] of sources) {
    expect(address).toMatch(/^\/photos\/[\w./-]+\.jpg$/u);
    expect((await fetch(site.desk.origin + address)).status).toBe(200);
  }
});

test.for(NAMES)('The desk shows and judges “%s”, and previews the draft with it', async (name, { site }) => {
  const address = `${FOLDER}/${encodeURIComponent(name)}`;
  const shown = await site.desk.request(`/api/photos/${address}`);
  expect([shown.status, shown.headers.get('content-type')]).toEqual([200, 'image/jpeg']);
  expect(await (await site.desk.request(`/api/judgements/${address}`)).json()).toMatchObject({
    width: 40,
    findings: [],
  });
  const preview = await (await site.desk.request(`/admin/preview/stories/wenxian/${ID}/`)).text();
  expect(preview).toContain(`"/api/photos/${address}?as=light"`);
});

// All ways into the desk accept texts of at most 50,000 characters and refuse longer ones. Longer texts that were
// stored earlier stay readable and can be shortened.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { importEntries } from '../../../src/desk/editing/import-folder.ts';
import { SamePictures } from '../../../src/desk/originals/same-pictures.ts';
import { FolderSource } from '../../../src/library/content/folder-source.ts';
import { DeskFolder, storyFile, WRITER } from '../../fixtures/desk/bare-desk.ts';
import { FixtureContent, tinyPhotos } from '../../fixtures/content.ts';
import { writtenStory, type WrittenStory } from '../../fixtures/desk/desk-client.ts';
import { DeskSite, EDITOR, errorOf, expectRefused } from '../../fixtures/desk/desk-site.ts';

const MOST = 50_000;
const TOO_LONG = /这一篇连同信息栏有 50,001 个字符，最多 50,000 个。请至少删去 1 个字符/u;

let site: DeskSite;
let names: string[];

beforeAll(async () => {
  site = await DeskSite.open(undefined, { login: 'author', name: EDITOR, role: 'author', unit: 'jiefang' });
  names = await site.desk.photos(tinyPhotos.a, tinyPhotos.b);
});

afterAll(async () => {
  expect(site.troubles).toEqual([]);
  await site.dispose();
});

/** Returns a story whose file, front matter included, has this number of characters. The body consists of `filling`. */
function storyOf(id: string, characters: number, filling = '字'): WrittenStory {
  const story = writtenStory('jiefang', id, names, {}, '');
  const raw = story.raw.trimEnd() + '\n\n';
  return { ...story, raw: raw + filling.repeat(characters - raw.length) };
}

async function preview({ unit, id, raw }: WrittenStory): Promise<{ status: number; text: string }> {
  const response = await site.desk.request('/api/preview', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ path: `stories/${unit}/${id}/index.md`, raw }),
  });
  return { status: response.status, text: await response.text() };
}

test.each([
  ['20210401-080000aa', '字'],
  ['20210401-080001aa', '['],
  ['20210401-080002aa', '😀'],
])(
  '%s: 50,000 characters of “%s” can be saved and previewed; one more is refused and nothing is stored',
  async (id, one) => {
    expect((await preview(storyOf(id, MOST, one))).status).toBe(200);
    expectRefused(await site.desk.save(storyOf(id, MOST + 1, one), null), 413, TOO_LONG);
    expect(await site.desk.draft(storyOf(id, 1000))).toBeNull();
    const refused = await preview(storyOf(id, MOST + 1, one));
    expect(refused.status).toBe(413);
    expect(refused.text).toMatch(/没有预览：这一篇连同信息栏有 50,001 个字符/u);
    expect((await site.desk.save(storyOf(id, MOST, one), null)).status).toBe(200);
  },
);

test('A request larger than any text is refused with a sentence that names the limit', async () => {
  expectRefused(await site.desk.save(storyOf('20210401-080003aa', 900_000, '['), null), 413, /最多 50,000 个字符/u);
});

test('A text of 50,000 characters that JSON escapes to six bytes each is accepted', async () => {
  const story = storyOf('20210401-080004aa', MOST, '\u0001');
  expect((await site.desk.save(story, null)).status).toBe(200);
});

test('A longer text stored earlier can be shown, compared and shortened, but not restored', async () => {
  const id = '20210402-080000aa';
  const path = `stories/jiefang/${id}/index.md`;
  site.commitToMain(path, storyOf(id, 60_000).raw);
  const long = site.git('rev-parse', 'main');
  expect((await site.desk.published(storyOf(id, 1000)))?.length).toBe(60_000);
  const full = await site.desk.request(`/admin/preview/stories/jiefang/${id}`);
  expect(full.status).toBe(200);
  expect(await full.text()).toContain('字'.repeat(50_000));

  expectRefused(await site.desk.save(storyOf(id, 59_999)), 413);
  expect((await site.desk.save(storyOf(id, MOST))).status).toBe(200);
  const draft = site.git('rev-parse', `refs/heads/cms/stories/jiefang/${id}`);
  const address = `/desk/history/stories/jiefang/${id}/index`;
  const compared = await site.desk.request(`${address}?from=${long}&to=${draft}`);
  expect(compared.status).toBe(200);
  expect(await compared.text()).toContain('<del>');
  const restored = await site.desk.form(address, { version: long });
  expect(restored.status).toBe(413);
  expect(await restored.text()).toContain('最多 50,000 个');
});

test('The limit also applies to an imported folder', async () => {
  const folder = new DeskFolder();
  const given = new FixtureContent();
  const ids = ['20210403-080000aa', '20210403-080001aa'] as const;
  const [fits, over] = ids.map((id, at) => {
    const { file, raw } = storyFile(id);
    given.write(file, `${raw}\n${'字'.repeat(MOST - raw.length - 1 + at)}`);
    return file;
  });
  const desk = await folder.open();
  try {
    const { repository, drafts, texts } = desk.options;
    const done = await importEntries(
      new FolderSource(given.root),
      repository,
      drafts,
      WRITER,
      texts,
      new SamePictures(repository, undefined),
    );
    expect(done).toEqual([
      { file: fits, outcome: 'draft' },
      { file: over, outcome: 'skipped', reason: expect.stringMatching(/没有保存：这一篇连同信息栏有 50,001 个字符/u) },
    ]);
  } finally {
    await desk.close();
    given.dispose();
    folder.dispose();
  }
});

test('A save is not refused for a long commit message of Decap', async () => {
  const id = '20210404-080000aa';
  const path = `stories/jiefang/${id}/index.md`;
  const { raw } = storyOf(id, 1000);
  const answer = await site.desk.call('persistEntry', {
    dataFiles: [{ path, slug: `jiefang/${id}/index`, raw, baseId: null }],
    assets: [],
    options: { collectionName: 'stories', commitMessage: `保存 ${'题'.repeat(5000)}` },
  });
  expect(answer.status, JSON.stringify(answer.body)).toBe(200);
  expect(z.object({ message: z.string() }).parse(answer.body).message).toBe('已保存');
  expect(site.git('log', '-1', '--format=%s', `refs/heads/cms/stories/jiefang/${id}`)).toHaveLength(200);
});

test.each([
  ['a reason to return', { action: 'updateUnpublishedEntryStatus', newStatus: 'draft', reason: '理'.repeat(201) }],
  ['a reason to withdraw', { action: 'withdrawEntry', reason: '理'.repeat(121) }],
  ['a note', { action: 'addNote', note: { content: '字'.repeat(501) } }],
])('%s has its own limit', async (_case, { action, ...params }) => {
  const id = '20210405-080000aa';
  await site.desk.save(storyOf(id, 1000)).then(async () => site.desk.move(storyOf(id, 1000), 'pending_review'));
  const reviewer = await site.client({ login: 'li', name: '李审核', role: 'reviewer' });
  const answer = await reviewer.call(action, { collection: 'stories', slug: `jiefang/${id}/index`, ...params });
  expect(answer.status, JSON.stringify(answer.body)).toBe(422);
  expect(errorOf(answer)).toMatch(/\p{Script=Han}/u);
});

// The desk refuses front matter with YAML aliases, merge keys or tags, however it reaches the desk. Such notations
// could otherwise add fields that only the desk or reviewers may write.
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { z } from 'zod';
import { importEntries } from '../../../src/desk/editing/import-folder.ts';
import { SamePictures } from '../../../src/desk/originals/same-pictures.ts';
import { FolderSource } from '../../../src/library/content/folder-source.ts';
import { DeskFolder, storyFile, WRITER } from '../../fixtures/desk/bare-desk.ts';
import { FixtureContent, photo, tinyPhotos } from '../../fixtures/content.ts';
import { writtenStory, type DeskClient, type WrittenStory } from '../../fixtures/desk/desk-client.ts';
import { DeskSite, EDITOR, expectRefused } from '../../fixtures/desk/desk-site.ts';

const small = await photo(31, 18, '#226622');
const REASON = '一九八七年的老照片，没有更大的';

let site: DeskSite;
let reviewer: DeskClient;
let names: string[];
let stories = 0;
let ID: string;

beforeAll(async () => {
  site = await DeskSite.open(undefined, { login: 'author', name: EDITOR, role: 'author', unit: 'jiefang' });
  reviewer = await site.client({ login: 'li', name: '李审核', role: 'reviewer' });
  const { src } = z.object({ src: z.string() }).parse((await site.desk.upload(small, true)).body);
  names = [src, ...(await site.desk.photos(tinyPhotos.b))];
});

beforeEach(() => {
  stories += 1;
  ID = `20210401-0800${String(stories).padStart(2, '0')}aa`;
});

afterAll(async () => {
  expect(site.troubles).toEqual([]);
  await site.dispose();
});

function story(): WrittenStory {
  return writtenStory('jiefang', ID, names, { title: '老照片' });
}

/** Returns the story with `yaml` in its front matter instead of its photos. */
function withYaml(yaml: string): WrittenStory {
  const { raw } = story();
  return { ...story(), raw: raw.replace(/^photos:\n(?: +.*\n)+/mu, `${yaml}\n`) };
}

/**
 * Returns the story with both photos. The small one has an exemption, written as a YAML alias, a merge key or openly.
 */
function planted(notation: 'alias' | 'merge' | 'open'): WrittenStory {
  const said = 'alt: 一张示例照片, caption: 示例活动现场的一张照片，天气很好, credit: 示例, consent: public';
  const waived = `src: ${names[0]}, ${said}, exemption: { reason: ${REASON}, by: 李审核 }`;
  const other = `{ src: ${names[1]}, ${said} }`;
  if (notation === 'alias') return withYaml(`x: &p { ${waived} }\nphotos: [*p, ${other}]`);
  if (notation === 'merge') return withYaml(`photos: [{ <<: { ${waived} }, src: ${names[0]} }, ${other}]`);
  return withYaml(`photos: [{ ${waived} }, ${other}]`);
}

async function preview({ id, raw }: WrittenStory): Promise<{ status: number; text: string }> {
  const response = await site.desk.request('/api/preview', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ path: `stories/jiefang/${id}/index.md`, raw }),
  });
  return { status: response.status, text: await response.text() };
}

test.each([
  ['alias', 422, /“x”一栏用了 YAML 的锚点“&p”/u],
  ['merge', 422, /“photos”一栏用了 YAML 的合并写法“<<”/u],
  ['open', 403, /只能由审核人填写/u],
] as const)(
  'An author cannot plant an exemption (%s): nothing is saved, and no later save waives the photo',
  async (how, status, says) => {
    expectRefused(await site.desk.save(planted(how), null), status, says);
    expect(await site.desk.draft(story())).toBeNull();
    expect((await site.desk.save(story(), null)).status).toBe(200);
    expectRefused(await site.desk.save(planted(how)), status, says);
    const draft = await site.desk.draft(story());
    expect((await reviewer.save({ ...story(), raw: draft ?? '' })).status).toBe(200);
    expect(await site.desk.draft(story())).not.toContain('exemption');
    expectRefused(await site.desk.move(story(), 'pending_review'), 422, /太小|像素/u);
  },
);

test.each([
  ['an alias of nothing', 'note: *nothing', /“note”一栏用了 YAML 的引用“\*nothing”/u],
  ['an anchor', 'note: &a 一', /“note”一栏用了 YAML 的锚点“&a”/u],
  ['a tag', 'note: !!str 一', /“note”一栏用了 YAML 的类型标记/u],
  ['the same key twice', 'note: 一\nnote: 二', /又写了一次“note”/u],
])('%s is refused on save and preview, and nothing is stored', async (_case, yaml, says) => {
  expectRefused(await site.desk.save(withYaml(yaml), null), 422, says);
  expect(await site.desk.draft(story())).toBeNull();
  const { status, text } = await preview(withYaml(yaml));
  expect(status).toBe(422);
  expect(text).toMatch(says);
  expect(text).toContain('没有预览');
});

test('A stored file with anchors can be shown and edited, but not restored as a version', async () => {
  const path = `stories/jiefang/${ID}/index.md`;
  const { raw } = story();
  site.commitToMain(path, raw.replace('title: 老照片', 'title: &t 老照片'));
  const anchored = site.git('rev-parse', 'main');
  expect(await site.desk.published(story())).toContain('&t');
  expect((await site.desk.request(`/admin/preview/stories/jiefang/${ID}`)).status).toBe(200);
  expect((await site.desk.save({ ...story(), raw: raw.replace('老照片', '新标题') })).status).toBe(200);
  const restored = await site.desk.form(`/desk/history/stories/jiefang/${ID}/index`, { version: anchored });
  expect(restored.status).toBe(422);
  expect(await restored.text()).toContain('“title”一栏用了 YAML 的锚点');
  expect(await site.desk.draft(story())).toContain('新标题');
});

test('A published key of the desk keeps its value, whatever a save says by aliases', async () => {
  const path = `stories/jiefang/${ID}/index.md`;
  const { raw } = story();
  site.commitToMain(path, raw.replace('title: 老照片', 'first: &d 2021-04-01\npublished: *d\ntitle: 老照片'));
  expectRefused(
    await site.desk.save({ ...story(), raw: raw.replace('title:', 'first: &d 1999-01-01\npublished: *d\ntitle:') }),
    422,
  );
  expect((await site.desk.save(story())).status).toBe(200);
  expect(await site.desk.draft(story())).toMatch(/^published: 2021-04-01$/mu);
});

test('Nobody marks a photo as withdrawn by a save, and nobody removes the mark', async () => {
  const path = `stories/jiefang/${ID}/index.md`;
  const { raw } = story();
  const mark = '    withdrawn:\n      date: 2021-04-02\n      reason: 本人不愿意\n';
  const marked = raw.replace(/( {2}- src: .+\n)/u, `$1${mark}`);
  expect(marked).not.toBe(raw);
  expect((await site.desk.save({ ...story(), raw: marked }, null)).status).toBe(200);
  expect(await site.desk.draft(story())).not.toContain('withdrawn');
  expect((await reviewer.save({ ...story(), raw: marked })).status).toBe(200);
  expect(await site.desk.draft(story())).not.toContain('withdrawn');
  site.commitToMain(path, marked);
  for (const client of [site.desk, reviewer]) {
    expect((await client.save(story())).status).toBe(200);
    expect(await site.desk.draft(story())).toMatch(/withdrawn:\n +date: 2021-04-02\n +reason: 本人不愿意\n/u);
  }
});

test('The same applies to an imported folder', async () => {
  const folder = new DeskFolder();
  const given = new FixtureContent();
  const { file, raw } = storyFile('20210403-080000aa');
  given.write(file, raw.replace('title: ', 'title: &t '));
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
    expect(done).toEqual([{ file, outcome: 'skipped', reason: expect.stringMatching(/没有保存.+“title”一栏用了/u) }]);
  } finally {
    await desk.close();
    given.dispose();
    folder.dispose();
  }
});

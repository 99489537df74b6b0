import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { draftOf, parseDraft } from '../../src/library/content/draft.ts';
import { parseDocumentFile } from '../../src/model/document.ts';
import type { PhotoFile } from '../../src/library/content/version.ts';
import type { Publisher } from '../../src/render/publish/publisher.ts';
import { FixtureContent, writeExample, writeGround, writeStory } from '../fixtures/content.ts';
import { differences, SiteFolder } from '../fixtures/desk/publishing.ts';

const STORY = '20210319-213000ef';
const EARLIER = '20210310-213000ab';
const EXAMPLE = '20210101-000000ex';
const file = `stories/jiefang/${STORY}/index.md`;
const page = `stories/${STORY}/index.html`;
const TODAY = '2026-11-25';

let content: FixtureContent;
let site: SiteFolder;
let publisher: Publisher;

/** Resolves to the published story's photo with this file name, or to undefined if there is none. */
async function publishedPhoto(src: string): Promise<PhotoFile | undefined> {
  return publisher.library.store.entry('stories', STORY)?.photos.find((photo) => photo.src === src);
}

async function preview(source: string, path = file, photoAt = publishedPhoto): Promise<string> {
  const document = parseDocumentFile(path, source);
  const parsed = 'what' in document ? undefined : parseDraft(path, source, document, TODAY);
  const draft = parsed && (await draftOf(parsed, photoAt));
  if (!draft) throw new Error(`${path} makes no draft.`);
  return (await publisher.preview(draft)) ?? '';
}

beforeAll(async () => {
  content = new FixtureContent();
  site = new SiteFolder();
  writeGround(content);
  writeExample(content, EXAMPLE, 'wenxian');
  writeStory(content, STORY, 'jiefang', { title: '上线时的标题', examples: [EXAMPLE] });
  writeStory(content, EARLIER, 'jiefang', { title: '更早的一篇', date: '2021-03-10' });
  publisher = await site.open(content);
  const { faults } = await publisher.publish();
  expect(faults).toEqual([]);
});

afterAll(async () => {
  await publisher.close();
  content.dispose();
  site.dispose();
});

test('The preview of a change equals the page after its publication, byte for byte', async () => {
  const before = content.read(file);
  const source = before
    .replace('上线时的标题', '改过的标题')
    .replace('2021-03-17', '2021-03-05')
    .replace('正文写在这里。', '改过的正文，**加粗**。');
  const shown = await preview(source);
  expect(shown).toContain('改过的标题');
  content.write(file, source);
  await publisher.publish();
  expect(shown).toBe(site.page(page));
  content.write(file, before);
  await publisher.publish();
});

test('A preview changes nothing of the published site, at once or later', async () => {
  const untouched = new SiteFolder(site.encoded);
  const other = await untouched.open(content);
  await other.publish();
  await other.close();
  await preview(content.read(file).replace('上线时的标题', '只在预览里'));
  await preview(
    content
      .read(file)
      .replace(/^unit: .*$/mu, 'unit: wenxian')
      .replace('2021-03-17', '2019-01-01'),
  );
  content.edit(`stories/jiefang/${EARLIER}/index.md`, '更早的一篇', '更早的一篇，改过');
  await publisher.publish();
  content.edit(`stories/jiefang/${EARLIER}/index.md`, '更早的一篇，改过', '更早的一篇');
  await publisher.publish();
  expect(differences(site.output, untouched.output)).toEqual([]);
  untouched.dispose();
});

describe('A half-typed entry is shown with what it has', () => {
  test.each([
    ['nothing but a title', '---\ntitle: 刚写了标题\n---\n', '刚写了标题'],
    [
      'fields of the wrong kind',
      '---\ntitle: 有标题\ndate: 明天\nvolunteers: 许多\nphotos: 没有\n---\n写了一句。',
      '写了一句。',
    ],
    ['a title that is too long', `---\ntitle: ${'长'.repeat(60)}\n---\n`, '长'.repeat(60)],
    ['an unknown unit', '---\ntitle: 有标题\nunit: nowhere\nactivity: nothing\nexamples: [无]\n---\n', '有标题'],
    ['nothing at all', '---\n---\n', '撰稿'],
    ['empty values', '---\ntitle:\nhours: ""\ncoOrganisers: [null]\n---\n只有正文。', '只有正文。'],
  ])('%s', async (_name, source, expected) => {
    const html = await preview(source, 'stories/jiefang/20260101-000000zz/index.md');
    expect(html).toContain(expected);
    expect(html).not.toMatch(/undefined|NaN|\[object/u);
  });

  test.each([
    'examples/wenxian/20260101-000000zz/index.md',
    'summaries/wenxian/2026/index.md',
    'notices/new.md',
    'activities/culture.md',
    'units/new.yml',
    'wishes/20260101-000000zz.yml',
  ])('an empty %s', async (path) => {
    const html = await preview(path.endsWith('.yml') ? '' : '---\n---\n', path);
    expect(html).toContain('</html>');
    expect(html).not.toMatch(/undefined|NaN|\[object/u);
  });

  test('A photo is shown from the desk’s own address, and HTML in the text is harmless', async () => {
    const source = content
      .read(file)
      .replace('正文写在这里。', '<script>alert(1)</script><img src=x onerror=alert(1)>正文');
    const html = await preview(source, file, async (src) => ({
      src,
      hash: '',
      width: 1920,
      height: 1080,
      colour: '#888888',
      placeholder: '',
      address: `/api/photos/${src}`,
    }));
    expect(html).toMatch(/<img src="\/api\/photos\/[^"]+" width="1920" height="1080"/u);
    // The preview contains no markup for the script that enlarges photos, because the editor's preview runs no scripts.
    const [main] = /<main[\s\S]*<\/main>/u.exec(html) ?? [];
    expect(main).toContain('正文');
    expect(main).not.toMatch(/alert\(1\)|onerror/u);
    expect(main).not.toMatch(/<dialog|data-enlarge/u);
    expect(main).not.toMatch(/<script/u);
  });

  test('A file outside the collections makes no draft', async () => {
    const empty = { data: {}, body: '' };
    expect(parseDraft('pages/about.mdx', '', empty, TODAY)).toBeUndefined();
    expect(parseDraft('../index.md', '---\n---\n', empty, TODAY)).toBeUndefined();
  });
});

describe('An entry to be published is judged by its own faults', () => {
  test('A fault in another entry is not reported, and judging publishes nothing', async () => {
    const candidate = content.copy();
    candidate.edit(`stories/jiefang/${EARLIER}/index.md`, '更早的一篇', '短');
    candidate.edit(file, '上线时的标题', '没有问题的标题');
    const source = site.sourceOf(candidate);
    expect(await publisher.judge(source, [file])).toEqual({ faults: [], remarks: [] });
    const { faults } = await publisher.judge(source, [`stories/jiefang/${EARLIER}/index.md`]);
    expect(faults.map(({ what }) => what)).toEqual(['标题只有 1 字，至少 2 字']);
    expect(site.page(page)).not.toContain('没有问题的标题');
    expect(await publisher.publish()).toMatchObject({ rendered: 0, faults: [] });
    candidate.dispose();
  });
});

import { expect } from 'vitest';
import { FixtureContent, remarked, tinyPhotos, type FrontMatter } from '../../fixtures/content.ts';
import { writtenStory, type WrittenStory } from '../../fixtures/desk/desk-client.ts';
import { FIRST, readersFiles, type DeskSite } from '../../fixtures/desk/desk-site.ts';
import { test } from '../../fixtures/desk/desk-test.ts';
import { SiteFolder } from '../../fixtures/desk/publishing.ts';
import { replacePointers } from '../../fixtures/originals/desk-originals.ts';

const ID = '20210401-080000aa';

let site: DeskSite;
let names: string[];

test.beforeAll(async ({ site: opened }) => {
  site = opened;
  names = await site.desk.photos(tinyPhotos.a, tinyPhotos.b);
});

function story(changes: FrontMatter = {}, body?: string): WrittenStory {
  return writtenStory('jiefang', ID, names, { title: '还没保存的标题', ...changes }, body);
}

async function shown(raw: string, path = `stories/jiefang/${ID}/index.md`): Promise<{ status: number; html: string }> {
  const response = await site.desk.request('/api/preview', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ path, raw }),
  });
  return { status: response.status, html: await response.text() };
}

test('The preview is the real page with the unsaved text and the uploaded photos', async () => {
  const { status, html } = await shown(story({}, '正文，**加粗**的一句。').raw);
  expect(status).toBe(200);
  expect(html).toContain('还没保存的标题');
  expect(html).toContain('<strong>加粗</strong>');
  const published = site.page(`stories/${FIRST}/index.html`);
  const [style = '-'] = /\/_astro\/[^"]+\.css/u.exec(published) ?? [];
  expect(html).toContain(style);
  for (const name of names) {
    const address = `/api/photos/stories/jiefang/${ID}/${name}?as=light`;
    expect(html).toContain(`"${address}"`);
    expect((await site.desk.request(address)).status).toBe(200);
  }
});

test.each([
  ['nothing but a key', '---\nid: x\n---\n'],
  ['no photos, no date', '---\ntitle: 半\ndate: 2021-\n---\n\n正'],
  ['photos that are no list', '---\ntitle: 半\nphotos: 三张\n---\n'],
  ['a photo without a file', '---\ntitle: 半\nphotos:\n  - alt: 一\n---\n'],
  ['a photo that was never uploaded', '---\ntitle: 半\nphotos:\n  - src: never.jpg\n---\n'],
  ['photos with invalid names', '---\ntitle: 半\nphotos:\n  - src: .hidden.jpg\n  - src: ..\n---\n'],
  ['wrong types everywhere', '---\ntitle: [1]\nunit: {}\nactivity: 3\nsummary: null\nauthor: true\n---\n'],
])('Unfinished text has a preview: %s', async (_case, raw) => {
  const { status, html } = await shown(raw);
  expect(status).toBe(200);
  expect(html).toContain('</html>');
});

test('A collection without pages has no preview, which is said in a sentence', async () => {
  const { status, html } = await shown('name: 和你在一起\n', 'site.yml');
  expect(status).toBe(404);
  expect(html).toContain('没有自己的网页');
});

const ATTACK = `<script>alert(1)</script><img src=x onerror=alert(2)><svg onload=alert(3)>"'><iframe src="javascript:alert(4)">`;

/**
 * Matches a comment, a script or style with its content, or an opening tag. A `>` in a quoted attribute does not end a
 * tag.
 */
const PIECE =
  /<!--[\s\S]*?-->|<(script|style)\b(?:"[^"]*"|'[^']*'|[^"'>])*>[\s\S]*?<\/\1>|<[a-z](?:"[^"]*"|'[^']*'|[^"'>])*>/giu;
const ATTRIBUTE = /[\s"'/]([^\s"'=<>/]+)\s*=\s*("[^"]*"|'[^']*'|[^\s"'>]+)/gu;

function piecesOf(html: string): string[] {
  return Array.from(html.matchAll(PIECE), ([piece]) => piece);
}

/** Returns whether a browser would run a piece of HTML. JSON-LD blocks do not run. */
function runs(piece: string): boolean {
  if (/^<script type="application\/ld\+json">/u.test(piece)) return false;
  if (/^<(?:script|iframe|object|embed)/iu.test(piece)) return true;
  return Array.from(piece.matchAll(ATTRIBUTE)).some(
    ([, name = '', value = '']) => /^on/iu.test(name) || /^["']?\s*(?:javascript|vbscript|data:text)/iu.test(value),
  );
}

/** Returns the pieces of a page that a browser would run and that the page of a harmless story does not contain. */
function running(html: string, harmless: string): string[] {
  const known = new Set(piecesOf(harmless));
  return piecesOf(html).filter((piece) => !known.has(piece) && runs(piece));
}

test('The check itself finds what runs', () => {
  expect(running(`<p>${ATTACK}</p>`, '')).toHaveLength(4);
  expect(running(`<a href=" javascript:x">`, '')).toHaveLength(1);
  expect(running(`<meta content="<script>x</script>">`, '')).toEqual([]);
});

test.each<[string, () => string]>([
  ['the title', () => story({ title: ATTACK }).raw],
  ['the summary', () => story({ summary: ATTACK }).raw],
  ['the place and the names', () => story({ place: ATTACK, author: ATTACK, proofreader: ATTACK }).raw],
  [
    'the end of a data block',
    () => story({ title: '</script><script>alert(1)</script>', summary: '<!--<script>' }).raw,
  ],
  ['HTML in the text', () => story({}, ATTACK).raw],
  [
    'links in the text',
    () => story({}, '[a](javascript:alert(1)) [b](data:text/html,x) <javascript:alert(1)> [c](vbscript:x)').raw,
  ],
  [
    'encoded links',
    () => story({}, '[a](java&#115;cript:alert(1)) [b](&#1;javascript:alert(1)) [c](JaVaScRiPt:alert(1))').raw,
  ],
  ['unclosed HTML', () => story({}, '<img src=x onerror=alert(1)\n\n<script\n\n<a href="javascript:alert(1)"').raw],
  [
    'pictures and code',
    () => story({}, '![x](x" onerror="alert(1)) `<script>alert(1)</script>`\n\n    <script>alert(2)</script>').raw,
  ],
])('Nothing that an editor writes runs: %s', async (_case, written) => {
  const harmless = (await shown(story().raw)).html;
  const { status, html } = await shown(written());
  expect(status).toBe(200);
  expect(running(html, harmless)).toEqual([]);
});

test('Nothing in a photo’s texts or name runs', async () => {
  const photos = names.map((src) => ({ src, alt: ATTACK, caption: ATTACK, credit: ATTACK, consent: 'public' }));
  const harmless = (await shown(story().raw)).html;
  const { html } = await shown(story({ photos }).raw);
  expect(html).toContain('&lt;script');
  expect(running(html, harmless)).toEqual([]);
});

test('The page of a draft shows the last save, and the published text if there is no draft', async () => {
  const draft = story({ title: '存下来的标题' });
  await site.desk.save(draft, null);
  await site.desk.save(story({ title: '再存的标题' }));
  for (const slug of [`jiefang/${ID}`, `jiefang/${ID}/`, `jiefang/${ID}/index`]) {
    const response = await site.desk.request(`/admin/preview/stories/${slug}`);
    expect(response.status).toBe(200);
    expect(response.headers.get('content-security-policy')).toContain("frame-ancestors 'self'");
    const html = await response.text();
    expect(html).toContain('再存的标题');
    expect(html).not.toContain('存下来的标题');
  }
  const published = await (await site.desk.request(`/admin/preview/stories/jiefang/${FIRST}`)).text();
  expect(published).toContain(`故事 ${FIRST}`);
  expect((await site.desk.request('/admin/preview/stories/jiefang/20210401-080000zz')).status).toBe(404);
});

test('Previews during publications never reach the site', async () => {
  let over = false;
  const looking = (async () => {
    let looks = 0;
    while (!over) {
      expect((await shown(story({ title: '只在预览里', date: '2019-01-01', unit: 'wenxian' }).raw)).html).toContain(
        '只在预览里',
      );
      looks += 1;
    }
    return looks;
  })();
  for (const id of ['20210405-000000aa', '20210405-000000ab']) {
    const own = await site.desk.photos(remarked(tinyPhotos.a, id), remarked(tinyPhotos.b, id));
    expect((await site.desk.saveAndPublish(writtenStory('jiefang', id, own))).status).toBe(200);
  }
  over = true;
  expect(await looking).toBeGreaterThan(2);

  const content = new FixtureContent();
  site.git(`--work-tree=${content.root}`, 'checkout', 'main', '--', '.');
  replacePointers(content.root, site.data);
  const fresh = new SiteFolder(`${site.data}/encoded`);
  const publisher = await fresh.open(content);
  await publisher.publish();
  await publisher.close();
  expect(readersFiles(site.output)).toEqual(readersFiles(fresh.output));
  fresh.dispose();
  content.dispose();
});

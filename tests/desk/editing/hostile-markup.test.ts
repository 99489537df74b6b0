// Hostile text in every field that readers see, loaded in a real browser that ignores the Content Security Policy.
import { readdirSync } from 'node:fs';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { stringify } from 'yaml';
import { launchChromium } from '../../browser/driving/chromium.ts';
import {
  exampleData,
  markdown,
  noticeData,
  siteData,
  summaryData,
  tinyPhotos,
  unitData,
  wishData,
  writeStory,
  remarked,
  type FixtureContent,
} from '../../fixtures/content.ts';
import { browserCookies, writtenStory, type WrittenStory } from '../../fixtures/desk/desk-client.ts';
import { DeskSite } from '../../fixtures/desk/desk-site.ts';
import { findable } from '../../fixtures/search/pagefind-files.ts';

/**
 * Texts that call ran() or add an element x-e if a browser parses them as markup. SHORT is for fields with a low limit
 * on length.
 */
const IMAGE = `"'><img src=x onerror=ran()><x-e>`;
const SHORT = `'"><x-e>`;
const SCRIPT = '</script></title></style></textarea><script>ran()</script><x-e>';
/** A caption with as many 字 as the rules require. */
const CAPTION = `${SCRIPT}照片上的人们站在一起说着话`;

const ID = '20210401-080000aa';
const DRAFT_ID = '20210402-080000aa';
const EXAMPLE = '20210403-080000aa';

const LINKS = [
  '[一](javascript:ran())',
  '[二](JaVaScRiPt:ran())',
  '[三](java&#115;cript:ran())',
  '[四](java&Tab;script:ran())',
  '[五](&#1;javascript:ran())',
  '[六](%6aavascript:ran())',
  '[七](vbscript:ran())',
  '[八](data:text/html,<script>ran()</script>)',
  '[九](data:image/svg+xml,<svg/onload=ran()>)',
  '[十](data:image/gif;base64,R0lGODlhAQABAAAAACw=)',
  '[十一](file:///etc/passwd)',
  '[十二](blob:https://example.org/x)',
  '[十三](view-source:https://example.org/)',
  '[十四](ms-msdt:/id%20PCWDiagnostic)',
  '[十五](intent://example.org/#Intent;scheme=https;end)',
  '[十六][毒]',
  '<javascript:ran()>',
  '<data:text/html,x>',
  '[十七](https://example.org/ "\\" onmouseover=\\"ran()")',
  `[十八](https://example.org/"onmouseover="ran())`,
  '',
  '[毒]: javascript:ran() "题"',
];
const BODY = [
  IMAGE,
  SCRIPT,
  '<svg><script>ran()</script></svg><math><x-e></math>',
  '<scr<script>ipt>ran()</script>',
  '<<img src=x onerror=ran()>img src=x onerror=ran()>',
  '<!--><img src=x onerror=ran()>-->',
  '<iframe srcdoc="<script>parent.ran()</script>"></iframe>',
  '<a href="javascript:ran()" onclick=ran()>点</a>',
  '<form action="javascript:ran()"><button formaction="javascript:ran()">点</button></form>',
  '<base href="https://evil.example/"><meta http-equiv=refresh content="0;url=javascript:ran()">',
  '<link rel=stylesheet href="https://evil.example/x.css"><style>@import "https://evil.example/x";</style>',
  '&lt;img src=x onerror=ran()&gt; &#60;x-e&#62; `<x-e>`',
  '```"><x-e>\n<script>ran()</script><x-e>\n```',
  '# <x-e> "><x-e>',
  '| <x-e> | b |\n|---|---|\n| <img src=x onerror=ran()> | 二 |',
  LINKS.join('\n'),
  '<img src=x onerror=ran()\n\n<script',
].join('\n\n');

/** Markdown pictures. Review refuses a text with pictures, but a draft may contain them. */
const PICTURES = '\n\n![一](x"onerror="ran()) ![二](javascript:ran()) ![三](data:text/html,x "題")';

let site: DeskSite;
let browser: Browser;
let context: BrowserContext;
let page: Page;
let story: WrittenStory;
let draft: WrittenStory;

function writeHostile(content: FixtureContent): void {
  const photos = (folder: string) => {
    content.write(`${folder}/a.jpg`, remarked(tinyPhotos.a, folder));
    content.write(`${folder}/b.jpg`, remarked(tinyPhotos.b, folder));
    return ['a.jpg', 'b.jpg'].map((src) => ({
      src,
      alt: SCRIPT,
      caption: CAPTION,
      credit: IMAGE,
      consent: 'public',
    }));
  };
  const contact = { phone: '0391-5550100', email: `"'><x-e>@example.org` };
  content.write(
    'site.yml',
    stringify(
      siteData({ name: SHORT, motto: SHORT, organiser: IMAGE, contact, icp: IMAGE, police: IMAGE, sample: false }),
    ),
  );
  content.write(
    'units/wenxian.yml',
    stringify(unitData('wenxian', { name: IMAGE, short: SHORT, aliases: [IMAGE, SCRIPT.slice(-28)], contact })),
  );
  content.write('activities/culture.md', markdown({ title: SHORT, order: 6, tagline: IMAGE }, BODY));
  const example = `examples/wenxian/${EXAMPLE}`;
  content.write(
    `${example}/index.md`,
    markdown(
      exampleData(EXAMPLE, 'wenxian', {
        name: IMAGE,
        honours: [IMAGE],
        quote: SCRIPT,
        summary: SCRIPT,
        activities: ['culture'],
        author: IMAGE,
        photos: photos(example),
      }),
      BODY,
    ),
  );
  content.write('summaries/wenxian/2021/index.md', markdown({ ...summaryData('wenxian', 2021), author: IMAGE }, BODY));
  content.write(
    'wishes/20210404-080000aa.yml',
    stringify(wishData('20210404-080000aa', 'wenxian', { alias: SHORT, wish: IMAGE })),
  );
  content.write('notices/xss.md', markdown(noticeData({ title: IMAGE, number: IMAGE, issuer: IMAGE }), BODY));
  writeStory(content, '20210320-080000aa', 'wenxian', { activity: 'culture', title: SHORT });
}

beforeAll(async () => {
  site = await DeskSite.open(writeHostile);
  const names = await site.desk.photos(tinyPhotos.a, tinyPhotos.b);
  const written = (id: string, body: string): WrittenStory =>
    writtenStory(
      'wenxian',
      id,
      names,
      {
        title: IMAGE,
        place: IMAGE,
        summary: SCRIPT,
        activity: 'culture',
        author: SCRIPT.slice(-28),
        proofreader: SHORT,
        examples: [EXAMPLE],
        photos: names.map((src) => ({ src, alt: SCRIPT, caption: CAPTION, credit: IMAGE, consent: 'public' })),
      },
      body,
    );
  story = written(ID, BODY);
  draft = written(DRAFT_ID, BODY + PICTURES);
  const answer = await site.desk.saveAndPublish(story);
  expect(answer.status, JSON.stringify(answer.body)).toBe(200);
  expect((await site.desk.save(draft, null)).status).toBe(200);
  browser = await launchChromium();
  context = await browser.newContext({ bypassCSP: true, locale: 'zh-CN' });
  await context.addCookies(browserCookies(site.desk.cookie, site.desk.origin));
  page = await context.newPage();
  await page.addInitScript(() => Reflect.set(window, 'ran', () => Reflect.set(window, 'hasRun', true)));
});

afterAll(async () => {
  await browser?.close();
  expect(site.troubles).toEqual([]);
  await site.dispose();
});

/** Opens a page. Resolves to descriptions of what hostile text has added to the page. */
async function foreignIn(address: string): Promise<string[]> {
  await page.goto(new URL(address, site.desk.origin).href, { waitUntil: 'load' });
  return foreign();
}

async function foreign(): Promise<string[]> {
  return page.evaluate(() => {
    const found: string[] = Reflect.get(window, 'hasRun') === true ? ['a script has run'] : [];
    if (document.querySelector('x-e, iframe, object, embed, base, svg script, [srcdoc], [formaction]'))
      found.push('an element');
    if (document.querySelector('meta[http-equiv=refresh], link[href*="evil.example"]')) found.push('a reference');
    for (const element of document.querySelectorAll('*')) {
      for (const { name, value } of element.attributes) {
        if (name.startsWith('on')) found.push(`${element.localName} ${name}`);
        if (!['href', 'src', 'action', 'xlink:href'].includes(name)) continue;
        const { protocol } = new URL(value, document.baseURI);
        const may = element.localName === 'img' ? ['http:', 'https:', 'data:'] : ['http:', 'https:', 'mailto:', 'tel:'];
        if (!may.includes(protocol)) found.push(`${element.localName} ${name}=${value}`);
      }
    }
    for (const script of document.querySelectorAll('script:not([type="application/ld+json"])'))
      if (script.textContent.includes('ran()')) found.push('a script');
    return found;
  });
}

test('The check itself finds what runs', async () => {
  await page.goto(`${site.desk.origin}/favicon.svg`);
  await page.goto(`${site.desk.origin}/404`);
  await page.setContent(`<p>${IMAGE}</p><a href="javascript:ran()">x</a><a href="data:text/html,x">x</a>`);
  await page.waitForFunction(() => Reflect.get(window, 'hasRun') === true);
  const seen = await foreign();
  expect(seen).toEqual(expect.arrayContaining(['a script has run', 'an element', 'img onerror']));
  expect(seen).toHaveLength(5);
});

describe('No hostile text runs, even without a content security policy,', () => {
  test('on any page that readers get', async () => {
    const addresses = [...site.publisher.addresses].filter((address) => !/\.(?:json|xml)$/u.test(address)).sort();
    expect(addresses).toEqual(
      expect.arrayContaining([
        '/',
        `/stories/${ID}/`,
        `/examples/${EXAMPLE}/`,
        '/units/wenxian/',
        '/activities/culture/',
        '/notices/xss/',
        '/summaries/2021/wenxian/',
        '/wishes/',
      ]),
    );
    expect(addresses.length).toBeGreaterThan(20);
    const found: Record<string, string[]> = {};
    for (const address of addresses) {
      const foreigners = await foreignIn(encodeURI(address));
      if (foreigners.length > 0) found[address] = foreigners;
    }
    expect(found).toEqual({});
  });

  test('and it is shown as text', async () => {
    await page.goto(`${site.desk.origin}/stories/${ID}/`);
    expect(await page.locator('h1').first().textContent()).toContain(IMAGE);
    expect(await page.locator('figcaption').first().textContent()).toContain(SCRIPT);
  });

  test('in search results and suggestions', async () => {
    // The desk indexes in the background after publishing.
    await vi.waitFor(() => expect(findable(site.output).length).toBeGreaterThan(3), { timeout: 60_000 });
    await page.goto(`${site.desk.origin}/search/?q=${encodeURIComponent('照片上的人们站在一起')}`);
    await page.locator('#status').filter({ hasText: /\d/u }).waitFor();
    expect(await foreign()).toEqual([]);
    await page.goto(`${site.desk.origin}/search/?q=onerror`);
    await page.locator('#results li').first().waitFor();
    expect(await foreign()).toEqual([]);
    expect(await foreignIn(`/search/?q=${encodeURIComponent(SCRIPT)}&unit=${encodeURIComponent(IMAGE)}`)).toEqual([]);
    const box = page.locator('main input[name=q]');
    await box.fill('img');
    await page.getByRole('option').first().waitFor();
    expect(await foreign()).toEqual([]);
  });

  test('in the page of a draft', async () => {
    expect(await foreignIn(`/admin/preview/stories/wenxian/${DRAFT_ID}/`)).toEqual([]);
    expect(await page.locator('h1').first().textContent()).toContain(IMAGE);
  });

  test.each([
    ['a story', () => [`stories/wenxian/${DRAFT_ID}/index.md`, draft.raw]],
    [
      'an example',
      () => [
        `examples/wenxian/${EXAMPLE}/index.md`,
        site.fileInMain(`examples/wenxian/${EXAMPLE}/index.md`).toString(),
      ],
    ],
    ['a notice', () => ['notices/xss.md', site.fileInMain('notices/xss.md').toString()]],
    [
      'a summary',
      () => ['summaries/wenxian/2021/index.md', site.fileInMain('summaries/wenxian/2021/index.md').toString()],
    ],
    ['an activity', () => ['activities/culture.md', site.fileInMain('activities/culture.md').toString()]],
    ['a unit', () => ['units/wenxian.yml', site.fileInMain('units/wenxian.yml').toString()]],
  ])('in the preview of %s', async (_case, written) => {
    const [path, raw] = written();
    const response = await site.desk.request('/api/preview', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ path, raw }),
    });
    expect(response.status).toBe(200);
    await page.goto(`${site.desk.origin}/favicon.svg`);
    await page.goto(`${site.desk.origin}/404`);
    await page.setContent(await response.text(), { waitUntil: 'load' });
    expect(await foreign()).toEqual([]);
  });

  test('on the pages of the desk', async () => {
    for (const address of ['/desk/', '/desk/people', '/desk/audit', '/desk/reports?year=2021', '/desk/me']) {
      expect(await foreignIn(address), address).toEqual([]);
    }
    await page.goto(`${site.desk.origin}/desk/people`);
    expect(await page.locator('body').textContent()).toContain(IMAGE);
    const next = encodeURIComponent(`javascript:ran()//${IMAGE}`);
    expect(await foreignIn(`/desk/sign-in?next=${next}`)).toEqual([]);
  });
});

test('Feeds, site maps and names are well-formed, and the HTML in a feed is harmless', async () => {
  await page.goto(`${site.desk.origin}/404`);
  expect(() => JSON.parse(site.page('names.json'))).not.toThrow();
  const files = readdirSync(site.output).filter((file) => file.endsWith('.xml'));
  expect(files).toEqual(expect.arrayContaining(['rss.xml', 'sitemap-index.xml']));
  const texts = files.map((file) => site.page(file));
  const found = await page.evaluate((all) => {
    return all.map((text) => {
      const xml = new DOMParser().parseFromString(text, 'application/xml');
      const markup = ['description', 'content\\:encoded', 'encoded'].flatMap((name) =>
        Array.from(xml.querySelectorAll(`item > ${name}`), ({ textContent }) => textContent),
      );
      const parsed = new DOMParser().parseFromString(markup.join('\n'), 'text/html');
      return {
        broken: xml.querySelectorAll('parsererror').length,
        foreign: parsed.querySelectorAll('script, x-e, [onerror], iframe').length,
      };
    });
  }, texts);
  expect(found).toEqual(found.map(() => ({ broken: 0, foreign: 0 })));
});

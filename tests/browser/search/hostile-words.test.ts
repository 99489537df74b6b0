import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createHash } from 'node:crypto';
import { z } from 'zod';
import { stringify } from 'yaml';
import type { Browser, Page } from 'playwright-core';
import { describe, expect } from 'vitest';
import {
  ACTIVITIES,
  markdown,
  noticeData,
  photoData,
  siteData,
  storyData,
  summaryData,
  unitData,
  wishData,
  writeExample,
  writeStory,
  type FixtureContent,
} from '../../fixtures/content.ts';
import { browserCookies } from '../../fixtures/desk/desk-client.ts';
import { DeskSite } from '../../fixtures/desk/desk-site.ts';
import { test } from '../driving/reader.ts';

/**
 * Hostile texts. If a page contained them unescaped, they would run a script or change elements. Each text is short
 * enough for the fields into which it is written.
 */
const ATTACK = `"'><img src=x onerror=xss()>`;
const SCRIPT = `</script><script>xss()</script>`;
const SHORT = `"><b onclick`;

const BODY = `
${'<script>xss()</script>'}<img src=x onerror=xss()><svg onload=xss()><iframe srcdoc="<script>parent.xss()</script>">

[a](javascript:xss()) [b](JaVaScRiPt&colon;xss()) [c](java&#10;script:xss()) [d](data:text/html,<script>xss()</script>)
[e](vbscript:xss()) <javascript:xss()> [f]( javascript:xss()) [g][ref] [h](x "onmouseover=xss() ${ATTACK}")
[i](//evil.example/xss)

[ref]: javascript:xss() "${ATTACK}"

<details open ontoggle=xss()><summary>k</summary></details> <math><mtext></mtext><style><img src=x onerror=xss()></style>
<a href="javascript:xss()">l</a> <base href="//evil.example/"> <form action="javascript:xss()"><button>m</button></form>
<noscript><p title="</noscript><img src=x onerror=xss()>"></noscript> <!--><img src=x onerror=xss()>--> <scr<script>ipt>xss()</script>

&lt;img src=x onerror=xss()&gt; \`<img src=x onerror=xss()>\`

\`\`\`"><img src=x onerror=xss()>
<script>xss()</script>
\`\`\`

| a | <img src=x onerror=xss()> |
| - | - |
| ${ATTACK} | <meta http-equiv=refresh content="0;url=javascript:xss()"> |
`;

const PHOTOS = ['a.jpg', 'b.jpg'].map((src) => ({
  ...photoData(src),
  alt: ATTACK,
  caption: `说明说明说明说明说明${ATTACK}`,
  credit: ATTACK,
}));
const STORY = '20210319-213000ef';
const EXAMPLE = '20210319-213000ex';

/** Writes content with a hostile text in every field that takes free text. */
function writeAttacks(content: FixtureContent): void {
  const words = { author: ATTACK, proofreader: `${ATTACK}2` };
  content.write(
    'site.yml',
    stringify(
      siteData({
        name: `"><b onclick=xss()>`,
        motto: `"><b onclick=xss()>`,
        organiser: ATTACK,
        icp: ATTACK,
        police: ATTACK,
      }),
    ),
  );
  content.write(
    'units/jiefang.yml',
    stringify(unitData('jiefang', { name: ATTACK, short: SHORT, aliases: [ATTACK, SCRIPT.slice(0, 30)] })),
  );
  ACTIVITIES.forEach((slug, index) => {
    content.write(
      `activities/${slug}.md`,
      markdown({ title: `${slug}"><b onclick=x`.slice(0, 12), order: index + 1, tagline: SHORT }, BODY),
    );
  });
  writeStory(
    content,
    STORY,
    'jiefang',
    { title: `故事${ATTACK}`, place: ATTACK, summary: SCRIPT + ATTACK, photos: PHOTOS, examples: [EXAMPLE], ...words },
    BODY,
  );
  writeExample(content, EXAMPLE, 'jiefang', {
    name: `"><b onclick=xss()>`,
    honours: [ATTACK, SCRIPT],
    summary: SCRIPT + ATTACK,
    quote: ATTACK + SCRIPT,
    photos: PHOTOS,
    ...words,
  });
  content.write(
    'wishes/20210301-080000wi.yml',
    stringify(
      wishData('20210301-080000wi', 'jiefang', {
        alias: `"><b onclick=xss()>`,
        wish: ATTACK,
        claimedBy: ATTACK,
        state: 'claimed',
      }),
    ),
  );
  content.write('notices/n1.md', markdown(noticeData({ title: ATTACK, number: ATTACK, issuer: ATTACK }), BODY));
  content.write('summaries/jiefang/2020/index.md', markdown({ ...summaryData('jiefang', 2020), author: ATTACK }, BODY));
}

let site: DeskSite;
let browser: Browser;
/** Page whose DOMParser parses the HTML to check. */
let reader: Page;

test.beforeAll(async ({ browser: running }) => {
  browser = running;
  site = await DeskSite.open(writeAttacks);
  reader = await browser.newPage();
});

test.afterAll(async () => {
  await browser.close();
  expect(site.troubles).toEqual([]);
  await site.dispose();
});

/** Returns the published pages, each as path of the file and HTML. */
function pages(): [string, string][] {
  const files = readdirSync(site.output, { recursive: true, encoding: 'utf8' }).filter((file) =>
    file.endsWith('.html'),
  );
  return files.map((file) => [file, readFileSync(join(site.output, file), 'utf8')]);
}

const element = z.object({ tag: z.string(), text: z.string(), attributes: z.record(z.string(), z.string()) });
type ElementRead = z.output<typeof element>;

/**
 * Resolves to all elements of a page as the browser parses them, including elements in templates. Nothing in the page
 * runs.
 */
async function elementsOf(html: string): Promise<ElementRead[]> {
  const read = `(() => {
    const found = [];
    const walk = (root) => {
      for (const element of root.querySelectorAll('*')) {
        const attributes = Object.fromEntries(Array.from(element.attributes, ({ name, value }) => [name, value]));
        found.push({ tag: element.localName, text: element.textContent, attributes });
        if (element.localName === 'template') walk(element.content);
      }
    };
    walk(new DOMParser().parseFromString(${JSON.stringify(html)}, 'text/html'));
    return found;
  })()`;
  return z.array(element).parse(await reader.evaluate(read));
}

/** Names of attributes that must not have a dangerous URL as their value. */
const ADDRESSES = ['href', 'src', 'action', 'formaction', 'data', 'poster', 'xlink:href', 'srcdoc'];
/** Names of elements that no page of the site has. */
const FOREIGN = ['iframe', 'object', 'embed', 'base', 'math', 'frame', 'applet'];

/**
 * Resolves to the dangerous elements of a page, as start tags with their dangerous attributes: hostile scripts, foreign
 * elements, event handlers, dangerous URLs and `http-equiv` other than the content security policy.
 */
async function dangersIn(html: string): Promise<string[]> {
  return (await elementsOf(html)).flatMap(({ tag, text, attributes }) => {
    const script = tag === 'script' && attributes['type'] !== 'application/ld+json' && text.includes('xss');
    const dangers = Object.entries(attributes).filter(
      ([name, value]) =>
        /^on/iu.test(name) ||
        (ADDRESSES.includes(name) && /^[\s\p{Cc}]*(?:javascript|vbscript|data:(?!image\/))/iu.test(value)) ||
        (name === 'http-equiv' && !/^content-security-policy$/iu.test(value)),
    );
    if (!script && !FOREIGN.includes(tag) && dangers.length === 0) return [];
    return [`<${tag}${dangers.map(([name, value]) => ` ${name}=${value}`).join('')}>`];
  });
}

test('The check itself finds dangers', async () => {
  expect(
    await dangersIn(`<p>${ATTACK}</p><script>xss()</script><a href=" javascript:xss()">x</a><iframe></iframe>`),
  ).toHaveLength(4);
});

describe('The published pages', () => {
  test('show the hostile texts everywhere, and nothing of them runs', async () => {
    const all = pages();
    const wanted = [
      `stories/${STORY}`,
      `examples/${EXAMPLE}`,
      'units/jiefang',
      'notices/n1',
      'wishes',
      'search',
      'activities/culture',
    ];
    for (const folder of wanted) {
      const html = all.find(([file]) => file === `${folder}/index.html`)?.[1] ?? '';
      expect(html, folder).toContain(folder === 'search' ? '<form' : 'xss()');
    }
    for (const [file, html] of all) expect(await dangersIn(html), file).toEqual([]);
  });

  test('have valid JSON-LD', async () => {
    for (const [file, html] of pages()) {
      for (const { text, attributes } of await elementsOf(html)) {
        if (attributes['type'] === 'application/ld+json') expect(() => JSON.parse(text), file).not.toThrow();
      }
    }
  });

  test('The feed contains the texts escaped', () => {
    expect(site.page('rss.xml')).toContain('xss()');
    expect(site.page('rss.xml')).not.toMatch(/<(?:img|script|b|svg|iframe)\b/iu);
  });

  test('have a policy that allows scripts only by hash, and WebAssembly only for search', async () => {
    for (const [file, html] of pages()) {
      const elements = await elementsOf(html);
      const policies = elements.filter(({ attributes }) => attributes['http-equiv'] === 'content-security-policy');
      expect(policies, file).toHaveLength(1);
      const policy = policies[0]?.attributes['content'] ?? '';
      const [, scripts = ''] = /script-src ([^;]*)/u.exec(policy) ?? [];
      expect(policy, file).toContain("default-src 'none'");
      expect(scripts, file).not.toMatch(/'unsafe-inline'|'unsafe-eval'|https?:|\*|data:|blob:/u);
      expect(scripts.includes("'wasm-unsafe-eval'"), file).toBe(file === 'search/index.html');
      for (const { tag, text, attributes } of elements) {
        if (tag !== 'script' || 'src' in attributes) continue;
        // JSON-LD is data and never runs. It must stay valid JSON, whatever words it contains.
        if (attributes['type'] === 'application/ld+json') {
          expect(JSON.parse(text), file).toMatchObject({ '@type': 'Article' });
          continue;
        }
        expect(scripts, file).toContain(`'sha256-${createHash('sha256').update(text).digest('base64')}'`);
      }
    }
  });

  test('run nothing hostile in a browser', async () => {
    const context = await browser.newContext();
    await context.addInitScript('window.ran = 0; window.xss = () => { window.ran += 1; };');
    await context.addCookies(browserCookies(site.desk.cookie, site.desk.origin));
    let dialogs = 0;
    context.on('dialog', (dialog) => {
      dialogs += 1;
      void dialog.dismiss();
    });
    const addresses = [
      '/',
      `/stories/${STORY}/`,
      `/examples/${EXAMPLE}/`,
      '/units/jiefang/',
      '/wishes/',
      '/notices/n1/',
      '/search/?q=xss',
      '/stories/',
      '/summaries/2020/jiefang/',
    ];
    for (const address of [
      ...addresses,
      `/admin/preview/stories/jiefang/${STORY}/`,
      `/admin/preview/examples/jiefang/${EXAMPLE}/`,
    ]) {
      const page = await context.newPage();
      await page.goto(site.desk.origin + address);
      // Dispatches events to all elements of `main`, without following links.
      const ran = await page.evaluate(`(() => {
        addEventListener('click', (event) => event.preventDefault());
        for (const element of document.querySelectorAll('main *')) {
          for (const type of ['mouseover', 'click', 'focus', 'toggle', 'error']) element.dispatchEvent(new Event(type, { cancelable: true }));
        }
        return window.ran;
      })()`);
      expect(ran, address).toBe(0);
      expect(new URL(page.url()).origin).toBe(site.desk.origin);
      await page.close();
    }
    expect(dialogs).toBe(0);
    await context.close();
  });
});

test.each([
  ['stories', `stories/jiefang/${STORY}/index.md`],
  ['examples', `examples/jiefang/${EXAMPLE}/index.md`],
])('Nothing hostile runs in the preview of %s', async (collection, path) => {
  const raw = site.git('show', `main:${path}`);
  const previewed = await site.desk.request('/api/preview', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ path, raw }),
  });
  const shown = await site.desk.request(
    `/admin/preview/${collection}/${path.slice(collection.length + 1, -'/index.md'.length)}/`,
  );
  for (const answer of [previewed, shown]) {
    expect(answer.status).toBe(200);
    const html = await answer.text();
    expect(html).toContain('xss()');
    expect(await dangersIn(html)).toEqual([]);
  }
});

test('Nothing hostile runs on the pages of the desk', async () => {
  await site.desk.save(
    {
      unit: 'jiefang',
      id: '20210401-000000aa',
      raw: markdown(storyData('20210401-000000aa', 'jiefang', { title: ATTACK, author: SCRIPT })).replace(
        /photos:[\s\S]*?(?=author:)/u,
        '',
      ),
    },
    null,
  );
  for (const path of [
    '/desk/',
    '/desk/reports',
    '/desk/people',
    '/desk/audit',
    '/desk/me',
    `/desk/sign-in?next=${encodeURIComponent(ATTACK)}`,
    '/desk/sign-in?next=javascript:xss()',
    `/desk/invitation?token=${encodeURIComponent(ATTACK)}`,
    '/desk/sign-in?next=//evil.example/',
  ]) {
    const html = await (await site.desk.request(path)).text();
    expect(await dangersIn(html), path).toEqual([]);
    expect(html, path).not.toContain('//evil.example');
  }
});

// Everything to which the site refers exists: pages, anchors on pages, photos in every width, feed, site map, share
// images.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect } from 'vitest';
import { test } from '../browser/driving/reader.ts';
import { FixtureContent, writeExample, writeGround, writeStory } from '../fixtures/content.ts';
import { publishSite } from '../fixtures/published-site.ts';
import { LinkCheck } from './link-check.ts';

/**
 * Matches the fault of a missing poster, and captures the folder of its entry. The sample site is published without
 * posters, because each of them takes a second.
 */
const POSTER = /\/((?:stories|examples)\/\d{8}-[^/]+)\/poster\.png: not there$/u;

test('No reference of the sample site is broken, except to posters', ({ site }) => {
  const check = new LinkCheck(site.output, site.origin);
  expect(check.faults().filter((fault) => !POSTER.test(fault))).toEqual([]);
  // Makes sure that there were references of all kinds to check.
  const { counts } = check;
  for (const kind of [
    'a href',
    'img src',
    'source srcset',
    'script src',
    'form action',
    'link href',
    'meta og:image',
    'loc',
    'guid',
    'content:encoded: img src',
  ]) {
    expect(counts[kind] ?? 0, kind).toBeGreaterThan(0);
  }
});

test('Links to the posters of stories and examples are not broken', async () => {
  const content = new FixtureContent();
  writeGround(content);
  writeStory(content, '20210319-213000ef', 'jiefang');
  writeExample(content, '20210319-213000ex', 'wenxian');
  const site = await publishSite(content.root, { posters: true });
  const check = new LinkCheck(site.output, site.origin);
  expect(check.faults().filter((fault) => POSTER.test(fault))).toEqual([]);
  // Makes sure that there are such links: they are broken as soon as the poster is removed.
  for (const folder of ['stories/20210319-213000ef', 'examples/20210319-213000ex']) {
    const poster = join(site.output, folder, 'poster.png');
    rmSync(poster);
    expect(check.faults().some((fault) => POSTER.exec(fault)?.[1] === folder)).toBe(true);
  }
  await site.close();
  content.dispose();
});

describe('A broken reference is found', () => {
  const origin = 'https://example.org';
  const root = mkdtempSync(join(tmpdir(), 'links-'));

  test.afterAll(() => rmSync(root, { recursive: true }));

  test.each([
    ['a page that is not there', '<a href="/none/">x</a>', 'not there'],
    ['a folder without its slash', '<a href="/there">x</a>', 'a folder'],
    ['an anchor that is not there', '<a href="/there/#none">x</a>', 'no such place'],
    ['an anchor on the same page', '<a href="#none">x</a>', 'no such place'],
    ['a picture', '<img src="none.jpg" alt="">', 'not there'],
    ['one width of a picture', '<img srcset="/a.jpg 1x, /none.jpg 2x" src="/a.jpg" alt="">', '/none.jpg: not there'],
    ['a share image', `<meta property="og:image" content="${origin}/none.jpg">`, 'not there'],
    ['a canonical address', `<link rel="canonical" href="${origin}/none/">`, 'not there'],
    ['a script from another site', '<script src="https://example.com/x.js"></script>', 'another site'],
    ['a style from another site', '<link rel="stylesheet" href="//example.com/x.css">', 'another site'],
    ['JSON-LD', `<script type="application/ld+json">{"@context":"x","image":["${origin}/n.jpg"]}</script>`, ''],
    ['an invalid address', '<a href="https://">x</a>', 'no address'],
  ])('%s', (_case, html, why) => {
    mkdirSync(join(root, 'there'), { recursive: true });
    writeFileSync(join(root, 'there/index.html'), '<p id="place">');
    writeFileSync(join(root, 'a.jpg'), '');
    writeFileSync(join(root, 'index.html'), `${html}<a href="/there/#place">x</a><a href="mailto:a@example.org">x</a>`);
    const faults = new LinkCheck(root, origin).faults();
    expect(faults).toHaveLength(1);
    expect(faults[0]).toContain(why);
  });

  test.each([
    ['sitemap.xml', `<urlset><url><loc>${origin}/none/</loc></url></urlset>`],
    ['rss.xml', `<rss><channel><item><link>${origin}/none/</link></item></channel></rss>`],
    ['rss.xml', `<rss><item><content:encoded>&lt;img src="${origin}/none.jpg"&gt;</content:encoded></item></rss>`],
  ])('also in %s', (name, xml) => {
    rmSync(join(root, 'index.html'), { force: true });
    writeFileSync(join(root, name), xml);
    expect(new LinkCheck(root, origin).faults()).toHaveLength(1);
    rmSync(join(root, name));
  });
});

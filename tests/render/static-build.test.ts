import { execFile } from 'node:child_process';
import { hash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { STORIES_PER_PAGE } from '../../src/library/queries/addresses.ts';
import { allAddresses } from '../../src/library/static-paths.ts';
import { PROJECT_ROOT } from '../../src/render/compile/build-cache.ts';
import { FixtureContent, writeStory } from '../fixtures/content.ts';
import { differences, filesOf, pageCopies, SiteFolder } from '../fixtures/desk/publishing.ts';
import { tiersIn } from '../fixtures/search/pagefind-files.ts';
import { Random } from '../fixtures/random.ts';
import { Town } from '../fixtures/town.ts';
import { tracesBelow } from '../fixtures/traces.ts';

/** Number of stories. Each has a poster. */
const STORIES = 2;
/** Number of examples. Each has a poster. */
const EXAMPLES = 1;

const content = new FixtureContent();
const rendered = new SiteFolder();
const built = new SiteFolder(rendered.encoded);
/** Id of a story that is withdrawn after the first build. */
const WITHDRAWN = '20210405-080000aa';
const traces = { words: ['qzxbody', 'qzxsummary', `photos/${WITHDRAWN}`], hashes: new Set<string>() };

async function build(site: SiteFolder, environment: Record<string, string>): Promise<string> {
  const { stdout } = await promisify(execFile)(process.execPath, [join(PROJECT_ROOT, 'src/commands/build.ts')], {
    env: {
      PATH: process.env['PATH'],
      CONTENT_DIR: content.root,
      OUT_DIR: site.output,
      CACHE_DIR: site.root,
      BASE_URL: 'https://example.org',
      ...environment,
    },
  });
  return stdout;
}

/**
 * Returns the SHA-256 of each file of the search index by its path, without superseded indexes. `differences` leaves
 * the search index out.
 */
function searchFiles({ output }: SiteFolder): Map<string, string> {
  const files = readdirSync(join(output, 'pagefind'), { recursive: true, withFileTypes: true });
  const paths = files.filter((file) => file.isFile()).map((file) => join(file.parentPath, file.name));
  const { shards } = tiersIn(output);
  const current = paths.filter((path) => {
    const [, index = '', below] = relative(output, path).split('/');
    return below === undefined || shards.includes(index);
  });
  return new Map(current.sort().map((path) => [relative(output, path), hash('sha256', readFileSync(path))]));
}

beforeAll(() => {
  // There are few entries, because each has a poster, which two builds draw.
  new Town(content, new Random(3), STORIES, EXAMPLES);
  writeStory(content, WITHDRAWN, 'unit00', { summary: 'qzxsummary', date: '2021-04-05' }, '正文 qzxbody。');
});

afterAll(() => {
  for (const folder of [content, rendered, built]) folder.dispose();
});

test('npm run build and the static build write the same bytes, including the content security policies', async () => {
  await build(rendered, {});
  expect(tracesBelow(rendered.output, traces).length).toBeGreaterThan(10);
  const withdrawal = 'generation: 1\nwithdrawn:\n  date: 2021-05-01\n  reason: 核实\nauthor:';
  content.edit(`stories/unit00/${WITHDRAWN}/index.md`, /^author:/mu, withdrawal);
  await build(rendered, {});
  // An earlier build has left a file of the story in the output folder.
  new FixtureContent(built.output).write(`photos/${WITHDRAWN}/480.avif`, 'qzxbody');
  await build(built, { STATIC: '1' });
  expect(differences(built.output, rendered.output)).toEqual([]);
  expect(searchFiles(built)).toEqual(searchFiles(rendered));
  expect(pageCopies(rendered.output).size).toBeGreaterThan(2 * 24);
  expect(pageCopies(built.output)).toEqual(pageCopies(rendered.output));
  expect(rendered.page('index.html')).toMatch(/<meta charset="utf-8"><meta http-equiv="content-security-policy"/u);
}, 600_000);

test('Of a withdrawn story both have only its page, which gives the reason', () => {
  for (const site of [rendered, built]) {
    expect(tracesBelow(site.output, traces)).toEqual([]);
    expect(site.page(`stories/${WITHDRAWN}/index.html`)).toContain('核实');
  }
});

test('Both have the posters', () => {
  const posters = [...filesOf(built.output).keys()].filter((path) => path.endsWith('/poster.png'));
  expect(posters).toHaveLength(STORIES + EXAMPLES);
});

test('A second build renders nothing and changes nothing', async () => {
  const output = await build(rendered, {});
  expect(output).toContain('生成 0 页');
  expect(output).not.toContain('搜索索引');
  expect(output).not.toContain('海报');
  expect(searchFiles(built)).toEqual(searchFiles(rendered));
  expect(differences(built.output, rendered.output)).toEqual([]);
});

test('A build restores deleted files of the output and removes what does not belong there', async () => {
  const output = new FixtureContent(rendered.output);
  output.remove('stories');
  output.write('stray/index.html', 'x');
  output.write('stray/index.html.br', 'x');
  output.write('strayed.html.gz', 'x');
  await build(rendered, {});
  expect(differences(built.output, rendered.output)).toEqual([]);
  expect(pageCopies(built.output)).toEqual(pageCopies(rendered.output));
});

test('The static build has every rendered address, including further pages of long lists', async () => {
  const long = new FixtureContent();
  const site = new SiteFolder();
  try {
    new Town(long, new Random(5), 6 * STORIES_PER_PAGE);
    const publisher = await site.open(long);
    await publisher.publish();
    const known = [...allAddresses(publisher.library).keys()].sort();
    expect(known.filter((address) => /^\/stories\/2021\/\d+\/$/u.test(address)).length).toBeGreaterThan(0);
    expect(known).toEqual([...publisher.addresses].sort());
    await publisher.close();
  } finally {
    for (const folder of [long, site]) folder.dispose();
  }
});

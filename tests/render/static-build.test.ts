import { execFile } from 'node:child_process';
import { hash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { STORIES_PER_PAGE } from '../../src/library/addresses.ts';
import { allAddresses } from '../../src/library/static-paths.ts';
import { PROJECT_ROOT } from '../../src/render/built-code.ts';
import { FixtureContent } from '../fixtures/content.ts';
import { differences, filesOf, pageCopies, SiteFolder } from '../fixtures/publishing.ts';
import { Random } from '../fixtures/random.ts';
import { Town } from '../fixtures/town.ts';

/** Entries with a poster. */
const STORIES = 2;
const EXAMPLES = 1;

const content = new FixtureContent();
const rendered = new SiteFolder();
const built = new SiteFolder(rendered.encoded);

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

/** The files of the search index, which `differences` leaves out, with their bytes. */
function searchFiles({ output }: SiteFolder): Map<string, string> {
  const files = readdirSync(join(output, 'pagefind'), { recursive: true, withFileTypes: true });
  const paths = files.filter((file) => file.isFile()).map((file) => join(file.parentPath, file.name));
  return new Map(paths.sort().map((path) => [relative(output, path), hash('sha256', readFileSync(path))]));
}

beforeAll(() => {
  // Every one of them has a poster to draw, twice.
  new Town(content, new Random(3), STORIES, EXAMPLES);
});

afterAll(() => {
  for (const folder of [content, rendered, built]) folder.dispose();
});

test('npm run build and the plain static build are byte-identical, policies included', async () => {
  await build(rendered, {});
  await build(built, { STATIC: '1' });
  expect(differences(built.output, rendered.output)).toEqual([]);
  expect(searchFiles(built)).toEqual(searchFiles(rendered));
  expect(pageCopies(rendered.output).size).toBeGreaterThan(2 * 24);
  expect(pageCopies(built.output)).toEqual(pageCopies(rendered.output));
  expect(rendered.page('index.html')).toMatch(/<meta charset="utf-8"><meta http-equiv="content-security-policy"/u);
}, 300_000);

test('both have the posters', () => {
  const posters = [...filesOf(built.output).keys()].filter((path) => path.endsWith('/poster.png'));
  expect(posters).toHaveLength(STORIES + EXAMPLES);
});

test('a second build renders nothing and changes nothing', async () => {
  const said = await build(rendered, {});
  expect(said).toContain('生成 0 页');
  expect(said).not.toContain('搜索索引');
  expect(said).not.toContain('海报');
  expect(searchFiles(built)).toEqual(searchFiles(rendered));
  expect(differences(built.output, rendered.output)).toEqual([]);
});

test('a build restores what somebody deleted from the output and removes what does not belong there', async () => {
  const output = new FixtureContent(rendered.output);
  output.remove('stories');
  output.write('stray/index.html', 'x');
  output.write('stray/index.html.br', 'x');
  output.write('strayed.html.gz', 'x');
  await build(rendered, {});
  expect(differences(built.output, rendered.output)).toEqual([]);
  expect(pageCopies(built.output)).toEqual(pageCopies(rendered.output));
});

test('the static build has every address that is rendered, further pages of long lists too', async () => {
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

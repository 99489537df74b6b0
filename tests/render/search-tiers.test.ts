// The search index of a site: what readers can find after each publish, and what each publish indexes again.
import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import type { Publisher } from '../../src/render/publish/publisher.ts';
import { endIndexing } from '../../src/search/index/indexing.ts';
import type { IndexManifest } from '../../src/search/shared/index-manifest.ts';
import { FixtureContent, wishData, writeExample, writeGround, writeStory } from '../fixtures/content.ts';
import { findable, fragmentsIn, textOf, tiersIn } from '../fixtures/search/pagefind-files.ts';
import { SiteFolder } from '../fixtures/desk/publishing.ts';

const ids = ['20210101-000001aa', '20210102-000002bb', '20210103-000003cc'] as const;
const [first, second, third] = ids;
const fileOf = (id: string): string => `stories/jiefang/${id}/index.md`;
const addressOf = (id: string): string => `/stories/${id}/`;

const encoded = new SiteFolder();
let content: FixtureContent;
let folder: SiteFolder;
let publisher: Publisher;

beforeEach(async () => {
  content = new FixtureContent();
  folder = new SiteFolder(encoded.encoded);
  writeGround(content);
  for (const id of ids) writeStory(content, id, 'jiefang');
  publisher = await folder.open(content);
  await update(true);
  return async () => {
    await publisher.close();
    folder.dispose();
    content.dispose();
  };
});

afterAll(async () => {
  await endIndexing();
  encoded.dispose();
});

/** Publishes and indexes. Resolves to whether there was anything to index. */
async function update(fold: boolean): Promise<boolean> {
  expect((await publisher.publish()).faults).toEqual([]);
  return (await publisher.index({ fold })) !== undefined;
}

const tiers = (): IndexManifest => tiersIn(folder.output);

/** Returns the text of each result that readers can find. The keys are the URL paths of the results. */
function found(): Map<string, string> {
  return new Map(findable(folder.output).map((page) => [page.url, textOf(page)]));
}

describe('Readers can find', () => {
  test('everything after the first publish, and a second publish has nothing to do', async () => {
    expect([...found().keys()].sort()).toEqual(ids.map(addressOf));
    expect(tiers()).toMatchObject({ dates: {}, gone: [] });
    expect(await update(true)).toBe(false);
    expect(await update(false)).toBe(false);
  });

  test('a changed entry beside unchanged ones, which are not indexed again', async () => {
    const { shards } = tiers();
    content.edit(fileOf(second), '正文写在这里', '改过的正文');
    expect(await update(false)).toBe(true);
    expect(found().get(addressOf(second))).toContain('改过的正文');
    expect(found().size).toBe(3);
    expect(tiers().shards).toEqual(shards);
    expect(tiers().gone).toHaveLength(1);
  });

  test('no withdrawn or deleted entry', async () => {
    content.edit(fileOf(first), '\nauthor:', '\nwithdrawn:\n  date: 2021-05-01\n  reason: 示例\nauthor:');
    content.remove(`stories/jiefang/${third}`);
    await update(false);
    expect([...found().keys()]).toEqual([addressOf(second)]);
    expect(tiers().recent).toBeUndefined();
  });

  test('the earlier state after a change is undone', async () => {
    const before = tiers();
    content.edit(fileOf(second), '正文写在这里', '改过的正文');
    await update(false);
    content.edit(fileOf(second), '改过的正文', '正文写在这里');
    await update(false);
    expect(tiers()).toEqual(before);
  });

  test('the same after folding, in shards alone', async () => {
    content.edit(fileOf(second), '正文写在这里', '改过的正文');
    writeStory(content, '20240101-000004dd', 'wenxian');
    await update(false);
    const before = [...found()].sort();
    expect(await update(true)).toBe(true);
    expect([...found()].sort()).toEqual(before);
    expect(tiers()).toMatchObject({ dates: {}, gone: [] });
    expect(tiers().recent).toBeUndefined();
  });

  test('nothing on an empty site', async () => {
    for (const id of ids) content.remove(`stories/jiefang/${id}`);
    await update(false);
    expect(found().size).toBe(0);
    await update(true);
    expect(tiers()).toEqual({ shards: [], dates: {}, gone: [] });
  });

  test('everything in shards at once if more is new than the small index takes', async () => {
    for (let number = 10; number < 27; number += 1) writeStory(content, `20220101-0000${number}aa`, 'wenxian');
    await update(false);
    expect(tiers().recent).toBeUndefined();
    expect(found().size).toBe(20);
  });

  test('examples and wishes too, each with its filters', async () => {
    writeExample(content, '20230101-000000aa', 'wenxian');
    content.write('wishes/20230202-000000aa.yml', JSON.stringify(wishData('20230202-000000aa', 'wenxian')));
    await update(true);
    const filtersOf = (url: string): unknown => findable(folder.output).find((page) => page.url === url)?.filters;
    expect(filtersOf(addressOf(first))).toEqual({
      kind: ['story'],
      year: ['2021'],
      unit: ['jiefang'],
      activity: ['legal-aid'],
    });
    expect(filtersOf('/examples/20230101-000000aa/')).toMatchObject({ kind: ['example'], unit: ['wenxian'] });
    expect(filtersOf('/wishes/#20230202-000000aa')).toMatchObject({ kind: ['wish'], unit: ['wenxian'] });
  });
});

test('Superseded indexes stay for open pages', async () => {
  const { shards } = tiers();
  content.edit(fileOf(second), '正文写在这里', '改过的正文');
  await update(true);
  const [before = ''] = shards;
  expect(tiers().shards).not.toContain(before);
  expect(fragmentsIn(join(folder.output, 'pagefind', before)).size).toBe(3);
});

test.each(['', '{', '{"shards":["../.."]}', '{"shards":["000000000000"],"dates":{},"gone":[]}'])(
  'A damaged list of indexes is written again: %j',
  async (damaged) => {
    writeFileSync(join(folder.output, 'pagefind/tiers.json'), damaged);
    expect(await update(false)).toBe(true);
    expect(found().size).toBe(3);
  },
);

test('The folder of an index holds only what a search needs', () => {
  const [name = ''] = tiers().shards;
  const files = readdirSync(join(folder.output, 'pagefind', name)).filter(
    (file) => !file.endsWith('.br') && !file.startsWith('.'),
  );
  const kinds = files.map((file) => file.replace(/^pagefind\..+\.pf_meta$/u, 'pf_meta')).sort();
  expect(kinds).toEqual([
    'filter',
    'fragment',
    'index',
    'pagefind-entry.json',
    'pagefind.js',
    'pf_meta',
    'wasm.unknown.pagefind',
  ]);
});

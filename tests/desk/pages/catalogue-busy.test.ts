// While the catalogue is made again, the start page shows its drafts, and a sentence in place of the other parts. Lists,
// board and reports show the sentence only.
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Repository } from '../../../src/desk/storage/repository.ts';
import { wishData } from '../../fixtures/content.ts';
import type { DeskClient } from '../../fixtures/desk/desk-client.ts';
import { DeskSite } from '../../fixtures/desk/desk-site.ts';

const ID = '20210601-000001aa';
const BUSY = '编辑台正在重新整理稿件目录';

let site: DeskSite;
let reviewer: DeskClient;

beforeEach(async () => {
  site = await DeskSite.open();
  reviewer = await site.client({ login: 'zhao', name: '赵审核', role: 'reviewer' });
});

afterEach(async () => {
  vi.restoreAllMocks();
  expect(site.troubles).toEqual([]);
  await site.dispose();
});

test('A busy catalogue hides no drafts, and lists and reports say that it is busy', async () => {
  const raw = stringify(wishData(ID, 'jiefang', { wish: '草稿里的心愿' }));
  const dataFiles = [{ path: `wishes/${ID}.yml`, slug: ID, raw, baseId: null }];
  const saved = await reviewer.call('persistEntry', { dataFiles, assets: [], options: { commitMessage: '保存' } });
  expect(saved.status).toBe(200);
  const whole = await (await reviewer.request('/desk/')).text();
  expect(whole).toContain('草稿里的心愿');
  expect(whole).not.toContain(BUSY);

  // The files of main cannot be listed until `listing` resolves.
  const listing = Promise.withResolvers<undefined>();
  const { files } = Repository.prototype;
  vi.spyOn(Repository.prototype, 'files').mockImplementation(async function (this: Repository, ...given) {
    await listing.promise;
    return files.apply(this, given);
  });
  rmSync(join(site.data, 'catalogue.sqlite'));
  try {
    const [start, ...others] = await Promise.all(
      ['/desk/', '/desk/reports', '/desk/entries/wishes/', '/desk/board/'].map(async (path) => reviewer.request(path)),
    );
    expect(start?.status).toBe(200);
    const page = await start?.text();
    expect(page).toContain('草稿里的心愿');
    expect(page).toContain(BUSY);
    for (const other of others) {
      expect(other.status).toBe(503);
      expect(await other.text()).toContain(BUSY);
    }
  } finally {
    listing.resolve(undefined);
  }
  await vi.waitUntil(async () => (await reviewer.request('/desk/reports')).status === 200, { timeout: 20_000 });
  expect(await (await reviewer.request('/desk/')).text()).not.toContain(BUSY);
});

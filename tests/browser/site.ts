import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createServer } from '../../src/desk/server.ts';
import { FolderSource } from '../../src/library/folder.ts';
import { openStore } from '../../src/photo/store.ts';
import { PROJECT_ROOT } from '../../src/render/built-code.ts';
import { Publisher } from '../../src/render/publisher.ts';
import { endIndexing } from '../../src/search/indexing.ts';
import { bundle } from '../fixtures/publishing.ts';

/** How long opening may take in milliseconds, where no photo has been encoded before. */
export const OPENING_TIMEOUT = 900_000;

/** The site of the sample content, as readers get it. */
export interface SampleSite {
  origin: string;
  /** The first address that fits; throws where the sample content has no such page. */
  address(pattern: RegExp): string;
  close(): Promise<void>;
}

/** Publishes content/ of the checkout and serves it on this machine. Encoded photos are kept for the next run. */
export async function openSampleSite(): Promise<SampleSite> {
  const folder = await mkdtemp(join(tmpdir(), 'sample-site-'));
  const output = join(folder, 'site');
  await mkdir(output);
  const server = await createServer({ site: output });
  const origin = await server.listen({ host: '127.0.0.1', port: 0 });
  const publisher = await Publisher.open({
    source: new FolderSource(join(PROJECT_ROOT, 'content')),
    bundle,
    store: openStore(join(PROJECT_ROOT, '.cache/encoded')),
    journal: join(folder, 'journal.sqlite'),
    output,
    origin,
  });
  await publisher.publish();
  await publisher.index({ fold: true });
  const addresses = [...publisher.addresses].sort();
  await publisher.close();
  await endIndexing();
  return {
    origin,
    address(pattern) {
      const found = addresses.find((address) => pattern.test(address));
      if (found === undefined) throw new Error(`The sample content has no page ${pattern}.`);
      return found;
    },
    async close() {
      await server.close();
      await rm(folder, { recursive: true });
    },
  };
}

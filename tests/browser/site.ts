import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createServer } from '../../src/desk/server.ts';
import { FolderSource } from '../../src/library/folder.ts';
import { faultLine } from '../../src/model/fault.ts';
import { openStore } from '../../src/photo/store.ts';
import { PROJECT_ROOT } from '../../src/render/built-code.ts';
import { ENCODINGS } from '../../src/render/compression.ts';
import { Publisher } from '../../src/render/publisher.ts';
import { endIndexing } from '../../src/search/indexing.ts';
import { bundle } from '../fixtures/publishing.ts';

/** How long opening may take in milliseconds, where no photo has been encoded before. */
export const OPENING_TIMEOUT = 900_000;

/** The site of some content, as readers get it. */
export interface SampleSite {
  origin: string;
  /** Folder of its files. */
  output: string;
  /** Addresses of all its pages. */
  addresses: readonly string[];
  /** The first address that fits; throws where the content has no such page. */
  address(pattern: RegExp): string;
  close(): Promise<void>;
}

/** How the sample site is opened, where not as usual. */
export interface Opening {
  /** Folder of other content. */
  content?: string;
  /** With compressed copies of its pages: else they go out as they are. */
  compressed?: boolean;
  /** With posters: they are seconds of work each. */
  posters?: boolean;
}

/** Publishes content/ of the checkout and serves it on this machine. Encoded photos are kept for the next run. */
export async function openSampleSite({
  content = join(PROJECT_ROOT, 'content'),
  compressed = false,
  posters = false,
}: Opening = {}): Promise<SampleSite> {
  const folder = await mkdtemp(join(tmpdir(), 'sample-site-'));
  const output = join(folder, 'site');
  await mkdir(output);
  const server = await createServer({ site: output });
  const origin = await server.listen({ host: '127.0.0.1', port: 0 });
  const publisher = await Publisher.open({
    source: new FolderSource(content),
    bundle,
    store: openStore(join(PROJECT_ROOT, '.cache/encoded')),
    journal: join(folder, 'journal.sqlite'),
    output,
    origin,
  });
  const { faults } = await publisher.publish();
  if (faults.length > 0) throw new Error(faults.map(faultLine).join('\n'));
  await publisher.index({ fold: true });
  for (const encoding of compressed ? ENCODINGS : []) await publisher.compressPages(encoding, { workers: 2 });
  if (posters) await publisher.drawPosters({ hands: 2 });
  const addresses = [...publisher.addresses].sort();
  await publisher.close();
  await endIndexing();
  return {
    origin,
    output,
    addresses,
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

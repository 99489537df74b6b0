// A process of its own that holds a publisher, so that what it holds of memory is the publisher's. Started by ours.ts:
// host.ts <content folder> <cache folder> <state folder>
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { FolderSource } from '../src/library/content/folder-source.ts';
import { faultLine } from '../src/model/fault.ts';
import { openStore } from '../src/photo/store/store.ts';
import { compile } from '../src/render/compile/compile.ts';
import { Publisher } from '../src/render/publish/publisher.ts';
import { endIndexing } from '../src/search/index/indexing.ts';
import { request, type Reply, type Request } from './protocol.ts';

const [content = '', cache = '', state = ''] = process.argv.slice(2);
await mkdir(state, { recursive: true });
const publisher = await Publisher.open({
  source: new FolderSource(content),
  bundle: await compile(join(cache, 'bundle')),
  store: openStore(join(cache, 'encoded')),
  journal: join(state, 'journal.sqlite'),
  output: join(state, 'site'),
  origin: 'http://127.0.0.1:4321',
});

async function answer(asked: Request): Promise<Omit<Reply, 'milliseconds' | 'memory'>> {
  switch (asked.ask) {
    case 'publish': {
      const { rendered, faults, milliseconds } = await publisher.publish(asked.paths);
      const { total: _, ...parts } = milliseconds;
      const [fault] = faults;
      return { pages: rendered, parts, failed: fault && `${faults.length} faults: ${faultLine(fault)}` };
    }
    case 'index':
      return { pages: (await publisher.index({ fold: false })) ?? 0, parts: {} };
    case 'close':
      await publisher.close();
      await endIndexing();
      return { pages: 0, parts: {} };
  }
}

async function hear(message: unknown): Promise<void> {
  const asked = request.parse(message);
  const start = performance.now();
  const answered = await answer(asked).catch((error: unknown) => ({ pages: 0, parts: {}, failed: String(error) }));
  const said: Reply = { ...answered, milliseconds: performance.now() - start, memory: process.memoryUsage.rss() };
  process.send?.(said);
  if (asked.ask === 'close') process.disconnect();
}

process.on('message', (message) => void hear(message));
process.send?.({ pages: 0, parts: {}, milliseconds: 0, memory: process.memoryUsage.rss() } satisfies Reply);

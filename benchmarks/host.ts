// Runs a publisher in a separate process, so that its memory can be measured. Started by ours.ts: host.ts <content
// folder> <cache folder> <state folder>
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

async function answer(job: Request): Promise<Omit<Reply, 'milliseconds' | 'memory'>> {
  switch (job.ask) {
    case 'publish': {
      const { rendered, faults, milliseconds } = await publisher.publish(job.paths);
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

async function handle(message: unknown): Promise<void> {
  const job = request.parse(message);
  const start = performance.now();
  const answered = await answer(job).catch((error: unknown) => ({ pages: 0, parts: {}, failed: String(error) }));
  const reply: Reply = { ...answered, milliseconds: performance.now() - start, memory: process.memoryUsage.rss() };
  process.send?.(reply);
  if (job.ask === 'close') process.disconnect();
}

process.on('message', (message) => void handle(message));
process.send?.({ pages: 0, parts: {}, milliseconds: 0, memory: process.memoryUsage.rss() } satisfies Reply);

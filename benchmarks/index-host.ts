// Builds an index in a separate process, so that its memory can be measured. Started by index-run.ts: index-host.ts
// <name of the indexer> <file of entries> <folder for readers>
import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { entry } from './entry.ts';
import { bytesSent } from './indexer.ts';
import { indexerOf } from './indexers.ts';

const [name = '', file = '', folder = ''] = process.argv.slice(2);
const entries = z.array(entry).parse(JSON.parse(await readFile(file, 'utf8')));
const indexer = await indexerOf(name);
process.send?.('ready');
process.send?.(await indexer.make(entries, folder));
const { compressing, paths } = await indexer.compress(folder);
process.send?.({ compressing, size: await bytesSent(paths) });
process.disconnect();

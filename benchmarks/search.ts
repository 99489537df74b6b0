// npm run bench:search [-- --sizes 100,1000,5000] [--queries 60]: measures what our search finds and what it costs, in
// comparison with plain Pagefind and with MiniSearch. All get the same queries on the same entries, in one browser
// (CHROME_PATH, or the browser of the tests), from the desk's server, which sends Brotli copies. Ours is the readers'
// search page: its script is counted, but not the page itself, its style and its photos. Only that page is rendered;
// the index is built from entries in the form that stories' pages would give. Plain Pagefind is used through its
// documented API, with titles and texts of the pages. MiniSearch has its index in one file, which contains titles but
// no texts to quote from.
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { launchChromium } from '../tests/browser/driving/chromium.ts';
import { makeEntries } from './entries.ts';
import { runIndexer } from './index-run.ts';
import { NAMES } from './indexers.ts';
import { installed } from './installed.ts';
import { MeteredServer } from './metered-server.ts';
import { publishPages } from './our-pages.ts';
import { makeQueries } from './queries.ts';
import { runQueries, type Contestant } from './search-trial.ts';
import { costliestQueries, kindTable, searchTable } from './search-table.ts';

/** Runs all measurements with `count` stories and writes all files into the folder `root`. Resolves to the tables. */
async function measure(count: number, queryCount: number, root: string): Promise<string> {
  const entries = makeEntries(count);
  const queries = makeQueries(entries, queryCount);
  const file = join(root, 'entries.json');
  await writeFile(file, JSON.stringify(entries));
  const contestants: Contestant[] = [];
  const notes: string[] = [];
  try {
    for (const [at, name] of NAMES.entries()) {
      const site = join(root, `site-${at}`);
      await mkdir(site);
      const own = name === NAMES[0];
      if (own) await publishPages(site, join(root, 'work'));
      const index = await runIndexer(name, file, site).catch((error: unknown) => {
        if (own) throw error;
        notes.push(`${name} takes no part: ${String(error)}`);
      });
      if (!index) continue;
      const server = await MeteredServer.open(site);
      contestants.push({ name, index, server, ask: own ? 'page' : 'function' });
    }
    const browser = await launchChromium();
    const answers = await runQueries(browser, contestants, queries).finally(async () => browser.close());
    const characters = entries.reduce((sum, { paragraphs }) => sum + paragraphs.join('').length, 0);
    const title = `${count.toLocaleString('en')} stories, ${(characters / 1e6).toFixed(2)} million characters, ${queryCount} queries`;
    const tables = [searchTable, kindTable, costliestQueries].map((table) => table(contestants, answers));
    return [title, ...tables, ...notes, ''].join('\n\n');
  } finally {
    for (const { server } of contestants) await server.close();
  }
}

const { values } = parseArgs({
  options: {
    sizes: { type: 'string', default: '100,1000,5000' },
    queries: { type: 'string', default: '60' },
  },
});
const root = await mkdtemp(join(tmpdir(), 'with-you-bench-'));
process.once('exit', () => rmSync(root, { recursive: true, force: true }));
process.once('SIGINT', () => process.exit(130));
const versions = await Promise.all(
  ['pagefind', 'minisearch'].map(async (name) => `${name} ${(await installed(name)).version}`),
);
const browser = await launchChromium();
const version = browser.version();
await browser.close();
console.log(
  `Node ${process.version}, Chromium ${version}, ${versions.join(', ')}, ${availableParallelism()} processors. Times are of this`,
);
console.log(
  'machine, without a network between; bytes are of answers as sent, headers included. “One more story”: Pagefind',
);
console.log('by itself indexes all again.\n');
for (const size of values.sizes.split(',').map(Number)) {
  const folder = join(root, String(size));
  await mkdir(folder);
  console.log(await measure(size, Number(values.queries), folder));
  await rm(folder, { recursive: true });
}

// npm run bench:publish [-- --sizes 100,1000 --runs 5 --peers hugo,eleventy,astro]: measures how long a change takes to
// be on the site's pages, with ours and other site generators, for each number of stories in `--sizes`.
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { astroSite } from './astro-site.ts';
import { takeTurns, type Contender } from './contender.ts';
import { makeStories, type Story } from './corpus.ts';
import { eleventy } from './eleventy.ts';
import { hugo } from './hugo.ts';
import { freshCommand, fullRender, LongLived, ROWS, type OurSite } from './ours.ts';
import type { Peer } from './peer.ts';
import { makePictures } from './pictures.ts';
import { ourTable, peerTable } from './table.ts';

/**
 * Number of picture files that all stories share. They are few, so that little is encoded, but enough that no file gets
 * more hard links than a file system permits.
 */
const PICTURES = 6;

const PEERS = new Map<string, (root: string, stories: readonly Story[]) => Promise<Peer | undefined>>([
  ['hugo', hugo],
  ['eleventy', eleventy],
  ['astro', astroSite],
]);

/** Returns our contenders and the peers alternately, so that other load on the machine affects both alike. */
function interleaved(ours: readonly Contender[], peers: readonly Contender[]): Contender[] {
  return Array.from({ length: Math.max(ours.length, peers.length) }).flatMap((_, at) => [
    ...ours.slice(at, at + 1),
    ...peers.slice(at, at + 1),
  ]);
}

/** Runs all measurements with `count` stories and writes all files into the folder `root`. Resolves to the tables. */
async function measure(count: number, runs: number, peerNames: readonly string[], root: string): Promise<string> {
  const pictureFolder = join(root, 'pictures');
  await mkdir(pictureFolder, { recursive: true });
  const pictures = await makePictures(pictureFolder, PICTURES);
  const stories = makeStories(count, pictures);
  const site: OurSite = { stories, pictures, pictureFolder, root };
  const notes: string[] = [];
  const peers: Peer[] = [];
  for (const name of peerNames) {
    const folder = join(root, `peer-${name}`);
    await mkdir(folder);
    const peer = await PEERS.get(name)?.(folder, stories);
    if (peer) peers.push(peer);
    else notes.push('Hugo is not on the PATH, so it is skipped. To install it: apt-get install hugo.');
  }
  const longLived = await LongLived.start(site);
  try {
    const ours = [longLived, await freshCommand(site), fullRender(site), longLived.indexing];
    const samples = [longLived.restart, ...(await takeTurns(interleaved(ours, peers), runs))];
    const title = `${count.toLocaleString('en')} stories, ${runs} rounds`;
    const ratios = { 'text edit': ROWS.text, 'npm run build': ROWS.fresh, 'full render': ROWS.full };
    const names = peers.map(({ name }) => name);
    return [
      title,
      '',
      ourTable(samples, Object.values(ROWS)),
      '',
      peerTable(samples, names, ratios),
      ...notes,
      '',
    ].join('\n');
  } finally {
    await longLived.end();
  }
}

const { values } = parseArgs({
  options: {
    sizes: { type: 'string', default: '100,1000,10000' },
    runs: { type: 'string', default: '5' },
    peers: { type: 'string', default: [...PEERS.keys()].join() },
  },
});
const peers = values.peers.split(',').filter((name) => name !== '');
const unknown = peers.filter((name) => !PEERS.has(name));
if (unknown.length > 0) throw new Error(`Unknown peers ${unknown.join()}: choose from ${[...PEERS.keys()].join()}.`);

const root = await mkdtemp(join(tmpdir(), 'with-you-bench-'));
process.once('exit', () => rmSync(root, { recursive: true, force: true }));
process.once('SIGINT', () => process.exit(130));
console.log(
  `Node ${process.version}, ${availableParallelism()} processors, milliseconds of wall time. What one machine takes says little;`,
);
console.log(
  'ratios do. Peers render text and lists without photos; ours renders the whole site. “npm run build” includes npm.\n',
);
for (const size of values.sizes.split(',').map(Number)) {
  const folder = join(root, String(size));
  await mkdir(folder);
  console.log(await measure(size, Number(values.runs), peers, folder));
  await rm(folder, { recursive: true });
}

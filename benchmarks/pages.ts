// npm run bench:pages [-- --runs 3 --only story]: pages of the sample site as Lighthouse sees them on a slow telephone,
// beside the same pages sent without compressed copies.
import { createServer } from 'node:net';
import { parseArgs } from 'node:util';
import { launchChromium } from '../tests/browser/chromium.ts';
import { pageKinds } from '../tests/browser/page-kinds.ts';
import { openSampleSite, type SampleSite } from '../tests/browser/site.ts';
import { CATEGORIES, lookAt, type Sight } from './lighthouse.ts';
import { median } from './table.ts';

const LOOKED_AT = ['home', 'stories', 'story', 'example', 'search', 'year'];

const { values } = parseArgs({
  options: { runs: { type: 'string', default: '3' }, only: { type: 'string', default: LOOKED_AT.join() } },
});
const names = values.only.split(',');
const unknown = names.filter((name) => !pageKinds.some(({ kind }) => kind === name));
if (unknown.length > 0) throw new Error(`Unknown pages ${unknown.join()}.`);
const kinds = pageKinds.filter(({ kind }) => names.includes(kind));

/** A port that nobody listens on. */
async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (typeof address !== 'object' || !address) throw new Error('No port is free.');
  return address.port;
}

/** A line of the table: of each number the middle one of all looks. */
function row(name: string, sights: readonly Sight[]): string {
  const middle = (of: (sight: Sight) => number): number => median(sights.map(of));
  const kilobytes = (of: (sight: Sight) => number): string => (middle(of) / 1000).toFixed(1);
  const cells = [
    ...CATEGORIES.map((_, at) => middle(({ scores }) => scores[at] ?? Number.NaN)),
    kilobytes(({ texts }) => texts),
    kilobytes(({ images }) => images),
    ...[middle(({ largestPaint }) => largestPaint), middle(({ blocking }) => blocking)].map(Math.round),
    middle(({ shift }) => shift).toFixed(3),
  ];
  return `| ${[name, ...cells].join(' | ')} |`;
}

const sites: [string, SampleSite][] = [
  ['ours', await openSampleSite({ compressed: true })],
  ['without copies', await openSampleSite()],
];
const port = await freePort();
const browser = await launchChromium({ port });
try {
  console.log(`| page | ${CATEGORIES.join(' | ')} | texts kB | photos kB | LCP ms | TBT ms | CLS |`);
  console.log(`|${'---|'.repeat(CATEGORIES.length + 6)}`);
  const remarks = new Map<string, string[]>();
  for (const { kind, pattern } of kinds) {
    const sights = sites.map((): Sight[] => []);
    for (let run = 0; run < Number(values.runs); run += 1) {
      for (const [at, [, site]] of sites.entries()) {
        sights[at]?.push(await lookAt(site.origin + site.address(pattern), port));
      }
    }
    for (const [at, [name]] of sites.entries()) {
      const looks = sights[at] ?? [];
      console.log(row(`${kind}, ${name}`, looks));
      if (at > 0) continue;
      const found = looks.flatMap(({ remarks, strangers }) => [...remarks, ...strangers.map((url) => `from ${url}`)]);
      // Of each kind one: the first look's.
      remarks.set(kind, [...new Map(found.toReversed().map((remark) => [remark.split(':')[0], remark])).values()]);
    }
  }
  console.log('\nWhat cost points or is remarked:\n');
  for (const [kind, found] of remarks) for (const remark of found) console.log(`${kind}: ${remark}`);
} finally {
  await browser.close();
  for (const [, site] of sites) await site.close();
}

// npm run bench:pages [-- --runs 3 --only story]: runs Lighthouse on pages of the sample site, as on a slow phone. For
// comparison, also measures the same pages without compressed copies, and a page of one line, which shows the cost of
// the machine itself.
import { createServer as createHttpServer, type Server } from 'node:http';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { PROJECT_ROOT } from '../src/render/compile/build-cache.ts';
import { launchChromium } from '../tests/browser/driving/chromium.ts';
import { pageKinds } from '../tests/browser/driving/page-kinds.ts';
import { publishSite, type OwnSite } from '../tests/fixtures/published-site.ts';
import { CATEGORIES, lookAt, type Sight } from './lighthouse.ts';
import { median } from './table.ts';

const SAMPLE = join(PROJECT_ROOT, 'content');
const DEFAULT_KINDS = ['home', 'stories', 'story', 'example', 'search', 'year'];

const { values } = parseArgs({
  options: { runs: { type: 'string', default: '3' }, only: { type: 'string', default: DEFAULT_KINDS.join() } },
});
const names = values.only.split(',');
const unknown = names.filter((name) => !pageKinds.some(({ kind }) => kind === name));
if (unknown.length > 0) throw new Error(`Unknown pages ${unknown.join()}.`);
const kinds = pageKinds.filter(({ kind }) => names.includes(kind));

/** Returns the URL of the root of a server on this machine. */
function addressOf(server: Server): string {
  const address = server.address();
  if (typeof address !== 'object' || !address) throw new Error('The server does not listen.');
  return `http://127.0.0.1:${address.port}/`;
}

/** Resolves to a port on which no server listens. */
async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (typeof address !== 'object' || !address) throw new Error('No port is free.');
  return address.port;
}

/** A page of one line with everything that Lighthouse expects of a page. */
const ONE_LINE = `<!doctype html><html lang="zh-CN"><head><meta charset="utf-8"><title>一行</title>
<meta name="viewport" content="width=device-width"><meta name="description" content="一行"></head>
<body><main><h1>一行</h1></main></body></html>`;

/**
 * Starts a server that responds with the page of one line to `/`, and with an empty response to other requests, such as
 * for an icon.
 */
async function serveOneLine(): Promise<Server> {
  const server = createHttpServer(({ url }, response) => {
    if (url !== '/') return void response.writeHead(204).end();
    response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' }).end(ONE_LINE);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return server;
}

/** Returns a row of the table with the median of each figure. */
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

const sites: [string, OwnSite][] = [
  ['ours', await publishSite(SAMPLE, { compressed: true })],
  ['without copies', await publishSite(SAMPLE)],
];
const oneLine = await serveOneLine();
const port = await freePort();
const browser = await launchChromium({ port });
try {
  console.log(`| page | ${CATEGORIES.join(' | ')} | texts kB | photos kB | LCP ms | TBT ms | CLS |`);
  console.log(`|${'---|'.repeat(CATEGORIES.length + 6)}`);
  const nothing: Sight[] = [];
  const remarks = new Map<string, string[]>();
  for (const { kind, pattern } of kinds) {
    const sights = sites.map((): Sight[] => []);
    for (let run = 0; run < Number(values.runs); run += 1) {
      nothing.push(await lookAt(addressOf(oneLine), port));
      for (const [at, [, site]] of sites.entries()) {
        sights[at]?.push(await lookAt(site.origin + site.address(pattern), port));
      }
    }
    for (const [at, [name]] of sites.entries()) {
      const looks = sights[at] ?? [];
      console.log(row(`${kind}, ${name}`, looks));
      if (at > 0) continue;
      const found = looks.flatMap(({ remarks, foreign }) => [...remarks, ...foreign.map((url) => `from ${url}`)]);
      // Keep one remark of each kind: that of the first run.
      remarks.set(kind, [...new Map(found.toReversed().map((remark) => [remark.split(':')[0], remark])).values()]);
    }
  }
  console.log(row('a page of one line', nothing));
  console.log('\nRemarks and lost points:\n');
  for (const [kind, found] of remarks) for (const remark of found) console.log(`${kind}: ${remark}`);
} finally {
  await browser.close();
  oneLine.close();
  for (const [, site] of sites) await site.close();
}

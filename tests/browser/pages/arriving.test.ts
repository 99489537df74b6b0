// The header of a page on a slow connection: the transfer may pause anywhere, and browsers show the part that arrived.
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import { expect } from 'vitest';
import { layoutShifts } from '../driving/layout-shifts.ts';
import { test } from '../driving/reader.ts';

/**
 * Time between two pieces of a page that the slow server sends, in milliseconds: longer than a frame of the browser (17
 * ms).
 */
const PAUSE = 25;
/** Matches the places at which a page is split into pieces: after an end tag, so that no word is split. */
const ENDS = /(?<=<\/(?:a|aside|button|div|form|h1|li|p|template)>)/u;

let slow: Server;
let origin: string;

/** Returns the HTML of a page before `<main` in pieces: everything before `<body`, then element after element. */
function pieces(page: string): string[] {
  const begin = page.indexOf('<body');
  return [page.slice(0, begin), ...page.slice(begin, page.indexOf('<main')).split(ENDS)];
}

test.beforeAll(async ({ site }) => {
  slow = createServer((request, response) => {
    void fetch(site.origin + request.url).then(async (answer) => {
      const type = answer.headers.get('content-type') ?? '';
      response.writeHead(answer.status, { 'content-type': type });
      if (type.startsWith('text/html')) {
        for (const piece of pieces(await answer.text())) {
          response.write(piece);
          await pause(PAUSE);
        }
        response.end();
      } else response.end(Buffer.from(await answer.arrayBuffer()));
    });
  }).listen(0, '127.0.0.1');
  await once(slow, 'listening');
  const address = slow.address();
  origin = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`;
});

test.afterAll(() => {
  slow?.close();
});

const addresses = ['/', '/units/', '/search/'];
const widths = [360, 600, 768, 1440];

test.for(addresses.flatMap((address) => widths.map((width) => ({ address, width }))))(
  'Content that arrives later moves nothing already shown: $address, $width pixels',
  async ({ address, width }, { page }) => {
    await page.setViewportSize({ width, height: 800 });
    await page.goto(origin + address);
    expect(await page.locator('header nav li').count()).toBe(8);
    expect(await layoutShifts(page)).toEqual({ count: 0, sum: 0 });
  },
);

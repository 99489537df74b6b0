import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { FixtureContent } from '../fixtures/content.ts';
import { bundle, differences, renderFromNothing, SiteFolder } from '../fixtures/desk/publishing.ts';
import { Random } from '../fixtures/random.ts';
import { Town } from '../fixtures/town.ts';
import { seedOf, sized } from '../run-size.ts';

const KILLS = sized({ usual: 3, long: 10 });
const FRESH_PROCESS = fileURLToPath(new URL('./fresh-process.ts', import.meta.url));

const random = new Random(seedOf('killed while rendering', 11));
const content = new FixtureContent();
const site = new SiteFolder();
/**
 * A town of only 40 stories. So few are enough: every page shows the change that is made before a kill, so rendering
 * takes long enough for the kill to hit it.
 */
const town = new Town(content, random, 40);

/**
 * Publishes in a separate process and kills it after `pages` pages. Resolves to the signal that ended the process, or
 * to null.
 */
async function publishUntil(pages: number): Promise<NodeJS.Signals | null> {
  const args = [FRESH_PROCESS, content.root, site.root, site.encoded, JSON.stringify(bundle)];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  child.stdout.setEncoding('utf8').on('data', (lines: string) => {
    if (Number(lines.trimEnd().split('\n').at(-1)) >= pages) child.kill('SIGKILL');
  });
  return new Promise((resolve) => child.on('close', (_code, signal) => resolve(signal)));
}

beforeAll(async () => {
  await publishUntil(Infinity);
});

afterAll(() => {
  for (const folder of [content, site]) folder.dispose();
});

test(`A site killed ${KILLS} times while rendering equals one rendered from nothing after each restart`, async () => {
  let killed = 0;
  for (let kill = 0; kill < KILLS; kill += 1) {
    for (let n = 0; n < 3; n += 1) town.change();
    // Every page shows this change, so rendering takes long enough to be killed.
    content.edit('site.yml', /^organiser: .*$/mu, `organiser: 主办 ${kill}`);
    if ((await publishUntil(random.between(1, 90))) === 'SIGKILL') killed += 1;
    // For every third kill the change is undone before the restart: the files of the output are then newer than the
    // journal.
    if (kill % 3 === 0) content.edit('site.yml', /^organiser: .*$/mu, `organiser: 主办 ${kill - 1}`);
    expect(await publishUntil(Infinity)).toBeNull();
    const oracle = await renderFromNothing(content, site.encoded);
    expect(differences(oracle.output, site.output), `after kill ${kill}`).toEqual([]);
    oracle.dispose();
  }
  expect(killed, 'the kills hit').toBeGreaterThan(KILLS / 2);
}, 3_600_000);

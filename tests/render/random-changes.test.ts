import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Publisher } from '../../src/render/publisher.ts';
import { FixtureContent } from '../fixtures/content.ts';
import { bundle, differences, renderFromNothing, SiteFolder } from '../fixtures/publishing.ts';
import { Random } from '../fixtures/random.ts';
import { Town } from '../fixtures/town.ts';

/** Change sets; each of 1 to 5 changes. RANDOM_SEED repeats a run, RANDOM_SETS shortens it while one works on it. */
const SETS = Number(process.env['RANDOM_SETS'] ?? 200);
const SEED = Number(process.env['RANDOM_SEED'] ?? 7);
const FRESH_PROCESS = fileURLToPath(new URL('./fresh-process.ts', import.meta.url));

const random = new Random(SEED);
const content = new FixtureContent();
const lasting = new SiteFolder();
const fresh = new SiteFolder(lasting.encoded);
const town = new Town(content, random);
let host: Publisher;

/** Publishes with nothing in memory; a process of its own costs a second, so most times a host opened anew. */
async function publishFreshly(inProcessOfItsOwn: boolean): Promise<void> {
  if (inProcessOfItsOwn) {
    const args = [FRESH_PROCESS, content.root, fresh.root, fresh.encoded, JSON.stringify(bundle)];
    await promisify(execFile)(process.execPath, args, { maxBuffer: 2 ** 26 });
    return;
  }
  const publisher = await fresh.open(content);
  const { faults } = await publisher.publish();
  await publisher.close();
  expect(faults).toEqual([]);
}

beforeAll(async () => {
  host = await lasting.open(content);
  await host.publish();
  await publishFreshly(true);
});

afterAll(async () => {
  await host.close();
  for (const folder of [content, lasting, fresh]) folder.dispose();
});

test(`${SETS} random change sets: long-lived host, fresh process and full render are byte-identical after each`, async () => {
  let renderedByHost = 0;
  for (let set = 1; set <= SETS; set += 1) {
    const count = random.next() < 0.7 ? 1 : random.between(2, 5);
    const changes = Array.from({ length: count }, () => town.change());
    const label = `seed ${SEED}, set ${set}: ${changes.map(({ name }) => name).join(', ')}`;
    // Copies that were made before a change must not outlive it: `differences` looks.
    if (set % 5 === 1) await host.compressPages('gzip');
    const published = await host.publish(changes.flatMap(({ paths }) => paths));
    expect(published.faults, label).toEqual([]);
    renderedByHost += published.rendered;
    await publishFreshly(set % 10 === 0);
    const oracle = await renderFromNothing(content, lasting.encoded);
    expect(differences(oracle.output, lasting.output), `host: ${label}`).toEqual([]);
    expect(differences(oracle.output, fresh.output), `fresh process: ${label}`).toEqual([]);
    oracle.dispose();
  }
  // Rendering everything each time would pass the comparisons: it must not be what happens.
  expect(renderedByHost / SETS).toBeLessThan(150);
}, 3_600_000);

import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, onTestFinished, test } from 'vitest';
import { FixtureContent } from '../fixtures/content.ts';
import { bundle, differences, renderFromNothing, SiteFolder } from '../fixtures/desk/publishing.ts';
import { Random } from '../fixtures/random.ts';
import { Town } from '../fixtures/town.ts';
import { seedsOf, sized } from '../run-size.ts';

/** Number of sets of 1 to 5 changes. */
const SETS = sized({ usual: 10, long: 200 });
/** Number of sets between two comparisons of the site with a site that is rendered from nothing. */
const FULL_EVERY = 4;
const FRESH_PROCESS = fileURLToPath(new URL('./fresh-process.ts', import.meta.url));

/**
 * Two sites with the content of the same town. `lasting` has one publisher, which stays open. `fresh` gets a new
 * publisher each time that it is published; the memory of a new publisher is empty.
 */
class TwoSites {
  readonly content = new FixtureContent();
  readonly lasting = new SiteFolder();
  readonly fresh = new SiteFolder(this.lasting.encoded);
  readonly town: Town;

  constructor(random: Random) {
    this.town = new Town(this.content, random);
  }

  /**
   * Publishes `fresh` with a new publisher, whose memory is empty. `inNewProcess`: whether this publisher runs in a new
   * process. A new process takes a second, so most calls use this process.
   */
  async publishFreshly(inNewProcess: boolean): Promise<void> {
    const { content, fresh } = this;
    if (inNewProcess) {
      const args = [FRESH_PROCESS, content.root, fresh.root, fresh.encoded, JSON.stringify(bundle)];
      await promisify(execFile)(process.execPath, args, { maxBuffer: 2 ** 26 });
      return;
    }
    const publisher = await fresh.open(content);
    const { faults } = await publisher.publish();
    await publisher.close();
    expect(faults).toEqual([]);
  }

  dispose(): void {
    for (const folder of [this.content, this.lasting, this.fresh]) folder.dispose();
  }
}

test.each(seedsOf('random changes', 7))(
  `After each of ${SETS} random change sets a long-lived publisher, a fresh one and a full render agree (seed %i)`,
  async (seed) => {
    const random = new Random(seed);
    const sites = new TwoSites(random);
    const { content, lasting, fresh, town } = sites;
    onTestFinished(() => sites.dispose());
    const host = await lasting.open(content);
    onTestFinished(() => host.close());
    await host.publish();
    await sites.publishFreshly(true);
    let renderedByHost = 0;
    for (let set = 1; set <= SETS; set += 1) {
      const count = random.next() < 0.7 ? 1 : random.between(2, 5);
      const changes = Array.from({ length: count }, () => town.change());
      const label = `seed ${seed}, set ${set}: ${changes.map(({ name }) => name).join(', ')}`;
      // Makes compressed copies: after a change `differences` must find no outdated copy.
      if (set % 5 === 1) await host.compressPages('gzip');
      const published = await host.publish(changes.flatMap(({ paths }) => paths));
      expect(published.faults, label).toEqual([]);
      renderedByHost += published.rendered;
      await sites.publishFreshly(set % 10 === 0);
      expect(differences(lasting.output, fresh.output), `host and fresh process: ${label}`).toEqual([]);
      if (set % FULL_EVERY !== 0 && set !== SETS) continue;
      const oracle = await renderFromNothing(content, lasting.encoded);
      expect(differences(oracle.output, lasting.output), `full render: ${label}`).toEqual([]);
      oracle.dispose();
    }
    // This expectation is needed because the comparisons would also pass if every publish rendered every page.
    expect(renderedByHost / SETS).toBeLessThan(150);
  },
  3_600_000,
);

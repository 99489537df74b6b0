import { afterAll, expect, test } from 'vitest';
import { KilledDesk } from '../../fixtures/desk/killed-desk.ts';
import { seedOf, sized } from '../../run-size.ts';

const KILLS = sized({ usual: 5, long: 20 });
const WRITERS = 20;

const desk = new KilledDesk(seedOf('killed desk', 5));

afterAll(() => desk.dispose());

test(`killed ${KILLS} times while ${WRITERS} save and publish: nothing acknowledged is lost, nothing is half there`, async () => {
  for (let kill = 0; kill < KILLS; kill += 1) await desk.kill(WRITERS);
  await desk.check();
  const { kills, saves, publications, lost } = desk.counts;
  process.stdout.write(
    `${kills} kills, ${saves} saves and ${publications} publications acknowledged, lost ${lost.length}\n`,
  );
  expect(lost).toEqual([]);
  expect(saves, 'there was something acknowledged to lose').toBeGreaterThanOrEqual(KILLS);
}, 3_600_000);

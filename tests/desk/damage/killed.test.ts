import { afterAll, expect, test } from 'vitest';
import { KilledDesk } from '../../fixtures/desk/killed-desk.ts';
import { seedOf, sized } from '../../run-size.ts';

const KILLS = sized({ usual: 3, long: 20 });
const WRITERS = 20;

const desk = new KilledDesk(seedOf('killed desk', 5));

afterAll(() => desk.dispose());

test(`Nothing acknowledged is lost or incomplete after ${KILLS} kills while ${WRITERS} people save and publish`, async () => {
  for (let kill = 0; kill < KILLS; kill += 1) await desk.kill(WRITERS);
  await desk.check();
  const { kills, saves, publications, lost } = desk.counts;
  process.stdout.write(
    `${kills} kills, ${saves} saves and ${publications} publications acknowledged, lost ${lost.length}\n`,
  );
  expect(lost).toEqual([]);
  expect(saves, 'saves that could have been lost').toBeGreaterThanOrEqual(KILLS);
}, 3_600_000);

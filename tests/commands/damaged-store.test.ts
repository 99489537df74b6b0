// A damaged data folder: what the start, readers, /healthz and a backup make of it. All cases: damaged-store.long.test.ts.
import { afterAll, beforeAll, test } from 'vitest';
import { damageCases } from '../fixtures/damage/damage-cases.ts';
import { DamageTrial } from '../fixtures/damage/damage-trial.ts';

const trial = new DamageTrial();
beforeAll(async () => trial.prepare());
afterAll(() => trial.dispose());

test.each(damageCases.filter(({ telling }) => telling))('$name: $outcome', async (one) => trial.try(one));

// How the start, readers, /healthz and a backup react to a damaged data folder. Other cases:
// damaged-store.long.test.ts.
import { afterAll, beforeAll, test } from 'vitest';
import { damageCases } from '../fixtures/damage/damage-cases.ts';
import { DamageTrial } from '../fixtures/damage/damage-trial.ts';

const trial = new DamageTrial();
beforeAll(async () => trial.prepare());
afterAll(() => trial.dispose());

test.each(damageCases.filter(({ everyRun }) => everyRun))('$name: $outcome', async (one) => trial.try(one));

// What `npm start`, readers, /healthz and `npm run backup` do with a damaged data folder. The long run tests more
// cases: damaged-store.long.test.ts.
import { afterAll, beforeAll, test } from 'vitest';
import { damageCases } from '../fixtures/damage/damage-cases.ts';
import { DamageTrial } from '../fixtures/damage/damage-trial.ts';

const trial = new DamageTrial();
beforeAll(async () => trial.prepare());
afterAll(() => trial.dispose());

test.each(damageCases.filter(({ everyRun }) => everyRun))('$name: $outcome', async (one) => trial.try(one));

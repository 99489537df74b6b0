// Cases of a damaged data folder that only the long run tests: those that damaged-store.test.ts leaves out.
import { afterAll, beforeAll, test } from 'vitest';
import { damageCases } from '../fixtures/damage/damage-cases.ts';
import { DamageTrial } from '../fixtures/damage/damage-trial.ts';

const trial = new DamageTrial();
beforeAll(async () => trial.prepare());
afterAll(() => trial.dispose());

test.each(damageCases.filter(({ everyRun }) => !everyRun))('$name: $outcome', async (one) => trial.try(one));

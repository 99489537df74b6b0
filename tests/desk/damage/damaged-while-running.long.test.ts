// Cases of damage to a running desk that only the long run tests: those that damaged-while-running.test.ts leaves out.
import { test } from 'vitest';
import { runningDamages, tryWhileRunning } from '../../fixtures/damage/running-damage.ts';

test.each(runningDamages.filter(({ everyRun }) => !everyRun))('$name', async (one) => tryWhileRunning(one));

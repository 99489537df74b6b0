// What readers, editors and /healthz get from a running desk whose data are damaged. The long run tests more cases:
// damaged-while-running.long.test.ts.
import { test } from 'vitest';
import { runningDamages, tryWhileRunning } from '../../fixtures/damage/running-damage.ts';

test.each(runningDamages.filter(({ everyRun }) => everyRun))('$name', async (one) => tryWhileRunning(one));

// Every damage that damaged-while-running.test.ts does not try.
import { test } from 'vitest';
import { runningDamages, tryWhileRunning } from '../../fixtures/damage/running-damage.ts';

test.each(runningDamages.filter(({ telling }) => !telling))('$name', async (one) => tryWhileRunning(one));

// Damage that happens while the desk runs: what readers, editors and /healthz are answered. All cases: the long run.
import { test } from 'vitest';
import { runningDamages, tryWhileRunning } from '../../fixtures/damage/running-damage.ts';

test.each(runningDamages.filter(({ telling }) => telling))('$name', async (one) => tryWhileRunning(one));

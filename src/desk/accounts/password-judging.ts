// A thread of its own that judges passwords, so that readers do not wait meanwhile. Started by password-judge.ts.
import { parentPort } from 'node:worker_threads';
import { z } from 'zod';
import { passwordFault } from './password-policy.ts';

const question = z.object({ serial: z.number(), password: z.string(), own: z.array(z.string()) });

parentPort?.on('message', (message) => {
  const { serial, password, own } = question.parse(message);
  parentPort?.postMessage({ serial, fault: passwordFault(password, own) });
});

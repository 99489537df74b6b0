// Worker thread that judges passwords, so that the server goes on answering. Started by password-strength.ts.
import { parentPort } from 'node:worker_threads';
import { z } from 'zod';
import { passwordFault } from './password-policy.ts';

const job = z.object({ serial: z.number(), password: z.string(), own: z.array(z.string()) });

parentPort?.on('message', (message) => {
  const { serial, password, own } = job.parse(message);
  parentPort?.postMessage({ serial, fault: passwordFault(password, own) });
});

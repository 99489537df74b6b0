// Worker thread that checks passwords, so that the server's thread can handle requests meanwhile. Started by
// password-strength.ts.
import { parentPort } from 'node:worker_threads';
import { z } from 'zod';
import { passwordFault } from './password-policy.ts';

const job = z.object({ serial: z.number(), password: z.string(), own: z.array(z.string()) });

parentPort?.on('message', (message) => {
  const { serial, password, own } = job.parse(message);
  parentPort?.postMessage({ serial, fault: passwordFault(password, own) });
});

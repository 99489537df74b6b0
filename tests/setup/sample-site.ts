// Publishes the sample content once for all test files, which only read it.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { TestProject } from 'vitest/node';
import { z } from 'zod';
import type { PublishedSite } from '../fixtures/published-site.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** The site of content/, with search index, without compressed copies and posters. */
    sampleSite: PublishedSite;
  }
}

const HOST = fileURLToPath(new URL('../fixtures/sample-site-host.ts', import.meta.url));
const published = z.object({ origin: z.string(), output: z.string(), addresses: z.array(z.string()) });

/** Publishes the sample site unless another project of this run has published it; returns a function that closes it. */
export default async function setUp({ vitest }: TestProject): Promise<(() => Promise<void>) | undefined> {
  const root = vitest.getRootProject();
  if ('sampleSite' in root.getProvidedContext()) return undefined;
  // In a separate process, so that it serves while this one talks to the workers.
  const host = fork(HOST, { execArgv: [] });
  const ended = once(host, 'exit');
  const message: unknown = await Promise.race([
    once(host, 'message').then(([first]: unknown[]) => first),
    ended.then(() => Promise.reject(new Error('The sample site could not be published: see above.'))),
  ]);
  root.provide('sampleSite', published.parse(message));
  return async () => {
    host.disconnect();
    await ended;
  };
}

// Publishes the sample content once for all test files. They only read the site.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { TestProject } from 'vitest/node';
import { z } from 'zod';
import type { PublishedSite } from '../fixtures/published-site.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /**
     * The published site of content/: with search index, but without compressed copies of pages and without posters.
     */
    sampleSite: PublishedSite;
  }
}

const HOST = fileURLToPath(new URL('../fixtures/sample-site-host.ts', import.meta.url));
const published = z.object({ origin: z.string(), output: z.string(), addresses: z.array(z.string()) });

/**
 * Publishes the sample site and provides its data. Resolves to a function that closes the site, or to undefined if
 * another project of this run has already published it. @throws Error if the child process exits before the site is
 * published.
 */
export default async function setUp({ vitest }: TestProject): Promise<(() => Promise<void>) | undefined> {
  const root = vitest.getRootProject();
  if ('sampleSite' in root.getProvidedContext()) return undefined;
  // The site's server runs in a separate process, so that it responds while this process is busy with Vitest's workers.
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

// Starts the browser once for all test files; each file connects to it and opens its own contexts.
import { chromium } from 'playwright-core';
import type { TestProject } from 'vitest/node';
import { chromiumOptions } from '../browser/driving/chromium.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** WebSocket address of the running Chromium, for `chromium.connect`. */
    chromium: string;
  }
}

/** Starts Chromium unless another project of this run has started it; returns a function that closes it. */
export default async function setUp({ vitest }: TestProject): Promise<(() => Promise<void>) | undefined> {
  const root = vitest.getRootProject();
  if ('chromium' in root.getProvidedContext()) return undefined;
  const server = await chromium.launchServer({ ...chromiumOptions(), host: '127.0.0.1' });
  root.provide('chromium', server.wsEndpoint());
  return async () => server.close();
}

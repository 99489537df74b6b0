// Starts one Chromium for all test files. Each file connects to it and opens browser contexts that only this file uses.
import { chromium } from 'playwright-core';
import type { TestProject } from 'vitest/node';
import { chromiumOptions } from '../browser/driving/chromium.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** WebSocket URL of the running Chromium, for `chromium.connect`. */
    chromium: string;
  }
}

/**
 * Starts Chromium and provides its URL. Resolves to a function that closes Chromium, or to undefined if another project
 * of this run has already started it.
 */
export default async function setUp({ vitest }: TestProject): Promise<(() => Promise<void>) | undefined> {
  const root = vitest.getRootProject();
  if ('chromium' in root.getProvidedContext()) return undefined;
  const server = await chromium.launchServer({ ...chromiumOptions(), host: '127.0.0.1' });
  root.provide('chromium', server.wsEndpoint());
  return async () => server.close();
}

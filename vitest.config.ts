import { defineConfig } from 'vitest/config';
import { LongestFirst } from './tests/longest-first.ts';

export default defineConfig({
  test: {
    include: ['tests/**/*.test.ts'],
    // Tests build real sites, run real processes and drive a real browser.
    testTimeout: 120_000,
    hookTimeout: 300_000,
    // As long as a busy machine needs; a second, as usual, is not enough.
    expect: { poll: { timeout: 30_000 } },
    // Two cores: more files at once only wait for one another.
    maxWorkers: 2,
    sequence: { sequencer: LongestFirst },
  },
});

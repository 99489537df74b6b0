import { defineConfig } from 'vitest/config';
import { LongestFirst } from './tests/longest-first.ts';
import { project } from './tests/projects.ts';

export default defineConfig({
  test: {
    // In milliseconds. Tests build real sites, run real processes and use a real browser.
    testTimeout: 300_000,
    hookTimeout: 600_000,
    // In milliseconds. Vitest's default of 1 s is too short on a busy machine.
    expect: { poll: { timeout: 120_000 } },
    // One more than the two cores of the smallest machine, because test files also wait for browsers and disks.
    maxWorkers: 3,
    sequence: { sequencer: LongestFirst },
    projects: [
      project('unit', ['unit', 'cms', 'library'], ['compiled-pages']),
      project('site', ['site', 'render'], ['compiled-pages', 'sample-site', 'chromium']),
      project('desk', ['desk', 'commands'], ['compiled-pages', 'prepared-desk']),
      project(
        'browser',
        ['browser'],
        ['compiled-pages', 'compiled-editor', 'prepared-desk', 'sample-site', 'chromium'],
      ),
    ],
  },
});

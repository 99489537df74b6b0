import { join } from 'node:path';
import { PROJECT_ROOT } from '../../src/render/compile/build-cache.ts';
import { compile } from '../../src/render/compile/compile.ts';

/**
 * Compiles the pages into .cache/bundle before any test file starts, because files that run in parallel would all
 * compile them.
 */
export default async function setup(): Promise<void> {
  const before = process.env['NODE_ENV'];
  await compile(join(PROJECT_ROOT, '.cache/bundle'));
  // Compiling sets NODE_ENV to `production`. The tests need the value that Vitest has set.
  if (before === undefined) delete process.env['NODE_ENV'];
  else process.env['NODE_ENV'] = before;
}

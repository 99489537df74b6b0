import { join } from 'node:path';
import { PROJECT_ROOT } from '../../src/render/compile/build-cache.ts';
import { compile } from '../../src/render/compile/compile.ts';

/** Compiles the pages once, before test files that run in parallel need them. */
export default async function setup(): Promise<void> {
  const before = process.env['NODE_ENV'];
  await compile(join(PROJECT_ROOT, '.cache/bundle'));
  // Compiling sets NODE_ENV to production; the tests keep Vitest's value.
  if (before === undefined) delete process.env['NODE_ENV'];
  else process.env['NODE_ENV'] = before;
}

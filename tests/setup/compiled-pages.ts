import { join } from 'node:path';
import { PROJECT_ROOT } from '../../src/render/compile/build-cache.ts';
import { compile } from '../../src/render/compile/compile.ts';

/** Compiles the pages once, before the files that publish sites ask for them side by side. */
export default async function setup(): Promise<void> {
  const before = process.env['NODE_ENV'];
  await compile(join(PROJECT_ROOT, '.cache/bundle'));
  // Compiling sets it for readers; tests run as Vitest sets it.
  if (before === undefined) delete process.env['NODE_ENV'];
  else process.env['NODE_ENV'] = before;
}

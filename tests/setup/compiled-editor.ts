import { join } from 'node:path';
import { editorBundle } from '../../src/desk/api/editor-bundle.ts';
import { PROJECT_ROOT } from '../../src/render/compile/build-cache.ts';

/** Builds the editor once, before test files that run in parallel need it. */
export default async function setup(): Promise<void> {
  await editorBundle(join(PROJECT_ROOT, '.cache/admin'));
}

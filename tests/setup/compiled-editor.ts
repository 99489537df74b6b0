import { join } from 'node:path';
import { editorBundle } from '../../src/desk/api/editor-bundle.ts';
import { PROJECT_ROOT } from '../../src/render/compile/build-cache.ts';

/**
 * Builds the editor into .cache/admin before any test file starts, because files that run in parallel would all build
 * it.
 */
export default async function setup(): Promise<void> {
  await editorBundle(join(PROJECT_ROOT, '.cache/admin'));
}

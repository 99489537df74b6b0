import { join } from 'node:path';
import type { Plugin } from 'vite';
import { PROJECT_ROOT } from '../../render/compile/build-cache.ts';

const PANE = './EditorControlPane/EditorControlPane';
const IMPORTER = /decap-cms-core[\\/]dist[\\/]esm[\\/]components[\\/]Editor[\\/]EditorInterface\.js$/u;

/**
 * Returns the plugin that replaces Decap's pane of controls by the form (src/cms/form/form.ts): Decap has no
 * setting for the layout of a form. The build fails if Decap no longer imports the pane in the same way.
 */
export function formInDecap(): Plugin {
  let replaced = false;
  return {
    name: 'form-in-decap',
    enforce: 'pre',
    resolveId(source, importer) {
      if (source !== PANE || importer === undefined || !IMPORTER.test(importer)) return undefined;
      replaced = true;
      return join(PROJECT_ROOT, 'src/cms/form/form.ts');
    },
    buildEnd(error) {
      if (!error && !replaced) throw new Error('decap-cms-core no longer imports its pane of controls as expected.');
    },
  };
}

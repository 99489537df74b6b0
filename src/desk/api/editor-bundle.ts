import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, constants } from 'node:zlib';
import { builtOnce, PROJECT_ROOT, versionOfCode } from '../../render/compile/build-cache.ts';
import { EDITORS_BROWSERS } from '../../render/compile/promised-browsers.ts';

/** 11, the best, takes three times as long (measured: 12 s) for 9 % fewer bytes. */
const BROTLI_QUALITY = 9;

/** What the editor is made of, below the checkout. */
const CODE = [
  'src/cms',
  'src/model',
  'src/text',
  'src/photo',
  'src/search',
  'src/desk/api/editor-bundle.ts',
  'src/render/compile/promised-browsers.ts',
  'package-lock.json',
];

/** Puts a Brotli copy beside every file: the editor is large and comes over slow lines. */
async function compressAll(folder: string): Promise<void> {
  const compress = promisify(brotliCompress);
  for (const name of await readdir(folder)) {
    const content = await readFile(join(folder, name));
    const params = { [constants.BROTLI_PARAM_QUALITY]: BROTLI_QUALITY };
    await writeFile(join(folder, `${name}.br`), await compress(content, { params }));
  }
}

/**
 * The folder with the editor of this code version, built below `folder` unless it is there: `admin.html`, to be
 * answered at `/admin/`, and `assets/`, whose files change their names with their content. Older ones are removed.
 */
export async function editorBundle(folder: string): Promise<string> {
  return builtOnce(folder, await versionOfCode(CODE), async (outDir) => {
    const { build } = await import('vite');
    await build({
      configFile: false,
      root: join(PROJECT_ROOT, 'src/cms'),
      base: '/admin/',
      mode: 'production',
      logLevel: 'error',
      publicDir: false,
      // Else what NODE_ENV happens to be here would decide which editor is built.
      define: { 'process.env.NODE_ENV': JSON.stringify('production') },
      // A file of its own, which the policy of the editor's page lets run, with the imports of a module.
      worker: { format: 'es' },
      resolve: { conditions: ['module', 'browser', 'production'] },
      build: {
        outDir,
        emptyOutDir: true,
        target: EDITORS_BROWSERS,
        chunkSizeWarningLimit: 4000,
        rolldownOptions: { input: join(PROJECT_ROOT, 'src/cms/admin.html') },
      },
    });
    await compressAll(join(outDir, 'assets'));
  });
}

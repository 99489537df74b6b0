import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, constants } from 'node:zlib';
import { builtOnce, PROJECT_ROOT, versionOfCode } from '../../render/compile/build-cache.ts';
import { EDITORS_BROWSERS } from '../../render/compile/promised-browsers.ts';

/** Quality 11, the best, takes three times as long (measured: 12 s) for 9 % fewer bytes. */
const BROTLI_QUALITY = 9;

/** The files that the editor's bundle depends on, below the project's root. */
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

/** Writes a Brotli copy beside every file: the editor is large and is loaded over slow lines. */
async function compressAll(folder: string): Promise<void> {
  const compress = promisify(brotliCompress);
  for (const name of await readdir(folder)) {
    const content = await readFile(join(folder, name));
    const params = { [constants.BROTLI_PARAM_QUALITY]: BROTLI_QUALITY };
    await writeFile(join(folder, `${name}.br`), await compress(content, { params }));
  }
}

/**
 * Builds the editor of this code version below `folder`, unless it is there, and removes older versions.
 * @returns the folder with `admin.html`, which is served at `/admin/`, and `assets/`, whose file names change with their
 * content.
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
      // Without this the environment's NODE_ENV would decide which editor is built.
      define: { 'process.env.NODE_ENV': JSON.stringify('production') },
      // A separate file, which the policy of the editor's page allows, with a module's imports.
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

// The program that builds the editor into the folder that it is given (runBuild).
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, constants } from 'node:zlib';
import { PROJECT_ROOT } from '../../render/compile/build-cache.ts';
import { buildHere } from '../../render/compile/build-process.ts';
import { EDITORS_BROWSERS } from '../../render/compile/promised-browsers.ts';
import { formInDecap } from './form-in-decap.ts';

/**
 * Quality of the Brotli compression. The best quality, 11, takes three times as long (measured: 12 s) for 9 % fewer
 * bytes.
 */
const BROTLI_QUALITY = 9;

/**
 * Writes a Brotli copy (`.br`) beside every file of a folder, because the editor is large and is loaded over slow
 * lines.
 */
async function compressAll(folder: string): Promise<void> {
  const compress = promisify(brotliCompress);
  for (const name of await readdir(folder)) {
    const content = await readFile(join(folder, name));
    const params = { [constants.BROTLI_PARAM_QUALITY]: BROTLI_QUALITY };
    await writeFile(join(folder, `${name}.br`), await compress(content, { params }));
  }
}

await buildHere(async (outDir) => {
  const { build } = await import('vite');
  await build({
    configFile: false,
    plugins: [formInDecap()],
    root: join(PROJECT_ROOT, 'src/cms'),
    base: '/admin/',
    mode: 'production',
    logLevel: 'error',
    publicDir: false,
    // Otherwise the environment variable NODE_ENV would decide whether the editor contains development code.
    define: { 'process.env.NODE_ENV': JSON.stringify('production') },
    // Builds each worker as a separate file that can import modules. The policy of the editor's page allows such
    // files.
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

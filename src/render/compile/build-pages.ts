// The program that compiles the pages with Astro into the folder that it is given (runBuild).
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { AstroIntegration } from 'astro';
import { loadAstro } from './astro.ts';
import { PROJECT_ROOT } from './build-cache.ts';
import { buildHere } from './build-process.ts';
import { CLIENT } from './compile.ts';
import { compressFolder } from '../output/compression.ts';

/** Returns an Astro adapter whose server is a module that exports the app, so that Renderer can call the app. */
function hostAdapter(): AstroIntegration {
  return {
    name: 'host',
    hooks: {
      'astro:config:done': ({ setAdapter }) => {
        setAdapter({
          name: 'host',
          entrypointResolution: 'auto',
          serverEntrypoint: new URL('src/astro-app.ts', pathToFileURL(PROJECT_ROOT)),
          adapterFeatures: { buildOutput: 'server' },
          supportedAstroFeatures: {
            serverOutput: 'stable',
            staticOutput: 'stable',
            hybridOutput: 'stable',
            sharpImageService: 'stable',
          },
        });
      },
    },
  };
}

await buildHere(async (outDir) => {
  const { build } = await loadAstro();
  // Astro keeps an existing NODE_ENV; a site is always built for production.
  process.env['NODE_ENV'] = 'production';
  await build({
    root: PROJECT_ROOT,
    outDir,
    output: 'server',
    adapter: hostAdapter(),
    logLevel: 'error',
    // The default is in node_modules, which may be read-only for a running site.
    cacheDir: join(outDir, 'cache/astro'),
    vite: { ssr: { noExternal: true }, logLevel: 'error', cacheDir: join(outDir, 'cache/vite') },
  });
  await compressFolder(join(outDir, CLIENT));
});

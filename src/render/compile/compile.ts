import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { AstroIntegration } from 'astro';
import { loadAstro } from './astro.ts';
import { builtOnce, PROJECT_ROOT, versionOfCode } from './build-cache.ts';
import { compressFolder } from '../output/compression.ts';

/** Files and folders of the checkout from which the pages are compiled. */
const CODE = ['src', 'public', 'content/pages', 'astro.config.mjs', 'package-lock.json'];
/** Name of the folder into which Astro writes the files for readers. */
const CLIENT = 'client';
/** Matches the paths of files whose code is in no page. */
const APART = /^src\/(?:commands|desk|cms|poster)\//u;

/** Resolves to a key for the code that makes the pages. If the key changes, every page is rendered again. */
async function codeVersion(): Promise<string> {
  return versionOfCode(CODE, APART);
}

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

/** The compiled code of the pages, in one version. */
export interface Bundle {
  version: string;
  /** Path of the module that exports the app. */
  entry: string;
  /** Folder of the scripts, styles and public files to which pages refer. */
  client: string;
}

/**
 * Resolves to the bundle of the current code version. Compiles it below `folder` if it does not exist there, and
 * removes bundles of other versions. The bundle contains all packages, so the folder may be anywhere. Rejects with the
 * compiler's error.
 */
export async function compile(folder: string): Promise<Bundle> {
  const version = await codeVersion();
  const target = await builtOnce(folder, version, async (outDir) => {
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
  return { version, entry: join(target, 'server/entry.mjs'), client: join(target, CLIENT) };
}

import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { AstroIntegration } from 'astro';
import { loadAstro } from './astro.ts';
import { builtOnce, PROJECT_ROOT, versionOfCode } from './build-cache.ts';
import { compressFolder } from '../output/compression.ts';

/** What the pages are compiled from, below the checkout. */
const CODE = ['src', 'public', 'content/pages', 'astro.config.mjs', 'package-lock.json'];
/** The folder into which Astro writes the files for readers. */
const CLIENT = 'client';
/** Folders whose code is in no page. */
const APART = /^src\/(?:commands|desk|cms|poster)\//u;

/** Returns a key for the code that makes the pages. If it changes, every page is rendered again. */
export async function codeVersion(): Promise<string> {
  return versionOfCode(CODE, APART);
}

/** An Astro adapter whose server is a module that exports the app; the host calls it. */
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

/** A compiled version of the code. */
export interface Bundle {
  version: string;
  /** The module that exports the app. */
  entry: string;
  /** Scripts, styles and public files that pages refer to. */
  client: string;
}

/**
 * Returns the bundle of this code version; compiles it below `folder` if it does not exist. Everything is bundled in,
 * so the folder may be anywhere. Removes older bundles. Rejects with the compiler's error.
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

import { join } from 'node:path';
import { builtOnce, versionOfCode } from './build-cache.ts';
import { runBuild } from './build-process.ts';

/** Files and folders of the checkout from which the pages are compiled. */
const CODE = ['src', 'public', 'content/pages', 'astro.config.mjs', 'package-lock.json'];
/** Name of the folder in a bundle into which Astro writes the files for readers. */
export const CLIENT = 'client';
/** Matches the paths of files whose code is in no page. */
const APART = /^src\/(?:commands|desk|cms|poster)\//u;

/** Resolves to a key for the code that makes the pages. If the key changes, every page is rendered again. */
async function codeVersion(): Promise<string> {
  return versionOfCode(CODE, APART);
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
  const target = await builtOnce(folder, version, async (outDir) =>
    runBuild(new URL('./build-pages.ts', import.meta.url), outDir),
  );
  return { version, entry: join(target, 'server/entry.mjs'), client: join(target, CLIENT) };
}

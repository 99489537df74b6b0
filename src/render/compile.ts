import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readdir, readFile, rename, rm } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { AstroIntegration } from 'astro';

/** The checkout: where the code of the site lies. */
export const PROJECT_ROOT = fileURLToPath(new URL('../../', import.meta.url));

/** What the pages are compiled from, below the checkout. */
const CODE = ['src', 'public', 'content/pages', 'astro.config.mjs', 'package-lock.json'];
/** Rooms whose code no page is made of. */
const APART = /^src\/(?:commands|desk|cms)\//u;

/** Names the code that makes the pages: a change of it means that every page is rendered again. */
export async function codeVersion(): Promise<string> {
  const digest = createHash('sha256').update(process.version);
  for (const name of CODE) {
    const path = join(PROJECT_ROOT, name);
    const below = await readdir(path, { recursive: true, withFileTypes: true }).catch(() => undefined);
    const files = below
      ? below.filter((file) => file.isFile()).map((file) => join(file.parentPath, file.name))
      : existsSync(path)
        ? [path]
        : [];
    for (const file of files.sort()) {
      const inside = relative(PROJECT_ROOT, file).split(sep).join('/');
      if (!APART.test(inside)) digest.update(`\0${inside}\0`).update(await readFile(file));
    }
  }
  return digest.digest('hex').slice(0, 16);
}

/** Adapter: the whole server is a module that exports the app; the host calls it. */
function hostAdapter(): AstroIntegration {
  return {
    name: 'host',
    hooks: {
      'astro:config:done': ({ setAdapter }) => {
        setAdapter({
          name: 'host',
          entrypointResolution: 'auto',
          serverEntrypoint: new URL('src/entry.ts', pathToFileURL(PROJECT_ROOT)),
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

const UNFINISHED = 'unfinished-';

/** A compiled version of the code. */
export interface Bundle {
  version: string;
  /** The module that exports the app. */
  entry: string;
  /** Scripts, styles and public files that pages refer to. */
  client: string;
}

/**
 * The bundle of this code version, compiled below `folder` unless it is there. Everything is bundled in, so the folder
 * may lie anywhere. Older bundles are removed. Rejects with the compiler's error.
 */
export async function compile(folder: string): Promise<Bundle> {
  const version = await codeVersion();
  const target = join(folder, version);
  if (!existsSync(target)) {
    const { build } = await import('astro');
    // Astro keeps a NODE_ENV that it finds; a site is always built for readers.
    process.env['NODE_ENV'] = 'production';
    const unfinished = join(folder, `${UNFINISHED}${process.pid}`);
    await build({
      root: PROJECT_ROOT,
      outDir: unfinished,
      output: 'server',
      adapter: hostAdapter(),
      logLevel: 'error',
      vite: { ssr: { noExternal: true }, logLevel: 'error' },
    });
    await rename(unfinished, target).catch(async (error: unknown) => {
      if (!existsSync(target)) throw error;
      await rm(unfinished, { recursive: true });
    });
  }
  for (const other of await readdir(folder)) {
    // What another process is compiling at this moment stays.
    if (other !== version && !other.startsWith(UNFINISHED))
      await rm(join(folder, other), { recursive: true, force: true });
  }
  return { version, entry: join(target, 'server/entry.mjs'), client: join(target, 'client') };
}

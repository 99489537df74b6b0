import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readdir, readFile, rename, rm } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { PROJECT_ROOT } from '../render/compile.ts';

/** What the editor is made of, below the checkout. */
const CODE = ['src/cms', 'src/model', 'src/text', 'src/photo', 'package-lock.json'];

/** Names the code that makes the editor. */
async function editorVersion(): Promise<string> {
  const digest = createHash('sha256').update(process.version);
  for (const name of CODE) {
    const path = join(PROJECT_ROOT, name);
    const below = await readdir(path, { recursive: true, withFileTypes: true }).catch(() => undefined);
    const files = below?.filter((file) => file.isFile()).map((file) => join(file.parentPath, file.name)) ?? [path];
    for (const file of files.sort()) {
      digest.update(`\0${relative(PROJECT_ROOT, file).split(sep).join('/')}\0`).update(await readFile(file));
    }
  }
  return digest.digest('hex').slice(0, 16);
}

const UNFINISHED = 'unfinished-';

/**
 * The folder with the editor of this code version, built below `folder` unless it is there: `admin.html`, to be
 * answered at `/admin/`, and `assets/`, whose files change their names with their content. Older ones are removed.
 */
export async function adminBundle(folder: string): Promise<string> {
  const version = await editorVersion();
  const target = join(folder, version);
  if (!existsSync(target)) {
    const { build } = await import('vite');
    const unfinished = join(folder, `${UNFINISHED}${process.pid}`);
    await build({
      configFile: false,
      root: join(PROJECT_ROOT, 'src/cms'),
      base: '/admin/',
      mode: 'production',
      logLevel: 'error',
      publicDir: false,
      // Else what NODE_ENV happens to be here would decide which editor is built.
      define: { 'process.env.NODE_ENV': JSON.stringify('production') },
      resolve: { conditions: ['module', 'browser', 'production'] },
      build: {
        outDir: unfinished,
        emptyOutDir: true,
        target: 'es2022',
        chunkSizeWarningLimit: 4000,
        rolldownOptions: { input: join(PROJECT_ROOT, 'src/cms/admin.html') },
      },
    });
    await rename(unfinished, target).catch(async (error: unknown) => {
      if (!existsSync(target)) throw error;
      await rm(unfinished, { recursive: true });
    });
  }
  for (const other of await readdir(folder)) {
    if (other !== version && !other.startsWith(UNFINISHED))
      await rm(join(folder, other), { recursive: true, force: true });
  }
  return target;
}

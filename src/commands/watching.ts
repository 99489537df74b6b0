import { relative, sep } from 'node:path';
import { watch } from 'chokidar';

/** How long after the last change of a file a batch is handed on, in milliseconds: editors save in several steps. */
const SETTLE_MILLISECONDS = 40;

/** Watches a folder. */
export interface Watching {
  close(): Promise<void>;
}

/**
 * Watches a folder and hands on which files changed, in batches: one at a time, the next when `onChange` is done.
 * Resolves when every change from now on will be seen.
 */
export async function watchFolder(root: string, onChange: (paths: Set<string>) => Promise<void>): Promise<Watching> {
  let changed = new Set<string>();
  let timer: NodeJS.Timeout | undefined;
  let handing: Promise<void> = Promise.resolve();
  const watcher = watch(root, {
    ignoreInitial: true,
    ignored: (path) => /(?:^|[/\\])\.[^/\\]+$/u.test(relative(root, path)),
  });
  watcher.on('all', (event, path) => {
    if (event === 'addDir' || event === 'unlinkDir') return;
    changed.add(relative(root, path).split(sep).join('/'));
    clearTimeout(timer);
    timer = setTimeout(() => {
      const batch = changed;
      changed = new Set();
      handing = handing.then(async () => onChange(batch));
    }, SETTLE_MILLISECONDS);
  });
  await new Promise<void>((resolve, reject) => {
    watcher.once('ready', () => resolve());
    watcher.once('error', reject);
  });
  return {
    async close() {
      clearTimeout(timer);
      await watcher.close();
      await handing;
    },
  };
}

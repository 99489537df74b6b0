import { relative, sep } from 'node:path';
import { watch } from 'chokidar';

/**
 * Pause after the last change before a batch is reported, in milliseconds. It is needed because text editors save in
 * several steps.
 */
const SETTLE_MILLISECONDS = 40;

/** A folder that is being watched. */
export interface Watching {
  close(): Promise<void>;
}

/**
 * Watches a folder and calls `onChange` with the paths of changed files, in batches. `onChange` is not called again
 * before its last call has resolved. Paths are relative to `root`, with slashes. Names that begin with a dot are
 * ignored. Resolves when watching has begun.
 */
export async function watchFolder(root: string, onChange: (paths: Set<string>) => Promise<void>): Promise<Watching> {
  let changed = new Set<string>();
  let timer: NodeJS.Timeout | undefined;
  let reporting: Promise<void> = Promise.resolve();
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
      reporting = reporting.then(async () => onChange(batch));
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
      await reporting;
    },
  };
}

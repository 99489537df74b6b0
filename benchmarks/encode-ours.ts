// Encodes photos as a build does, in a separate process: encode-ours.ts <store> <photo>… A second run only looks them
// up. Prints how many encoded files this run has written.
import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { openStore, type StoredPhoto } from '../src/photo/store/store.ts';

const [folder = '', ...photos] = process.argv.slice(2);
// Earlier by 10 ms, because file times are coarser than this process's clock.
const start = Date.now() - 10;
const store = openStore(folder);
const read = async (path: string): Promise<StoredPhoto> => ({
  hash: createHash('sha256')
    .update(await readFile(path))
    .digest('hex'),
  provide: async (work) => work(async () => readFile(path)),
});
await store.encodeAll(await Promise.all(photos.map(read)), () => undefined);
// The processor time of worker processes counts only once they have ended.
await store.close();

await mkdir(folder, { recursive: true });
const entries = await readdir(folder, { recursive: true, withFileTypes: true });
const files = entries.filter((entry) => entry.isFile() && !entry.name.startsWith('inspection-'));
const changes = await Promise.all(
  files.map(async ({ parentPath, name }) => (await stat(join(parentPath, name))).mtimeMs),
);
console.log(changes.filter((change) => change >= start).length);

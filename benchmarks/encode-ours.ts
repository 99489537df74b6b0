// Encodes photos as a build does, in a separate process: encode-ours.ts <store> <photo>… A second run only finds them
// in the store. Prints the number of encoded files that this run has written.
import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { openStore, type StoredPhoto } from '../src/photo/store/store.ts';

const [folder = '', ...photos] = process.argv.slice(2);
// The start is set 10 ms earlier, because times of files are coarser than this process's clock.
const start = Date.now() - 10;
const store = openStore(folder);
const read = async (path: string): Promise<StoredPhoto> => ({
  hash: createHash('sha256')
    .update(await readFile(path))
    .digest('hex'),
  provide: async (work) => work(async () => readFile(path)),
});
await store.encodeAll(await Promise.all(photos.map(read)), () => undefined);
// The CPU time of worker processes counts only after they have exited.
await store.close();

await mkdir(folder, { recursive: true });
const entries = await readdir(folder, { recursive: true, withFileTypes: true });
const files = entries.filter((entry) => entry.isFile() && !entry.name.startsWith('inspection-'));
const changes = await Promise.all(
  files.map(async ({ parentPath, name }) => (await stat(join(parentPath, name))).mtimeMs),
);
console.log(changes.filter((change) => change >= start).length);

// A kill between storing an original and noting the upload leaves an original that nothing needs, and nothing else.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createReadStream, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, test } from 'vitest';
import { remarked, tinyPhotos } from '../../fixtures/content.ts';
import { DeskFolder } from '../../fixtures/desk/bare-desk.ts';
import { storedOriginals } from '../../fixtures/originals/desk-originals.ts';
import { sha256 } from '../../fixtures/originals/files.ts';

const PROGRAM = fileURLToPath(new URL('../../fixtures/originals/storing-desk.ts', import.meta.url));

const folder = new DeskFolder();

afterAll(() => folder.dispose());

test('Only an unreached original is left, and the next upload of the photo uses it', async () => {
  await (await folder.open()).close();
  const before = storedOriginals(folder.data);
  const bytes = remarked(tinyPhotos.a, 'killed');
  const photo = join(folder.data, 'photo.jpg');
  writeFileSync(photo, bytes);
  const child = spawn(process.execPath, [PROGRAM, folder.data, folder.content.root, photo], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [said]: unknown[] = await once(child.stdout, 'data');
  expect(String(said)).toBe('stored\n');
  child.kill('SIGKILL');
  await once(child, 'close');
  expect(storedOriginals(folder.data)).toEqual([...before, sha256(bytes)].sort());
  const desk = await folder.open();
  const database = new DatabaseSync(join(folder.data, 'desk.sqlite'));
  expect(database.prepare('SELECT * FROM uploads').all()).toEqual([]);
  database.close();
  expect(folder.faults()).toBe('');
  const editor = { name: '王', login: 'wang', role: 'reviewer' as const };
  const admission = { judge: async () => [], forWaiver: false, bytes: bytes.length };
  const { upload } = await desk.options.uploads.receive(createReadStream(photo), editor, admission);
  expect(upload.hash).toBe(sha256(bytes));
  expect(storedOriginals(folder.data)).toEqual([...before, sha256(bytes)].sort());
  await desk.close();
});

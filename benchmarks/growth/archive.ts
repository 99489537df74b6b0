// Makes a desk's data folder as it is after years: many published stories with photos, each published by a commit.
import { spawn } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { text } from 'node:stream/consumers';
import { MODEL_VERSION } from '../../src/model/migrations.ts';
import { blobOfPointer, formatPointer } from '../../src/desk/originals/pointer.ts';
import type { Inspection } from '../../src/photo/encode/inspection.ts';
import { openStore } from '../../src/photo/store/store.ts';
import { inspectionResult } from '../../src/photo/workers/job-result.ts';
import { markdown, photoData, remarked, storyData, tinyPhotos } from '../../tests/fixtures/content.ts';
import { makeStories, storyFolder, type Story } from '../corpus.ts';
import { chanceFrom } from '../prose.ts';

/** File names of the photos of each story. Their bytes are small; the encoded files are copies of one photo's. */
const NAMES = ['1.jpg', '2.jpg', '3.jpg'];
/** Number of hexadecimal digits of each of the two hashes in a likeness. */
const LIKENESS_DIGITS = 64;
/** Number of stories whose photos are written at the same time. */
const TOGETHER = 16;

interface Original {
  hash: string;
  size: number;
}

/** The files that a store makes of one photo, by path below the photo's folder, and its inspection. */
interface Template {
  files: ReadonlyMap<string, Buffer>;
  inspectionPath: string;
  inspection: Inspection;
}

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

/** Returns the bytes of a photo that differs from all others. */
export function photoOf(story: Pick<Story, 'id'>, name: string): Uint8Array {
  return remarked(tinyPhotos.a, `${story.id} ${name}`);
}

async function makeTemplate(scratch: string): Promise<Template> {
  const store = openStore(scratch);
  const hash = sha256(tinyPhotos.a);
  const read = async () => tinyPhotos.a;
  const inspection = await store.inspect(hash, read);
  await store.encodeAll([{ hash, provide: async (work) => work(read) }], () => undefined);
  await store.close();
  const folder = join(scratch, hash.slice(0, 2), hash);
  const files = new Map<string, Buffer>();
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    if (entry.isFile()) files.set(path.slice(folder.length + 1), await readFile(path));
  }
  const inspectionPath = [...files.keys()].find((path) => path.startsWith('inspection-'));
  const stored = inspectionPath === undefined ? undefined : files.get(inspectionPath);
  if (inspectionPath === undefined || !stored) throw new Error('The store has no inspection.');
  files.delete(inspectionPath);
  inspectionResult.parse(JSON.parse(stored.toString()));
  return { files, inspectionPath, inspection };
}

/** Writes the originals of a story's photos and their encoded files. Resolves to the originals, in order. */
async function writePhotos(data: string, story: Story, template: Template, padding: number): Promise<Original[]> {
  const chance = chanceFrom(parseInt(sha256(Buffer.from(story.id)).slice(0, 8), 16));
  const digits = (): string => Array.from({ length: LIKENESS_DIGITS }, () => chance.whole(0, 15).toString(16)).join('');
  const write = async (path: string, content: Uint8Array | string): Promise<void> => {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, content);
  };
  const originals: Original[] = [];
  for (const name of NAMES) {
    // Bytes behind the end of a JPEG are part of the file, not of the picture.
    const bytes = Buffer.concat([photoOf(story, name), randomBytes(padding)]);
    const hash = sha256(bytes);
    await write(join(data, 'originals', hash.slice(0, 2), hash), bytes);
    const folder = join(data, 'encoded', hash.slice(0, 2), hash);
    for (const [path, content] of template.files) await write(join(folder, path), content);
    const inspection = { ...template.inspection, likeness: { difference: digits(), frequency: digits() } };
    await write(join(folder, template.inspectionPath), JSON.stringify(inspection));
    originals.push({ hash, size: bytes.length });
  }
  return originals;
}

/** Returns the text of a story's file as a desk has published it. */
export function publishedText(story: Story, names: readonly string[] = NAMES, addition = ''): string {
  const { id, unit, title, date, activity, summary, volunteers, body } = story;
  const data = storyData(id, unit, {
    title,
    date,
    activity,
    summary,
    volunteers,
    photos: names.map((name) => photoData(name)),
    period: `${date.slice(0, 4)}-04`,
    published: date,
  });
  return markdown(data, body + addition);
}

/** Returns the lines of git's fast-import for one file. */
function fileCommand(path: string, content: string): string {
  return `M 100644 inline ${path}\ndata ${Buffer.byteLength(content)}\n${content}\n`;
}

/**
 * Adds `count` published stories to a desk that does not run: photos as originals and in the encoded store, uploads in
 * the database, and a commit on main for each story. The units and activities are those of `makeStories`. Each photo
 * has `padding` random bytes more than it needs. Resolves to the stories.
 */
export async function addStories(data: string, count: number, scratch: string, padding: number): Promise<Story[]> {
  const stories = makeStories(count, NAMES, NAMES.length);
  const template = await makeTemplate(scratch);
  const importing = spawn('git', ['--git-dir', join(data, 'content.git'), 'fast-import', '--quiet'], {
    stdio: ['pipe', 'ignore', 'pipe'],
  });
  const said = text(importing.stderr);
  const ended = once(importing, 'close');
  const database = new DatabaseSync(join(data, 'desk.sqlite'));
  const insert = database.prepare('INSERT OR REPLACE INTO uploads VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)');
  const { width, height, colour } = template.inspection;
  let from = 'refs/heads/main^0';
  for (let start = 0; start < stories.length; start += TOGETHER) {
    const some = stories.slice(start, start + TOGETHER);
    const photos = await Promise.all(some.map(async (story) => writePhotos(data, story, template, padding)));
    database.exec('BEGIN');
    for (const [at, story] of some.entries()) {
      const seconds = Date.parse(`${story.date}T08:00:00Z`) / 1000;
      const who = `示例 <desk@example.org> ${seconds} +0800`;
      const file = `${storyFolder(story)}/index.md`;
      const trailers = [`Desk-Entry: ${file}`, 'Desk-By: boss', `Desk-Submitted: ${story.date}T08:00:00.000Z`];
      const message = `发布 ${story.title}\n\n${trailers.join('\n')}\nDesk-Model: ${MODEL_VERSION}\n`;
      let commit = `commit refs/heads/main\nauthor ${who}\ncommitter ${who}\ndata ${Buffer.byteLength(message)}\n${message}\n`;
      if (from !== '') commit += `from ${from}\n`;
      from = '';
      commit += fileCommand(file, publishedText(story));
      for (const [index, original] of (photos[at] ?? []).entries()) {
        commit += fileCommand(`${storyFolder(story)}/${NAMES[index] ?? ''}`, formatPointer(original));
        const src = `${original.hash.slice(0, 20)}.jpg`;
        const row = [
          original.hash,
          original.size,
          width,
          height,
          colour,
          'boss',
          `${story.date}T07:00:00.000Z`,
        ] as const;
        insert.run(src, blobOfPointer(original), ...row);
      }
      if (!importing.stdin.write(commit)) await once(importing.stdin, 'drain');
    }
    database.exec('COMMIT');
  }
  database.close();
  importing.stdin.end('done\n');
  await ended;
  if (importing.exitCode !== 0) throw new Error(`git fast-import: ${await said}`);
  return stories;
}

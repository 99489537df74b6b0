// npm run word -- [--json] FILE…: prints what the Word reader makes of each file. Units are recognised by the names in
// CONTENT_DIR. Exits with code 1 if a file is refused, 2 if a file cannot be read or none is given.
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { parseArgs } from 'node:util';
import { FolderSource } from '../library/content/folder-source.ts';
import { readHeader } from '../photo/encode/decoding.ts';
import { FIELD_LABELS, fieldNames, type SiteNames } from '../word/fields/story.ts';
import { WordRefused } from '../word/package/refusal.ts';
import { readWord, type WordPhoto, type WordStory } from '../word/read-word.ts';
import { contentFolder } from './environment/settings.ts';
import { siteNames } from './importing/site-names.ts';

const USAGE = '用法：npm run word -- [--json] Word 文件…';

/** Width and height of a photo in pixels, turned upright; 0 if its header cannot be read. */
interface PhotoSize {
  width: number;
  height: number;
}

/** A document that was read, with the sizes of its photos. */
interface ReadFile {
  file: string;
  story: WordStory;
  sizes: PhotoSize[];
}

async function sizeOf({ bytes }: WordPhoto): Promise<PhotoSize> {
  try {
    const { width, height } = (await readHeader(bytes)).autoOrient;
    return { width, height };
  } catch {
    return { width: 0, height: 0 };
  }
}

/** Returns one line of JSON about a document, for programs. A field that was not found is empty. */
function jsonLine({ file, story: { fields, body, photos, notes }, sizes }: ReadFile): string {
  const valueOf = (name: (typeof fieldNames)[number]): string => fields[name]?.value ?? '';
  return JSON.stringify({
    file,
    title: valueOf('title'),
    author: valueOf('author'),
    proofreader: valueOf('proofreader'),
    unit: valueOf('unit'),
    date: valueOf('date'),
    place: valueOf('place'),
    summary: valueOf('summary'),
    photos: photos.map(({ bytes, caption, credit, alt }, index) => ({
      bytes: bytes.length,
      width: sizes[index]?.width ?? 0,
      height: sizes[index]?.height ?? 0,
      caption,
      credit,
      alt,
    })),
    body,
    notes,
    guesses: fieldNames.filter((name) => fields[name]?.sure === false),
  });
}

/** Returns a paragraph about a document, for people. */
function paragraph({ file, story: { fields, body, photos, notes }, sizes }: ReadFile): string {
  const found = fieldNames.flatMap((name) => {
    const field = fields[name];
    return field ? [`  ${FIELD_LABELS[name]}：${field.value}${field.sure ? '' : `（请核对：按${field.from}）`}`] : [];
  });
  const missing = fieldNames.filter((name) => !fields[name] && name !== 'summary' && name !== 'proofreader');
  const pictures = photos.map(({ bytes, caption, credit }, index) => {
    const { width, height } = sizes[index] ?? { width: 0, height: 0 };
    const words = [caption, credit === '' ? '' : `摄影 ${credit}`].filter((text) => text !== '').join('；');
    return `  照片 ${index + 1}：${width}×${height}，${Math.ceil(bytes.length / 1024)} kB${words === '' ? '' : `，${words}`}`;
  });
  return [
    `✓ ${file}`,
    ...found,
    ...(missing.length > 0 ? [`  没有找到：${missing.map((name) => FIELD_LABELS[name]).join('、')}`] : []),
    ...pictures,
    ...notes.map((note) => `  提醒：${note}`),
    ...body.split('\n').map((line) => (line === '' ? '' : `    ${line}`)),
  ].join('\n');
}

/** Parses the arguments of the command. Returns undefined if they are invalid or name no file. */
function readArguments(): { files: string[]; json: boolean } | undefined {
  try {
    const { values, positionals } = parseArgs({
      options: { json: { type: 'boolean', default: false } },
      allowPositionals: true,
    });
    return positionals.length > 0 ? { files: positionals, json: values.json } : undefined;
  } catch {
    return undefined;
  }
}

/** Reads a file. Resolves to what was found, or to a sentence that says why it was refused. */
async function readFileOf(file: string, bytes: Uint8Array, site: SiteNames): Promise<ReadFile | string> {
  try {
    const story = readWord(bytes, basename(file), site);
    return { file, story, sizes: await Promise.all(story.photos.map(sizeOf)) };
  } catch (error) {
    if (!(error instanceof WordRefused)) throw error;
    return error.message;
  }
}

const given = readArguments();
if (given) {
  const folder = contentFolder();
  const site = existsSync(folder) ? await siteNames(new FolderSource(folder)) : { units: [], organiser: '' };
  let [refused, unread] = [false, false];
  for (const file of given.files) {
    const bytes = await readFile(file).catch(() => undefined);
    const found = bytes ? await readFileOf(file, bytes, site) : '读不到这个文件。请检查路径和读取权限。';
    if (typeof found !== 'string') console.log(given.json ? jsonLine(found) : paragraph(found));
    else if (given.json) console.log(JSON.stringify({ file, error: found }));
    else console.error(`✗ ${file}：${found}`);
    unread ||= !bytes;
    refused ||= typeof found === 'string';
  }
  if (unread) process.exitCode = 2;
  else if (refused) process.exitCode = 1;
} else {
  process.exitCode = 2;
  console.error(`没有可读的 Word 文件。${USAGE}`);
}

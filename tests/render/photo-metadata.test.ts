// What the photos' files tell of their makers never reaches readers, in no file of the output.
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { endIndexing } from '../../src/search/index/indexing.ts';
import { exampleData, FixtureContent, markdown, photoData, storyData, writeGround } from '../fixtures/content.ts';
import { tellingParts } from '../fixtures/photos/parts.ts';
import { SECRET, tellingPhoto } from '../fixtures/photos/telling.ts';
import { SiteFolder } from '../fixtures/desk/publishing.ts';

const content = new FixtureContent();
const site = new SiteFolder();
const story = 'stories/jiefang/20210101-000001aa';
const example = 'examples/jiefang/20210101-000002aa';
/** The originals by their paths in the content. */
const originals = {
  [`${story}/a.jpg`]: await tellingPhoto('jpeg', 64, 40),
  [`${story}/b.png`]: await tellingPhoto('png', 40, 64),
  [`${example}/a.webp`]: await tellingPhoto('webp', 64, 48),
  [`${example}/b.avif`]: await tellingPhoto('avif', 48, 64),
};

interface Sight {
  /** How many pictures of each kind there are, those inside pages included. */
  pictures: number;
  /** What tells too much: the file and what was found in it. */
  telling: string[];
}

/** Looks through every file of a folder, inside compressed ones and at pictures inside pages, too. */
function lookThrough(root: string): Sight {
  const sight: Sight = { pictures: 0, telling: [] };
  for (const path of readdirSync(root, { recursive: true, encoding: 'utf8' })) {
    if (!statSync(join(root, path)).isFile()) continue;
    const stored = readFileSync(join(root, path));
    const bytes = stored.readUInt16BE(0) === 0x1f8b ? gunzipSync(stored) : stored;
    if (bytes.includes(SECRET)) sight.telling.push(`${path}: ${SECRET}`);
    const inside = bytes.toString('latin1').matchAll(/data:image\/[a-z]+;base64,([\w+/=]+)/gu);
    for (const picture of [bytes, ...Array.from(inside, ([, base64 = '']) => Buffer.from(base64, 'base64'))]) {
      const parts = tellingParts(picture);
      if (!parts) continue;
      sight.pictures += 1;
      sight.telling.push(...parts.map((part) => `${path}: ${part}`));
    }
  }
  sight.telling.sort();
  return sight;
}

beforeAll(async () => {
  writeGround(content);
  const photos = (names: string[]) => ({ photos: names.map(photoData) });
  const names = (folder: string) =>
    Object.keys(originals).flatMap((path) => (path.startsWith(folder) ? [path.slice(folder.length + 1)] : []));
  content.write(`${story}/index.md`, markdown(storyData('20210101-000001aa', 'jiefang', photos(names(story)))));
  content.write(`${example}/index.md`, markdown(exampleData('20210101-000002aa', 'jiefang', photos(names(example)))));
  for (const [path, bytes] of Object.entries(originals)) content.write(path, bytes);
  const publisher = await site.open(content);
  await publisher.publish();
  await publisher.index({ fold: true });
  await publisher.drawPosters({ hands: 1 });
  await publisher.close();
  await endIndexing();
});

afterAll(() => {
  content.dispose();
  site.dispose();
});

test('The originals tell the camera, the place, the maker’s notes and a wide colour space, each in its way', () => {
  const told = Object.values(originals).map((bytes) => ({
    secret: bytes.includes(SECRET),
    parts: tellingParts(bytes),
  }));
  const expected = [
    ['e1', 'ed', 'fe', 'e2', 'behind the end'],
    ['iCCP', 'eXIf'],
    ['ICCP', 'EXIF', 'XMP '],
    ['colr', 'item Exif', 'item mime'],
  ];
  expect(told).toEqual(expected.map((parts) => ({ secret: true, parts: expect.arrayContaining(parts) })));
});

test('No file of the output tells any of it', () => {
  const { pictures, telling } = lookThrough(site.output);
  expect(telling).toEqual([]);
  // Of every photo an AVIF and a JPEG; of the first of the story and of the example a placeholder on its page; each of
  // the two has a poster.
  expect(pictures).toBe(2 * Object.keys(originals).length + 2 + 2);
});

test.each(Object.entries(originals))('A copy of %s in the output would be found', (path, original) => {
  const name = `copy-${path.slice(path.lastIndexOf('/') + 1)}`;
  const file = join(site.output, name);
  const hidden = [
    [original, tellingParts(original)?.length],
    [`<img src="data:image/jpeg;base64,${original.toString('base64')}">`, tellingParts(original)?.length],
    [gzipSync(SECRET), 1],
  ] as const;
  for (const [bytes, least] of hidden) {
    writeFileSync(file, bytes);
    const { telling } = lookThrough(site.output);
    expect(telling.length).toBeGreaterThanOrEqual(least ?? Infinity);
    expect(telling.every((found) => found.startsWith(name))).toBe(true);
  }
  writeFileSync(file, 'nothing');
});

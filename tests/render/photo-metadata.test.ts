// No file of the output contains metadata of the original photos.
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { endIndexing } from '../../src/search/index/indexing.ts';
import { exampleData, FixtureContent, markdown, photoData, storyData, writeGround } from '../fixtures/content.ts';
import { metadataParts } from '../fixtures/photos/parts.ts';
import { SECRET, photoWithMetadata } from '../fixtures/photos/photo-with-metadata.ts';
import { SiteFolder } from '../fixtures/desk/publishing.ts';

const content = new FixtureContent();
const site = new SiteFolder();
const story = 'stories/jiefang/20210101-000001aa';
const example = 'examples/jiefang/20210101-000002aa';
/** The original photos by their paths in the content. */
const originals = {
  [`${story}/a.jpg`]: await photoWithMetadata('jpeg', 64, 40),
  [`${story}/b.png`]: await photoWithMetadata('png', 40, 64),
  [`${example}/a.webp`]: await photoWithMetadata('webp', 64, 48),
  [`${example}/b.avif`]: await photoWithMetadata('avif', 48, 64),
};

/** Result of a search for metadata in a folder. */
interface Sight {
  /** Number of pictures, including those inside pages. */
  pictures: number;
  /** The metadata: each item is the path of a file and the secret word or the name of the part. */
  metadata: string[];
}

/** Searches every file of a folder for metadata, including the content of gzip files and pictures inside pages. */
function lookThrough(root: string): Sight {
  const sight: Sight = { pictures: 0, metadata: [] };
  for (const path of readdirSync(root, { recursive: true, encoding: 'utf8' })) {
    if (!statSync(join(root, path)).isFile()) continue;
    const stored = readFileSync(join(root, path));
    const bytes = stored.readUInt16BE(0) === 0x1f8b ? gunzipSync(stored) : stored;
    if (bytes.includes(SECRET)) sight.metadata.push(`${path}: ${SECRET}`);
    const inside = bytes.toString('latin1').matchAll(/data:image\/[a-z]+;base64,([\w+/=]+)/gu);
    for (const picture of [bytes, ...Array.from(inside, ([, base64 = '']) => Buffer.from(base64, 'base64'))]) {
      const parts = metadataParts(picture);
      if (!parts) continue;
      sight.pictures += 1;
      sight.metadata.push(...parts.map((part) => `${path}: ${part}`));
    }
  }
  sight.metadata.sort();
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
  await publisher.drawPosters({ workers: 1 });
  await publisher.close();
  await endIndexing();
});

afterAll(() => {
  content.dispose();
  site.dispose();
});

test('The originals contain camera, place, maker’s notes and a wide colour space, in the way of each format', () => {
  const found = Object.values(originals).map((bytes) => ({
    secret: bytes.includes(SECRET),
    parts: metadataParts(bytes),
  }));
  const expected = [
    ['e1', 'ed', 'fe', 'e2', 'behind the end'],
    ['iCCP', 'eXIf'],
    ['ICCP', 'EXIF', 'XMP '],
    ['colr', 'item Exif', 'item mime'],
  ];
  expect(found).toEqual(expected.map((parts) => ({ secret: true, parts: expect.arrayContaining(parts) })));
});

test('No file of the output contains metadata', () => {
  const { pictures, metadata } = lookThrough(site.output);
  expect(metadata).toEqual([]);
  // The output contains an AVIF and a JPEG of every photo. The pages of the story and of the example each contain a
  // placeholder for their first photo. The two posters make the rest.
  expect(pictures).toBe(2 * Object.keys(originals).length + 2 + 2);
});

test.each(Object.entries(originals))('A copy of %s in the output would be found', (path, original) => {
  const name = `copy-${path.slice(path.lastIndexOf('/') + 1)}`;
  const file = join(site.output, name);
  const hidden = [
    [original, metadataParts(original)?.length],
    [`<img src="data:image/jpeg;base64,${original.toString('base64')}">`, metadataParts(original)?.length],
    [gzipSync(SECRET), 1],
  ] as const;
  for (const [bytes, least] of hidden) {
    writeFileSync(file, bytes);
    const { metadata } = lookThrough(site.output);
    expect(metadata.length).toBeGreaterThanOrEqual(least ?? Infinity);
    expect(metadata.every((line) => line.startsWith(name))).toBe(true);
  }
  writeFileSync(file, 'nothing');
});

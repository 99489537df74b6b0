import sharp from 'sharp';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Publisher } from '../../src/render/publish/publisher.ts';
import {
  FixtureContent,
  markdown,
  photoData,
  storyData,
  tinyPhotos,
  writeGround,
  writeStory,
} from '../fixtures/content.ts';
import { photograph } from '../fixtures/photos/samples.ts';
import { SiteFolder } from '../fixtures/desk/publishing.ts';

const FIRST = '20210101-000000aa';
const SECOND = '20210102-000000aa';
const first = `stories/jiefang/${FIRST}`;
const second = `stories/wenxian/${SECOND}`;

let content: FixtureContent;
let site: SiteFolder;
let publisher: Publisher;

const publish = async (): Promise<string[]> =>
  (await publisher.publish()).faults.map(({ file, field, what }) => `${file} ${field}: ${what}`);

beforeEach(async () => {
  content = new FixtureContent();
  site = new SiteFolder();
  writeGround(content);
  writeStory(content, FIRST, 'jiefang');
  publisher = await site.open(content);
});

afterEach(async () => {
  await publisher.close();
  content.dispose();
  site.dispose();
});

const sameFile = (by: string): string => `这张照片与“故事 ${by.slice(-17)}”（${by}/index.md）的照片是同一个文件`;

/** Writes the second story, whose first photo is the same file as the first photo of the first story. */
function writeCopy(): void {
  writeStory(content, SECOND, 'wenxian');
  content.write(`${second}/a.jpg`, content.bytes(`${first}/a.jpg`));
}

test('Of two new entries with the same photo, the second by path is left out', async () => {
  writeCopy();
  expect(await publish()).toEqual([`${second}/index.md photos.0.src: ${sameFile(first)}`]);
});

test('A published entry takes precedence over a new one with the same photo, whatever their paths', async () => {
  content.move(first, 'stories/wenxian/later');
  content.move('stories/wenxian/later', `stories/wenxian/${FIRST}`);
  content.edit(`stories/wenxian/${FIRST}/index.md`, 'unit: jiefang', 'unit: wenxian');
  expect(await publish()).toEqual([]);
  writeStory(content, SECOND, 'jiefang');
  content.write(`stories/jiefang/${SECOND}/a.jpg`, content.bytes(`stories/wenxian/${FIRST}/a.jpg`));
  expect(await publish()).toEqual([
    `stories/jiefang/${SECOND}/index.md photos.0.src: ${sameFile(`stories/wenxian/${FIRST}`)}`,
  ]);
});

test('A photo may be used again when the entry that showed it is gone or shows another photo', async () => {
  expect(await publish()).toEqual([]);
  writeCopy();
  expect(await publish()).toHaveLength(1);
  content.write(`${first}/a.jpg`, tinyPhotos.a);
  expect(await publish()).toEqual([]);
  content.remove(first);
  expect(await publish()).toEqual([]);
});

test('An entry that moves to another unit or gets another id keeps its photos', async () => {
  expect(await publish()).toEqual([]);
  content.move(first, `stories/wenxian/${FIRST}`);
  content.edit(`stories/wenxian/${FIRST}/index.md`, 'unit: jiefang', 'unit: wenxian');
  expect(await publish()).toEqual([]);
  content.move(`stories/wenxian/${FIRST}`, second);
  content.edit(`${second}/index.md`, `id: ${FIRST}`, `id: ${SECOND}`);
  expect(await publish()).toEqual([]);
});

test('A copy under another name in the same entry is refused, and a name given twice is reported once', async () => {
  content.write(`${first}/copy.jpg`, content.bytes(`${first}/a.jpg`));
  const photos = (names: readonly string[]) => ({ photos: names.map(photoData) });
  content.write(`${first}/index.md`, markdown(storyData(FIRST, 'jiefang', photos(['a.jpg', 'copy.jpg']))));
  expect(await publish()).toEqual([`${first}/index.md photos.1.src: 这张照片与本篇第 1 张是同一个文件`]);
  content.write(`${first}/index.md`, markdown(storyData(FIRST, 'jiefang', photos(['a.jpg', 'a.jpg']))));
  expect(await publish()).toEqual([`${first}/index.md photos.1.src: 第 2 张照片与前面的是同一个文件`]);
});

test('When a site is rendered from nothing, an entry that the desk has published is shown even if its photo is a copy', async () => {
  writeCopy();
  content.edit(`${second}/index.md`, 'author: 甲', 'author: 甲\npublished: 2021-01-03');
  expect(await publish()).toEqual([]);
  expect(site.page(`stories/${SECOND}/index.html`)).toContain(`故事 ${SECOND}`);
});

/** Bytes of a photograph. */
const sun = await sharp(photograph('sun')).resize(320).jpeg().toBuffer();
/** The same photograph, smaller and recompressed. */
const sunAgain = await sharp(photograph('sun')).resize(240).jpeg({ quality: 40 }).toBuffer();
const hills = await sharp(photograph('hills')).resize(320).jpeg().toBuffer();

/**
 * Resolves to the remarks on all entries that are not published yet, each as `<file> <field>: <what>`. Expects no
 * faults.
 */
async function remarks(): Promise<string[]> {
  const proposal = await publisher.propose();
  const verdict = publisher.library.verdictOn(proposal, proposal.judged);
  expect(verdict.faults).toEqual([]);
  return verdict.remarks.map(({ file, field, what }) => `${file} ${field}: ${what}`);
}

const like = (folder: string): string => `这张照片与“故事 ${folder.slice(-17)}”（${folder}/index.md）的照片很像`;

test('Of two new entries with similar photos the second by path gets a remark, and both are shown', async () => {
  content.write(`${first}/a.jpg`, sun);
  writeStory(content, SECOND, 'wenxian');
  content.write(`${second}/a.jpg`, hills);
  expect(await remarks()).toEqual([]);
  content.write(`${second}/b.jpg`, sunAgain);
  expect(await remarks()).toEqual([`${second}/index.md photos.1.src: ${like(first)}`]);
  expect(await publish()).toEqual([]);
});

test('A new photo is compared with published ones, but not with earlier versions of its own entry', async () => {
  content.write(`${first}/a.jpg`, sun);
  expect(await publish()).toEqual([]);
  content.write(`${first}/a.jpg`, sunAgain);
  expect(await remarks()).toEqual([]);
  writeStory(content, SECOND, 'jiefang');
  content.write(`stories/jiefang/${SECOND}/b.jpg`, sun);
  content.write(`${first}/a.jpg`, hills);
  expect(await remarks()).toEqual([]);
  content.write(`${first}/a.jpg`, sun);
  content.write(`stories/jiefang/${SECOND}/b.jpg`, sunAgain);
  expect(await remarks()).toEqual([`stories/jiefang/${SECOND}/index.md photos.1.src: ${like(first)}`]);
});

test('Two similar photos of one entry are named by number in the remark', async () => {
  content.write(`${first}/a.jpg`, sun);
  content.write(`${first}/b.jpg`, sunAgain);
  expect(await remarks()).toEqual([`${first}/index.md photos.1.src: 这张照片与本篇第 1 张很像`]);
});

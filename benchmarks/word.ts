// npm run bench:word: reads a Word document of about 50 MB with three photos of 24 megapixels, and judges the photos as
// an import does. Prints the times. Exits with 1 if it takes longer than 25 s on two cores.
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { openStore } from '../src/photo/store/store.ts';
import { readWord } from '../src/word/read-word.ts';
import { wordFile } from '../tests/fixtures/word/word-file.ts';
import { body, centred, inlinePicture, paragraph, title } from '../tests/fixtures/word/word-xml.ts';
import { SITE } from '../tests/fixtures/word/word-case.ts';
import { aligned } from './table.ts';

/** Longest time in milliseconds, and the number of cores that it is promised for. */
const MOST = 25_000;
const CORES = 2;

/** Size of a photo in pixels: 24 megapixels. */
const [WIDTH, HEIGHT] = [6000, 4000];
/** Strength of the grain and quality of the JPEG with which a photo has some 17 MB, as cameras write it. */
const GRAIN = 20;
const QUALITY = 95;

/** Resolves to a JPEG with grain all over. The colour differs for each number. */
async function photo(number: number): Promise<Uint8Array> {
  const noise = { type: 'gaussian', mean: 110 + 20 * number, sigma: GRAIN } as const;
  return sharp({ create: { width: WIDTH, height: HEIGHT, channels: 3, noise, background: '#000' } })
    .jpeg({ quality: QUALITY })
    .toBuffer();
}

function seconds(milliseconds: number): string {
  return `${(milliseconds / 1000).toFixed(2)} s`;
}

const photos = [await photo(0), await photo(1), await photo(2)];
const file = wordFile({
  body: [
    title('播种的人'),
    body('2021年4月2日，温县总工会的志愿者走进苗圃。'),
    ...photos.flatMap((_, index) => [
      paragraph(inlinePicture(`rIdP${index + 1}`)),
      centred(`志愿者播种的第${index + 1}个现场（韩雪摄）`),
    ]),
  ].join(''),
  media: Object.fromEntries(photos.map((bytes, index) => [`image${index + 1}.jpeg`, bytes])),
});

const folder = mkdtempSync(join(tmpdir(), 'bench-word-'));
try {
  const store = openStore(join(folder, 'encoded'), { workers: CORES });
  const start = performance.now();
  const story = readWord(file, 'large.docx', SITE);
  const read = performance.now();
  await Promise.all(
    story.photos.map(async ({ bytes }) => {
      const hash = createHash('sha256').update(bytes).digest('hex');
      const path = join(folder, hash);
      writeFileSync(path, bytes);
      return store.inspect(hash, async () => ({ file: path, hash }));
    }),
  );
  const end = performance.now();
  console.log(
    aligned([
      ['document', `${(file.length / 1e6).toFixed(1)} MB, ${story.photos.length} photos of 24 megapixels`],
      ['read', seconds(read - start)],
      ['photos judged', seconds(end - read)],
      [
        'together',
        `${seconds(end - start)} on ${Math.min(CORES, availableParallelism())} cores; promised ${seconds(MOST)}`,
      ],
    ]),
  );
  if (end - start > MOST || story.photos.length !== photos.length) process.exitCode = 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}

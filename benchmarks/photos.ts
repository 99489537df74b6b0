// npm run bench:photos [-- --photos 4] [FILE…]: measures what encoding a photo costs with our encoder and with others,
// and how similar the results are to the photo. With `--latency`, measures only how long readers wait while photos are
// encoded.
import { mkdtemp, readdir, stat } from 'node:fs/promises';
import { rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { extname, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import sharp from 'sharp';
import { PROJECT_ROOT } from '../src/render/compile/build-cache.ts';
import { latencyReport } from './photo-latency.ts';
import { astroPicture, eleventyImage, ours, type Encoded } from './photo-contenders.ts';
import { lumaOf, similarity } from './similarity.ts';
import { aligned } from './table.ts';

/** The measurements of an AVIF file: width in pixels, bytes, and similarity (SSIM) to the losslessly scaled photo. */
interface Judged {
  width: number;
  bytes: number;
  likeness: number;
}

/** Resolves to the paths of at most `count` photos of the sample content, spread evenly. */
async function samplePhotos(count: number): Promise<string[]> {
  const content = join(PROJECT_ROOT, 'content');
  const all = (await readdir(content, { recursive: true })).filter((path) => extname(path) === '.jpg').sort();
  return Array.from({ length: Math.min(count, all.length) }, (_, at) =>
    join(content, all[Math.floor((at * all.length) / Math.min(count, all.length))] ?? ''),
  );
}

async function judge(photo: string, file: string): Promise<Judged> {
  const { width, height } = await sharp(file).metadata();
  const [reference, encoded] = [await lumaOf(photo, { width, height }), await lumaOf(file)];
  return { width, bytes: (await stat(file)).size, likeness: similarity(reference, encoded) };
}

async function judgeAvif(photos: readonly string[], { files }: Encoded): Promise<Judged[]> {
  const judged: Judged[] = [];
  for (const [at, photo] of photos.entries()) {
    for (const file of files[at] ?? []) if (extname(file) === '.avif') judged.push(await judge(photo, file));
  }
  return judged;
}

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
const kilobytes = (bytes: number): string => (bytes / 1000).toFixed(1);

/**
 * Returns a table of the AVIF files by width, with mean kilobytes and mean SSIM of each encoder. A photo that is
 * narrower than the usual widths counts with its own width.
 */
function byWidth(names: readonly string[], judged: readonly Judged[][]): string {
  const groups = judged.map((of) => Map.groupBy(of, ({ width }) => width));
  const widths = [...new Set(judged.flatMap((of) => of.map(({ width }) => width)))].sort((one, other) => one - other);
  const rows = widths.map((width) => [
    `${width} px × ${groups[0]?.get(width)?.length ?? 0}`,
    ...groups.flatMap((group) => {
      const of = group.get(width);
      if (!of) return ['', ''];
      return [kilobytes(mean(of.map(({ bytes }) => bytes))), mean(of.map(({ likeness }) => likeness)).toFixed(4)];
    }),
  ]);
  return aligned([['AVIF', ...names.flatMap((name) => [`${name} kB`, 'SSIM'])], ...rows]);
}

async function totalBytes({ files }: Encoded): Promise<number> {
  return mean(await Promise.all(files.flat().map(async (file) => (await stat(file)).size))) * files.flat().length;
}

const { values, positionals } = parseArgs({
  options: { photos: { type: 'string', default: '4' }, latency: { type: 'boolean', default: false } },
  allowPositionals: true,
});
const photos =
  positionals.length > 0 ? positionals.map((path) => resolve(path)) : await samplePhotos(Number(values.photos));
const root = await mkdtemp(join(tmpdir(), 'with-you-bench-'));
process.once('exit', () => rmSync(root, { recursive: true, force: true }));
process.once('SIGINT', () => process.exit(130));

if (values.latency) {
  console.log(await latencyReport(join(root, 'latency'), photos));
} else {
  console.log(
    `Node ${process.version}, ${availableParallelism()} processors, ${photos.length} photos, processor seconds.`,
  );
  console.log(
    'All processes counted, less the same command or site without photos: Node, Astro and Vite are not in it.\n',
  );
  const contenders = [
    await ours(join(root, 'ours'), photos),
    await astroPicture(join(root, 'astro'), photos),
    await eleventyImage(join(root, 'eleventy'), photos),
  ];
  const judged: Judged[][] = [];
  for (const contender of contenders) judged.push(await judgeAvif(photos, contender));
  const [own] = contenders;
  const rows = await Promise.all(
    contenders.map(async (contender, at) => [
      contender.name,
      (contender.seconds / photos.length).toFixed(2),
      `${(contender.seconds / (own?.seconds ?? NaN)).toFixed(1)}×`,
      mean((judged[at] ?? []).map(({ likeness }) => likeness)).toFixed(4),
      kilobytes((judged[at] ?? []).reduce((sum, { bytes }) => sum + bytes, 0) / photos.length),
      String(contender.files.flat().length / photos.length),
      kilobytes((await totalBytes(contender)) / photos.length),
    ]),
  );
  console.log(aligned([['a photo', 'CPU s', '÷ ours', 'AVIF SSIM', 'AVIF kB', 'files', 'kB in all'], ...rows]));
  console.log();
  console.log(
    byWidth(
      contenders.map(({ name }) => name),
      judged,
    ),
  );
  if (own?.again) {
    console.log(`\nA second run writes ${own.again.written} files and takes ${own.again.seconds.toFixed(2)} s.`);
    if (own.again.written > 0) process.exitCode = 1;
  }
}

// npm run bench:judge [-- [--part 1/2] [--draw N] [--verbose] FILE-OR-FOLDER…]: judges pictures derived from
// photographs and prints which are refused, rightly and wrongly. `--part 1/2` takes the first of two halves of the
// files; `--draw` changes the random choices; `--verbose` prints every picture. Exits with 1 if an honest picture is
// refused.
import { globSync, statSync } from 'node:fs';
import { basename, extname } from 'node:path';
import { parseArgs } from 'node:util';
import { crc32 } from 'node:zlib';
import sharp from 'sharp';
import { levelOf, type FindingCode } from '../src/photo/rules/finding.ts';
import { readJpegHeader } from '../src/photo/judging/jpeg-header.ts';
import { judgePicture, type Judgement } from '../src/photo/judging/judgement.ts';
import { derivedFrom, readPhotograph, type Derived } from './derivations.ts';
import { aligned, median } from './table.ts';

/** A picture and the result of judging it. */
interface Judged extends Omit<Derived, 'file'>, Pick<Judgement, 'findings' | 'measures'> {
  photograph: string;
  /** Duration of judging in milliseconds, without decoding. */
  milliseconds: number;
  processorMilliseconds: number;
  megapixels: number;
}

const EXTENSIONS = ['.jpg', '.jpeg', '.png', '.webp', '.avif'];

function filesOf(places: readonly string[]): string[] {
  const paths = places.flatMap((place) =>
    statSync(place).isDirectory() ? globSync(`${place}/**/*`).toSorted() : [place],
  );
  return paths.filter((path) => EXTENSIONS.includes(extname(path).toLowerCase()));
}

async function judge(photograph: string, { file, ...derived }: Derived): Promise<Judged> {
  const { data, info } = await sharp(file).raw().toBuffer({ resolveWithObject: true });
  const jpeg = derived.format === 'jpeg' ? readJpegHeader(file) : undefined;
  const pixels = { data, width: info.width, height: info.height, channels: info.channels };
  const start = performance.now();
  const used = process.threadCpuUsage();
  const { findings, measures } = judgePicture(pixels, { format: derived.format, jpeg });
  const { user, system } = process.threadCpuUsage(used);
  return {
    ...derived,
    photograph,
    findings,
    measures,
    milliseconds: performance.now() - start,
    processorMilliseconds: (user + system) / 1000,
    megapixels: (info.width * info.height) / 1e6,
  };
}

function share(part: number, whole: number): string {
  return whole > 0 ? `${((100 * part) / whole).toFixed(part === 0 ? 0 : 1)} %` : '–';
}

/**
 * Returns a row of the table: name, number of pictures, share of pictures that were refused, and share of pictures that
 * were refused or got a warning.
 */
function rates(name: string, judged: readonly Judged[]): string[] {
  const refused = judged.filter(({ findings }) => levelOf(findings) === 'error').length;
  const noticed = judged.filter(({ findings }) => findings.length > 0).length;
  return [name, String(judged.length), share(refused, judged.length), share(noticed, judged.length)];
}

/** Returns a row for each group of enlarged pictures, sorted by the group's name (`nameOf`). */
function grouped(judged: readonly Judged[], nameOf: (from: NonNullable<Derived['from']>) => string): string[][] {
  const groups = Map.groupBy(judged, ({ from }) => (from ? nameOf(from) : ''));
  return [...groups]
    .toSorted(([one], [other]) => one.localeCompare(other, 'en', { numeric: true }))
    .map(([name, of]) => rates(`  ${name}`, of));
}

/** Returns the range between two of the ascending `borders` that contains a value, such as “1.3–1.6”. */
function rangeOf(value: number, borders: readonly number[]): string {
  const at = borders.filter((border) => value >= border).length;
  return `${borders[at - 1] ?? ''}–${borders[at] ?? ''}`;
}

function report(judged: readonly Judged[]): string {
  const of = (kind: Derived['kind']): Judged[] => judged.filter((one) => one.kind === kind);
  const found = (kind: Derived['kind'], code: FindingCode): string => {
    const all = of(kind);
    return share(all.filter(({ findings }) => findings.some((finding) => finding.code === code)).length, all.length);
  };
  const [honest, enlarged] = [of('honest'), of('enlarged')];
  const refused = enlarged.filter(({ findings }) => levelOf(findings) === 'error');
  const named = refused.filter(
    ({ from, measures }) => Math.abs(measures.sourceLong / (from?.sourceLong ?? NaN) - 1) <= 0.03,
  );
  const wrongly = honest.filter(({ findings }) => levelOf(findings) === 'error');
  const perMegapixel = (cost: (one: Judged) => number): string =>
    median(judged.map((one) => cost(one) / one.megapixels)).toFixed(1);
  return [
    aligned([
      ['', 'pictures', 'refused', 'refused or warned'],
      rates('honest', honest),
      ...[...Map.groupBy(honest, ({ name }) => name)].map(([name, some]) => rates(`  ${name}`, some)),
      rates('enlarged', enlarged),
      ...grouped(enlarged, ({ kernel }) => kernel),
      ...grouped(enlarged, ({ factor }) => `×${rangeOf(factor, [1.3, 1.6, 2])}`),
      ...grouped(enlarged, ({ sourceLong }) => `from ${rangeOf(sourceLong, [800, 1000, 1200, 1400])} pixels`),
      rates('blurred', of('blurred')),
      rates('over-compressed', of('over-compressed')),
    ]),
    '',
    `Honest photos refused: ${wrongly.length} of ${honest.length}.`,
    ...wrongly.map(({ photograph, name }) => `  ${photograph}, ${name}`),
    `Source size named within 3 %: ${named.length} of ${refused.length} refused.`,
    `Blurred warned of as that: ${found('blurred', 'blurred')}; over-compressed: ${found('over-compressed', 'over-compressed')}.`,
    `Median per megapixel: ${perMegapixel(({ milliseconds }) => milliseconds)} ms, ${perMegapixel(({ processorMilliseconds }) => processorMilliseconds)} ms of one processor.`,
  ].join('\n');
}

const { values, positionals } = parseArgs({
  options: {
    part: { type: 'string', default: '1/1' },
    draw: { type: 'string', default: '0' },
    verbose: { type: 'boolean', default: false },
  },
  allowPositionals: true,
});
const [part = 1, parts = 1] = values.part.split('/').map(Number);
const places = positionals.length > 0 ? positionals : ['content'];
const files = filesOf(places).filter((_, at) => at % parts === part - 1);
const judged: Judged[] = [];
for (const file of files) {
  const photograph = basename(file);
  for await (const derived of derivedFrom(await readPhotograph(file), crc32(photograph, Number(values.draw)))) {
    const one = await judge(photograph, derived);
    judged.push(one);
    if (!values.verbose) continue;
    const codes = one.findings.map(({ level, code }) => `${level} ${code}`).join(', ');
    console.log([photograph, one.kind, one.name, codes, JSON.stringify(one.measures)].join('\t'));
  }
}
console.log(`${files.length} photographs, ${judged.length} pictures made from them.\n`);
console.log(report(judged));
if (judged.some(({ kind, findings }) => kind === 'honest' && levelOf(findings) === 'error')) process.exitCode = 1;

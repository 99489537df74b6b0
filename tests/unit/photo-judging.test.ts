import { readFile } from 'node:fs/promises';
import { globSync } from 'node:fs';
import sharp, { type Sharp } from 'sharp';
import { beforeAll, describe, expect, test } from 'vitest';
import { picture } from '../fixtures/photos/samples.ts';
import { ASK_FOR_ORIGINAL } from '../../src/photo/finding.ts';
import { judgeMeasures, judgePicture, type Judgement } from '../../src/photo/judging/judgement.ts';
import { readJpegHeader } from '../../src/photo/judging/jpeg-header.ts';
import { jpegQuality } from '../../src/photo/judging/jpeg-quality.ts';
import { areAlike, LikenessIndex, likenessOf, type Likeness } from '../../src/photo/judging/likeness.ts';
import type { GreyPicture } from '../../src/photo/judging/luma.ts';
import type { PictureMeasures } from '../../src/photo/judging/measures.ts';
import type { Pixels } from '../../src/photo/pixels.ts';

const PHOTOS = globSync('content/{stories,examples}/**/*.jpg').toSorted();
const DETAILED = 'content/stories/xiuwu/20200513-090145fg/grey-cliffs.jpg';

async function decoded(photo: Sharp): Promise<Pixels> {
  const { data, info } = await photo.raw().toBuffer({ resolveWithObject: true });
  return { data, width: info.width, height: info.height, channels: info.channels };
}

async function judged(file: Buffer): Promise<Judgement> {
  const { format } = await sharp(file).metadata();
  if (format !== 'jpeg' && format !== 'png' && format !== 'webp') throw new Error(`Not a photo: ${format}`);
  return judgePicture(await decoded(sharp(file)), { format, jpeg: readJpegHeader(file) });
}

const codesOf = ({ findings }: Pick<Judgement, 'findings'>): string[] => findings.map(({ code }) => code);

/** As a messenger sends it: reduced and compressed. */
async function sent(path: string, long: number): Promise<Buffer> {
  return sharp(path).resize(long, long, { fit: 'inside' }).jpeg({ quality: 70 }).toBuffer();
}

describe('the judgement of a picture', () => {
  const sound: PictureMeasures = {
    sourceLong: 1280,
    up: 0.8,
    down: 0.8,
    hf: -6,
    knee: 2,
    acutance: 0.7,
    jpegQuality: 90,
    flatRows: 0,
    flatColumns: 0,
  };
  test.each<[string, Partial<PictureMeasures>, string[]]>([
    ['a sound photo', {}, []],
    ['edges at the limit', { acutance: 0.31 }, ['blurred']],
    ['edges above it', { acutance: 0.311 }, []],
    ['a break in the spectrum', { knee: 6.5 }, ['soft']],
    ['less of a break', { knee: 6.49 }, []],
    ['little detail', { hf: -17.5 }, ['soft']],
    ['a little more', { hf: -17.49 }, []],
    ['blurred edges and little detail, which have one cause', { acutance: 0.2, hf: -20, knee: 9 }, ['blurred']],
    ['a JPEG of quality 49', { jpegQuality: 49 }, ['over-compressed']],
    ['a JPEG of quality 50', { jpegQuality: 50 }, []],
    ['no JPEG', { jpegQuality: undefined }, []],
    ['half of the rows of one colour', { flatRows: 0.5 }, []],
    ['more than half', { flatRows: 0.51 }, ['flat']],
    ['more than half of the columns', { flatColumns: 0.51 }, ['flat']],
    ['two faults', { jpegQuality: 30, flatRows: 0.6, hf: -18 }, ['soft', 'over-compressed', 'flat']],
  ])('of %s', (_, measures, codes) => {
    const findings = judgeMeasures({ ...sound, ...measures }, 'jpeg');
    expect(codesOf({ findings })).toEqual(codes);
    expect(findings.every(({ level }) => level === 'warning')).toBe(true);
  });
});

// What becomes of a photograph on its way to the editor: pictures that are what they seem, and pictures that are not.
import sharp, { type JpegOptions, type KernelEnum, type Sharp } from 'sharp';
import type { PhotoFormat } from '../src/photo/file-kind.ts';
import type { Size } from '../src/photo/size-rule.ts';
import { chanceFrom, type Chance } from './prose.ts';

/** How a picture is enlarged: sharp's kernels, and as a browser's canvas does. */
type Kernel = keyof KernelEnum | 'browser';

/** A picture made from a photograph. */
export interface Derived {
  /** `honest`: it must not be refused; `fake`: a small picture enlarged; the others deserve a warning. */
  kind: 'honest' | 'fake' | 'blurred' | 'over-compressed';
  /** What was done to it. */
  name: string;
  format: PhotoFormat;
  file: Buffer;
  /** Of a fake: how it was enlarged, and the long side that it had before, in pixels of the final picture's extent. */
  fake?: { kernel: Kernel; sourceLong: number; factor: number };
}

/** A photograph, upright and decoded. */
export interface Photograph extends Size {
  name: string;
  data: Buffer;
}

/** Every photo on the site is at least this large. */
const LEAST = { long: 1920, short: 1080 };

const CAMERA_KERNELS = ['lanczos3', 'cubic', 'mitchell', 'linear', 'nearest'] as const;
const FAKE_KERNELS = ['nearest', 'linear', 'cubic', 'mitchell', 'lanczos3', 'browser'] as const;
const SENDING_KERNELS = ['lanczos3', 'cubic', 'linear'] as const;
/** Long sides that messengers reduce to. */
const SENT_SIDES = [720, 1080, 1280, 1440, 1600];
const ENLARGED_SIDES = [1920, 1920, 2048, 2160, 2400, 2560, 3000, 3840, 4000];

/** Reads a photograph upright, without alpha. */
export async function readPhotograph(path: string): Promise<Photograph> {
  const upright = sharp(path).autoOrient().removeAlpha().toColourspace('srgb');
  const { data, info } = await upright.raw().toBuffer({ resolveWithObject: true });
  return { name: path, data, width: info.width, height: info.height };
}

function isLarge({ width, height }: Size): boolean {
  return Math.max(width, height) >= LEAST.long && Math.min(width, height) >= LEAST.short;
}

function longOf({ width, height }: Size): number {
  return Math.max(width, height);
}

/** The least long side at which a picture of these proportions is large enough. */
function leastSide(size: Size): number {
  return Math.max(LEAST.long, Math.ceil((LEAST.short * longOf(size)) / Math.min(size.width, size.height)));
}

function open({ data, width, height }: Photograph): Sharp {
  return sharp(data, { raw: { width, height, channels: 3 } });
}

async function rawOf(name: string, picture: Sharp): Promise<Photograph> {
  const { data, info } = await picture.raw().toBuffer({ resolveWithObject: true });
  return { name, data, width: info.width, height: info.height };
}

function scaled(photo: Photograph, long: number, kernel: keyof KernelEnum): Sharp {
  const scale = long / longOf(photo);
  const size = { width: Math.round(photo.width * scale), height: Math.round(photo.height * scale) };
  return open(photo).resize({ ...size, fit: 'fill', kernel });
}

/** As canvas does at medium quality: doubled bilinearly until it is nearly there. */
async function enlargedAsInBrowsers(photo: Photograph, long: number): Promise<Photograph> {
  let step = photo;
  while (longOf(step) * 2 < long) {
    step = await rawOf(photo.name, scaled(step, longOf(step) * 2, 'linear'));
  }
  return rawOf(photo.name, scaled(step, long, 'linear'));
}

function jpeg(chance: Chance, low: number, high: number): JpegOptions {
  return { quality: chance.whole(low, high), chromaSubsampling: chance.whole(0, 2) === 0 ? '4:4:4' : '4:2:0' };
}

/** A part of the photo, at any offset, that is at least so large a share of each side. */
function cropped(photo: Photograph, chance: Chance, share: number): Sharp {
  const width = Math.ceil(photo.width * (share + ((1 - share) * chance.whole(0, 100)) / 100));
  const height = Math.ceil(photo.height * (share + ((1 - share) * chance.whole(0, 100)) / 100));
  const left = chance.whole(0, photo.width - width);
  const top = chance.whole(0, photo.height - height);
  return open(photo).extract({ left, top, width, height });
}

/** Draws an upright lattice over half of the photo, as windows, tiles or a fence would be: every `period` pixels. */
function latticed({ name, data, width, height }: Photograph, period: number): Photograph {
  const drawn = Buffer.from(data);
  const bar = Math.max(1, period / 5);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width / 2; x++) {
      if (x % period >= bar && y % period >= bar) continue;
      const at = (y * width + x) * 3;
      for (let channel = 0; channel < 3; channel++) drawn[at + channel] = (drawn[at + channel] ?? 0) >> 1;
    }
  }
  return { name, data: drawn, width, height };
}

/** Draws upright lines of strokes as a banner or a notice board has them: a cell of `size` pixels for each character. */
function lettered({ name, data, width, height }: Photograph, size: number, chance: Chance): Photograph {
  const drawn = Buffer.from(data);
  const stroke = Math.max(2, size >> 3);
  for (let top = height >> 2; top + size < height >> 1; top += Math.round(size * 1.5)) {
    for (let left = width >> 3; left + size < (width * 7) >> 3; left += size) {
      const across = chance.whole(0, size - stroke);
      const down = chance.whole(0, size - stroke);
      for (let y = 0; y < size; y++) {
        for (let x = 0; x < size * 0.9; x++) {
          const inked = (x >= across && x < across + stroke) || (y >= down && y < down + stroke);
          drawn.fill(inked ? 30 : 235, ((top + y) * width + left + x) * 3, ((top + y) * width + left + x) * 3 + 3);
        }
      }
    }
  }
  return { name, data: drawn, width, height };
}

async function* honest(photo: Photograph, chance: Chance): AsyncGenerator<Derived> {
  const derive = async (name: string, format: PhotoFormat, picture: Sharp): Promise<Derived> => ({
    kind: 'honest',
    name,
    format,
    file: await picture.toBuffer(),
  });
  const least = leastSide(photo);
  const anySide = (of = photo): number => chance.whole(Math.min(leastSide(of), longOf(of)), longOf(of));

  yield derive('saved again', 'jpeg', open(photo).jpeg(jpeg(chance, 75, 84)));
  yield derive('saved again, well', 'jpeg', open(photo).jpeg(jpeg(chance, 85, 95)));
  yield derive('mozjpeg', 'jpeg', open(photo).jpeg({ quality: chance.whole(74, 90), mozjpeg: true }));
  yield derive(
    'turned',
    'jpeg',
    open(photo)
      .rotate(90)
      .jpeg(jpeg(chance, 75, 95)),
  );
  for (const kernel of CAMERA_KERNELS) {
    yield derive(`reduced, ${kernel}`, 'jpeg', scaled(photo, anySide(), kernel).jpeg(jpeg(chance, 75, 95)));
  }
  const low = await scaled(photo, anySide(), 'lanczos3')
    .jpeg({ quality: chance.whole(60, 85) })
    .toBuffer();
  yield derive('saved low, then well', 'jpeg', sharp(low).jpeg(jpeg(chance, 85, 95)));
  const before = await rawOf(photo.name, sharp(low));
  yield derive('reduced twice', 'jpeg', scaled(before, anySide(before), 'cubic').jpeg(jpeg(chance, 75, 95)));
  const part = await rawOf(photo.name, cropped(photo, chance, 0.6));
  if (isLarge(part)) yield derive('cropped', 'jpeg', open(part).jpeg(jpeg(chance, 75, 95)));
  yield derive('sharpened', 'jpeg', scaled(photo, anySide(), 'lanczos3').sharpen({ sigma: 0.8 }).jpeg({ quality: 88 }));
  const period = chance.whole(40, 200) / 10;
  yield derive('with a lattice', 'jpeg', open(latticed(photo, period)).jpeg(jpeg(chance, 75, 95)));
  const size = chance.whole(16, 60);
  yield derive('with letters', 'jpeg', open(lettered(photo, size, chance)).jpeg(jpeg(chance, 75, 95)));
  yield derive('WebP', 'webp', scaled(photo, anySide(), 'lanczos3').webp({ quality: 80, effort: 0 }));
  yield derive('AVIF', 'avif', scaled(photo, least, 'lanczos3').avif({ quality: 60, effort: 0 }));
  yield derive('PNG', 'png', scaled(photo, least, 'cubic').png({ compressionLevel: 1 }));
}

async function fake(photo: Photograph, chance: Chance, kernel: Kernel): Promise<Derived | undefined> {
  const part = chance.whole(0, 3) === 0 ? await rawOf(photo.name, cropped(photo, chance, 0.7)) : photo;
  const sent = chance.one(SENT_SIDES);
  const shrunk = scaled(part, sent, chance.one(SENDING_KERNELS));
  const quality = chance.whole(40, 85);
  let small = await rawOf(photo.name, sharp(await shrunk.jpeg({ quality }).toBuffer()));
  // Some are cropped to another shape before they are enlarged.
  if (chance.whole(0, 3) === 0) small = await rawOf(photo.name, cropped(small, chance, 0.75));
  const sourceLong = longOf(small);
  const wanted = chance.whole(0, 2) === 0 ? chance.whole(1920, 4000) : chance.one(ENLARGED_SIDES);
  const long = Math.max(leastSide(small) + 1, wanted);
  const enlarged =
    kernel === 'browser'
      ? await enlargedAsInBrowsers(small, long)
      : await rawOf(photo.name, scaled(small, long, kernel));
  if (!isLarge(enlarged)) return undefined;
  const sharper = chance.whole(0, 3) === 0;
  const picture = sharper ? open(enlarged).sharpen({ sigma: chance.whole(8, 15) / 10 }) : open(enlarged);
  const saved = jpeg(chance, 75, 95);
  return {
    kind: 'fake',
    name: `${sourceLong} at ${quality} → ${long}, ${kernel}${sharper ? ', sharpened' : ''}, at ${String(saved.quality)}`,
    format: 'jpeg',
    file: await picture.jpeg(saved).toBuffer(),
    fake: { kernel, sourceLong, factor: long / sourceLong },
  };
}

async function* flawed(photo: Photograph, chance: Chance): AsyncGenerator<Derived> {
  const long = longOf(photo);
  for (const sigma of [2, 4]) {
    const blurred = open(photo).blur((sigma * long) / 1920);
    yield {
      kind: 'blurred',
      name: `blurred ${sigma}`,
      format: 'jpeg',
      file: await blurred.jpeg({ quality: 88 }).toBuffer(),
    };
  }
  const quality = chance.whole(20, 49);
  for (const mozjpeg of [false, true]) {
    const file = await open(photo).jpeg({ quality, mozjpeg }).toBuffer();
    yield { kind: 'over-compressed', name: `at ${quality}`, format: 'jpeg', file };
  }
}

/** The pictures made from a photograph, always the same for the same serial number. Too small a photograph has none. */
export async function* derivedFrom(photo: Photograph, serial: number): AsyncGenerator<Derived> {
  if (!isLarge(photo)) return;
  const chance = chanceFrom(serial);
  yield* honest(photo, chance);
  for (const kernel of FAKE_KERNELS) {
    const made = await fake(photo, chance, kernel);
    if (made) yield made;
  }
  yield* flawed(photo, chance);
}

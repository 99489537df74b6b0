// Derives pictures from photographs by the changes that happen to photos before they reach the editor: harmless ones,
// and flaws that must be detected.
import sharp, { type JpegOptions, type KernelEnum, type Sharp } from 'sharp';
import type { PhotoFormat } from '../src/photo/rules/file-kind.ts';
import type { Size } from '../src/photo/rules/size-rule.ts';
import { chanceFrom, type Chance } from './prose.ts';

/** Ways to enlarge a picture: the kernels of sharp, and the canvas of a browser. */
const ENLARGING_KERNELS = ['nearest', 'linear', 'cubic', 'mitchell', 'lanczos3', 'browser'] as const;
const REDUCING_KERNELS = ['lanczos3', 'cubic', 'mitchell', 'linear', 'nearest'] as const;
const SENDING_KERNELS = ['lanczos3', 'cubic', 'linear'] as const;

/** Photos as messaging apps send them: least and greatest long side in pixels, least and greatest JPEG quality. */
const SENT = { least: 720, most: 1600, quality: [55, 80] } as const;
/** Least and greatest factor by which a photo from a messaging app is enlarged afterwards. */
const FACTOR = { least: 1.2, most: 3 };

/** A picture that was derived from a photograph. */
export interface Derived {
  /**
   * What was done to the picture. `honest`: harmless changes; the picture must not be refused. `enlarged`: a messaging
   * app reduced the photo, then it was enlarged; the picture should be refused. Pictures of the other kinds should get
   * a warning.
   */
  kind: 'honest' | 'enlarged' | 'blurred' | 'over-compressed';
  /** Short description of the changes. */
  name: string;
  format: PhotoFormat;
  file: Buffer;
  /** For an enlarged picture: the kernel, the long side before the enlargement in pixels, and the factor. */
  from?: { kernel: (typeof ENLARGING_KERNELS)[number]; sourceLong: number; factor: number };
}

/** A photograph, decoded and upright: RGB values, three bytes for each pixel. */
export interface Photograph extends Size {
  data: Buffer;
}

/** Least long and short side of a photo on the site, in pixels. */
const LEAST = { long: 1920, short: 1080 };

async function rawOf(picture: Sharp): Promise<Photograph> {
  const { data, info } = await picture.raw().toBuffer({ resolveWithObject: true });
  return { data, width: info.width, height: info.height };
}

/** Reads a photograph from a file: upright, in sRGB, without alpha channel. */
export async function readPhotograph(path: string): Promise<Photograph> {
  return rawOf(sharp(path).autoOrient().removeAlpha().toColourspace('srgb'));
}

function longOf({ width, height }: Size): number {
  return Math.max(width, height);
}

function isLarge(size: Size): boolean {
  return longOf(size) >= LEAST.long && Math.min(size.width, size.height) >= LEAST.short;
}

/** Returns the least long side in pixels at which a picture with these proportions is large enough for the site. */
function leastSide(size: Size): number {
  return Math.max(LEAST.long, Math.ceil((LEAST.short * longOf(size)) / Math.min(size.width, size.height)));
}

function open({ data, width, height }: Photograph): Sharp {
  return sharp(data, { raw: { width, height, channels: 3 } });
}

function scaled(photo: Photograph, long: number, kernel: keyof KernelEnum): Sharp {
  const scale = long / longOf(photo);
  const size = { width: Math.round(photo.width * scale), height: Math.round(photo.height * scale) };
  return open(photo).resize({ ...size, fit: 'fill', kernel });
}

/**
 * Enlarges a photo like a browser's canvas at medium quality: doubles it bilinearly as often as possible, then scales
 * it to the final long side `long`, in pixels.
 */
async function enlargedAsInBrowsers(photo: Photograph, long: number): Promise<Photograph> {
  let step = photo;
  while (longOf(step) * 2 < long) step = await rawOf(scaled(step, longOf(step) * 2, 'linear'));
  return rawOf(scaled(step, long, 'linear'));
}

function jpeg(chance: Chance, low: number, high: number): JpegOptions {
  return { quality: chance.whole(low, high), chromaSubsampling: chance.whole(0, 2) === 0 ? '4:4:4' : '4:2:0' };
}

/** Returns a random part of the photo whose sides are at least `share` (0 to 1) of the photo's. */
function cropped(photo: Photograph, chance: Chance, share: number): Sharp {
  const part = (side: number): number => Math.ceil(side * (share + ((1 - share) * chance.whole(0, 100)) / 100));
  const [width, height] = [part(photo.width), part(photo.height)];
  const left = chance.whole(0, photo.width - width);
  return open(photo).extract({ left, top: chance.whole(0, photo.height - height), width, height });
}

/**
 * Draws a lattice over the left `share` (0 to 1) of the photo, like windows, tiles, a fence or woven cloth. Horizontal
 * and vertical bars every `period` pixels darken the photo by `shade` (0 to 1).
 */
function latticed(photo: Photograph, lattice: { period: number; share: number; shade: number }): Photograph {
  const { width, height } = photo;
  const { period } = lattice;
  const data = Buffer.from(photo.data);
  const bar = Math.max(1, period / 5);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width * lattice.share; x++) {
      if (x % period >= bar && y % period >= bar) continue;
      const at = (y * width + x) * 3;
      for (let channel = at; channel < at + 3; channel++) data[channel] = (data[channel] ?? 0) * (1 - lattice.shade);
    }
  }
  return { data, width, height };
}

/**
 * Draws lines of strokes that resemble the characters on a banner or notice board, each in a square of `size` pixels.
 */
function lettered({ data, width, height }: Photograph, size: number, chance: Chance): Photograph {
  const drawn = Buffer.from(data);
  const stroke = Math.max(2, size >> 3);
  for (let top = height >> 2; top + size < height >> 1; top += Math.round(size * 1.5)) {
    for (let left = width >> 3; left + size < (width * 7) >> 3; left += size) {
      const across = chance.whole(0, size - stroke);
      const down = chance.whole(0, size - stroke);
      for (let y = 0; y < size; y++) {
        for (let x = 0; x < size * 0.9; x++) {
          const inked = (x >= across && x < across + stroke) || (y >= down && y < down + stroke);
          const at = ((top + y) * width + left + x) * 3;
          drawn.fill(inked ? 30 : 235, at, at + 3);
        }
      }
    }
  }
  return { data: drawn, width, height };
}

async function* honest(photo: Photograph, chance: Chance): AsyncGenerator<Derived> {
  const derive = async (name: string, picture: Sharp, format: PhotoFormat = 'jpeg'): Promise<Derived> => ({
    kind: 'honest',
    name,
    format,
    file: await picture.toBuffer(),
  });
  const anySide = (of = photo): number => chance.whole(Math.min(leastSide(of), longOf(of)), longOf(of));
  const reduced = (of = photo): Sharp => scaled(of, anySide(of), chance.one(REDUCING_KERNELS));

  yield derive('saved again', open(photo).jpeg(jpeg(chance, 75, 84)));
  yield derive('saved with mozjpeg', open(photo).jpeg({ quality: chance.whole(74, 90), mozjpeg: true }));
  yield derive(
    'turned',
    open(photo)
      .rotate(90)
      .jpeg(jpeg(chance, 75, 95)),
  );
  yield derive('reduced', reduced().jpeg(jpeg(chance, 75, 95)));
  yield derive(
    'reduced and sharpened',
    reduced()
      .sharpen({ sigma: 0.8 })
      .jpeg(jpeg(chance, 80, 95)),
  );
  for (const name of ['saved badly, reduced', 'saved badly, reduced again']) {
    const badly = await open(photo)
      .jpeg({ quality: chance.whole(50, 80) })
      .toBuffer();
    yield derive(name, reduced(await rawOf(sharp(badly))).jpeg(jpeg(chance, 75, 95)));
  }
  const twice = await rawOf(
    sharp(
      await reduced()
        .jpeg(jpeg(chance, 60, 85))
        .toBuffer(),
    ),
  );
  yield derive('reduced twice', reduced(twice).jpeg(jpeg(chance, 75, 95)));
  const part = await rawOf(cropped(photo, chance, 0.6));
  if (isLarge(part)) yield derive('cropped', open(part).jpeg(jpeg(chance, 75, 95)));
  yield derive(
    'a little soft',
    open(photo)
      .blur(1)
      .jpeg(jpeg(chance, 75, 95)),
  );
  for (const share of [0.5, 1]) {
    const barred = latticed(photo, { period: chance.whole(40, 240) / 10, share, shade: chance.whole(10, 50) / 100 });
    const picture = chance.whole(0, 1) === 0 ? open(barred) : open(barred).blur(chance.whole(8, 15) / 10);
    yield derive(`with a lattice over ${share}`, picture.jpeg(jpeg(chance, 75, 95)));
  }
  yield derive('with letters', open(lettered(photo, chance.whole(16, 60), chance)).jpeg(jpeg(chance, 75, 95)));
  const format = chance.one(['webp', 'avif', 'png'] as const);
  const small = scaled(photo, leastSide(photo), 'lanczos3');
  if (format === 'webp') yield derive('WebP', small.webp({ quality: 80, effort: 0 }), format);
  else if (format === 'avif') yield derive('AVIF', small.avif({ quality: 60, effort: 0 }), format);
  else yield derive('PNG', small.png({ compressionLevel: 1 }), format);
}

async function enlarged(
  photo: Photograph,
  chance: Chance,
  kernel: (typeof ENLARGING_KERNELS)[number],
): Promise<Derived> {
  const sent = scaled(photo, chance.whole(SENT.least, SENT.most), chance.one(SENDING_KERNELS));
  let small = await rawOf(sharp(await sent.jpeg({ quality: chance.whole(...SENT.quality) }).toBuffer()));
  // A quarter of these photos is cropped before being enlarged.
  if (chance.whole(0, 3) === 0) small = await rawOf(cropped(small, chance, 0.8));
  const sourceLong = longOf(small);
  const least = Math.max(FACTOR.least, leastSide(small) / sourceLong);
  const factor = least + (Math.max(0, FACTOR.most - least) * chance.whole(0, 100)) / 100;
  const long = Math.ceil(sourceLong * factor) + 1;
  const large =
    kernel === 'browser' ? await enlargedAsInBrowsers(small, long) : await rawOf(scaled(small, long, kernel));
  const sharper = chance.whole(0, 3) === 0;
  const picture = sharper ? open(large).sharpen({ sigma: chance.whole(8, 15) / 10 }) : open(large);
  return {
    kind: 'enlarged',
    name: `${sourceLong} → ${long}, ${kernel}${sharper ? ', sharpened' : ''}`,
    format: 'jpeg',
    file: await picture.jpeg(jpeg(chance, 80, 95)).toBuffer(),
    from: { kernel, sourceLong, factor: long / sourceLong },
  };
}

async function* flawed(photo: Photograph, chance: Chance): AsyncGenerator<Derived> {
  const blurred = open(photo).blur((3 * longOf(photo)) / 1920);
  yield {
    kind: 'blurred',
    name: 'blurred',
    format: 'jpeg',
    file: await blurred.jpeg({ quality: 88 }).toBuffer(),
  };
  const options = { quality: chance.whole(20, 49), mozjpeg: chance.whole(0, 1) === 0 };
  yield {
    kind: 'over-compressed',
    name: `at ${options.quality}`,
    format: 'jpeg',
    file: await open(photo).jpeg(options).toBuffer(),
  };
}

/**
 * Yields all pictures derived from a photograph; none if the photograph is too small for the site. The same `serial`
 * always yields the same changes.
 */
export async function* derivedFrom(photo: Photograph, serial: number): AsyncGenerator<Derived> {
  if (!isLarge(photo)) return;
  const chance = chanceFrom(serial);
  yield* honest(photo, chance);
  for (const kernel of ENLARGING_KERNELS) yield enlarged(photo, chance, kernel);
  yield* flawed(photo, chance);
}

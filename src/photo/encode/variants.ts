// Runs in browser and Node: pure.
import type { Size } from '../rules/size-rule.ts';

/**
 * Settings of the encoding of photos. They were measured on six camera photographs; figures are CPU time, bytes at
 * equal luma SSIM, and SSIM. `npm run bench:photos` compares them with other settings and programs.
 *
 * - AVIF at 1200 px. Effort 3, 4:4:4, quality 52: 805 ms, 79 kB, SSIM 0.951. Effort 1, 4:2:0, quality 54: 203 ms, 85
 *   kB (+7 %, the same at 480 to 1920 px), the same SSIM. Effort 0 with 4:2:0: 71 ms, 90 kB (+14 %, which readers would
 *   load). Effort 2: twice the time of effort 1 for 2 % fewer bytes. Effort 4, sharp's default: over four times the
 *   time of effort 3.
 * - 4:2:0 compared with 4:4:4: 4 % fewer bytes; the colour planes lose 0.007 SSIM. White and yellow characters on a
 *   red banner look the same at twice their size. The JPEG uses 4:2:0 too.
 * - libaom's tuning for still images, sharp's default, beats `psnr` and `ssim` even in SSIM (by 1 to 3 %). Encoding
 *   with 10 bits takes twice the time and gains nothing.
 * - JPEG with mozjpeg's tables but without its trellis quantisation: 27 ms instead of 109 ms for 4 % more bytes, in a
 *   file that few browsers request.
 * - All variants are scaled from the widest. Scaling each variant from the next wider one saves 1 % of the time and
 *   is less sharp. Each photo uses one thread, and many photos run at once: a second thread costs 40 % more CPU time.
 *
 * Raise `version` if the encoded files change for a reason outside these settings (sharp, the code).
 */
export const ENCODING = {
  version: 2,
  /** Widths of the AVIF variants in pixels, ascending. */
  widths: [480, 800, 1200, 1920],
  avif: { quality: 54, effort: 1, chromaSubsampling: '4:2:0' },
  /** The only fallback: for browsers without AVIF, and for services that show a link as a card. */
  jpeg: { width: 1200, options: { quality: 71, progressive: true, quantisationTable: 3 } },
} as const;

/** Settings of the light JPEG for editors. `width` is its greatest width in pixels. */
export const LIGHT = { version: 1, width: 1200, quality: 75 } as const;

/** One encoded file of a photo, with its size in pixels. */
export interface Variant extends Size {
  format: 'avif' | 'jpeg';
  /** Name of the file, unique among the variants of a photo. */
  name: string;
}

export const MIME_TYPES = { avif: 'image/avif', jpeg: 'image/jpeg' } as const;

const FILE_ENDINGS = { avif: 'avif', jpeg: 'jpg' } as const;

/**
 * Returns a short key that changes if any of the settings changes: the version, a hyphen, and the FNV-1a hash (32 bits,
 * 8 hexadecimal digits) of the settings as JSON.
 */
export function settingsKey(settings: { version: number } = ENCODING): string {
  let hash = 0x811c9dc5;
  for (const character of JSON.stringify(settings)) {
    hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 0x01000193);
  }
  return `${settings.version}-${(hash >>> 0).toString(16).padStart(8, '0')}`;
}

/**
 * Returns the files that a photo of this size is encoded to: the AVIF files by ascending width, then the JPEG. No file
 * is wider than the photo. If the photo is narrower than the largest width of ENCODING, the widest file is as wide as
 * the photo. Returns none if a side is 0.
 */
export function variantsOf({ width, height }: Size): Variant[] {
  if (width < 1 || height < 1) return [];
  const at = (format: Variant['format'], wanted: number): Variant => {
    const narrowed = Math.min(wanted, width);
    const lowered = Math.max(1, Math.round((height * narrowed) / width));
    return { format, width: narrowed, height: lowered, name: `${narrowed}.${FILE_ENDINGS[format]}` };
  };
  const widths = new Set(ENCODING.widths.map((wanted) => Math.min(wanted, width)));
  return [...[...widths].map((wanted) => at('avif', wanted)), at('jpeg', ENCODING.jpeg.width)];
}

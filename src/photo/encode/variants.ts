// Runs in browser and Node: pure.
import type { Size } from '../rules/size-rule.ts';

/**
 * How photos are encoded. Measured on six camera photographs (CPU time; bytes at equal luma SSIM; the whole comparison
 * with others: npm run bench:photos):
 *
 * - AVIF at 1200 px. Effort 3, 4:4:4, quality 52: 805 ms, 79 kB, SSIM 0.951. Effort 1, 4:2:0, quality 54: 203 ms,
 *   85 kB (+7 %, the same at 480 to 1920 px), the same SSIM. Effort 0 with 4:2:0: 71 ms, 90 kB (+14 %, which readers
 *   would load). Effort 2: twice the time of 1 for 2 % fewer bytes. Effort 4, sharp's default: over 4 × effort 3.
 * - 4:2:0 against 4:4:4: 4 % fewer bytes; the colour planes lose 0.007 SSIM. White and yellow characters on a red
 *   banner look the same at twice their size. The JPEG uses 4:2:0 too.
 * - libaom's tuning for still images, sharp's default, beats `psnr` and `ssim` even in SSIM (by 1 to 3 %); 10 bits cost
 *   twice the time and gain nothing.
 * - JPEG with mozjpeg's tables but without its trellis: 27 ms instead of 109 for 4 % more bytes, in a file that few
 *   browsers request.
 * - All variants are scaled from the widest: scaling each from the one before saves 1 % of the time and is less sharp.
 *   Each photo uses one thread, and many photos run at once: a second thread costs 40 % more CPU time.
 *
 * Raise `version` when something that is not written here (sharp, the code) changes the files.
 */
export const ENCODING = {
  version: 2,
  /** Widths of the AVIF variants in pixels, ascending. */
  widths: [480, 800, 1200, 1920],
  avif: { quality: 54, effort: 1, chromaSubsampling: '4:2:0' },
  /** The only fallback, for browsers without AVIF and for services that show a link as a card. */
  jpeg: { width: 1200, options: { quality: 71, progressive: true, quantisationTable: 3 } },
} as const;

/** Settings of the light JPEG for editors. `width` is the greatest width in pixels. */
export const LIGHT = { version: 1, width: 1200, quality: 75 } as const;

/** One encoded file of a photo. */
export interface Variant extends Size {
  format: 'avif' | 'jpeg';
  /** File name, unique among a photo's variants. */
  name: string;
}

export const MIME_TYPES = { avif: 'image/avif', jpeg: 'image/jpeg' } as const;

const FILE_ENDINGS = { avif: 'avif', jpeg: 'jpg' } as const;

/** Returns a short key for the settings that changes when any of them does (FNV-1a, 32 bits, over their JSON). */
export function settingsKey(settings: { version: number } = ENCODING): string {
  let hash = 0x811c9dc5;
  for (const character of JSON.stringify(settings)) {
    hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 0x01000193);
  }
  return `${settings.version}-${(hash >>> 0).toString(16).padStart(8, '0')}`;
}

/**
 * Returns the files that a photo of this size is encoded to: AVIF by ascending width, then the JPEG. None is wider than
 * the original; if the original is narrower than the largest width, the widest file has its width. A size of 0 has
 * none.
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

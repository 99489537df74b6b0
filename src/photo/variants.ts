// Runs in browser and Node: pure.
import type { Size } from './size-rule.ts';

/**
 * How photos are encoded. AVIF quality 52 equals mozjpeg 74 (SSIM); AVIF effort 4 would cost five times effort 3 for
 * 6 % fewer bytes. `version` is raised when something changes the files that is not written here (sharp, the code).
 */
export const ENCODING = {
  version: 1,
  /** Widths of the AVIF variants in pixels, ascending. */
  widths: [480, 800, 1200, 1920],
  avif: { quality: 52, effort: 3 },
  /** The one fallback, for browsers without AVIF. */
  jpeg: { width: 1200, quality: 74, mozjpeg: true },
} as const;

/** One encoded file of a photo. */
export interface Variant extends Size {
  format: 'avif' | 'jpeg';
  /** File name, unique among a photo's variants. */
  name: string;
}

export const MIME_TYPES = { avif: 'image/avif', jpeg: 'image/jpeg' } as const;

const FILE_ENDINGS = { avif: 'avif', jpeg: 'jpg' } as const;

/** A short name for the settings that differs when any of them does (FNV-1a, 32 bits, over their JSON). */
export function settingsKey(settings: { version: number } = ENCODING): string {
  let hash = 0x811c9dc5;
  for (const character of JSON.stringify(settings)) {
    hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 0x01000193);
  }
  return `${settings.version}-${(hash >>> 0).toString(16).padStart(8, '0')}`;
}

/**
 * The files a photo of this size is encoded to: AVIF by ascending width, then the JPEG. Never wider than the
 * original: where that is narrower than the largest width, it is the largest itself. A size of 0 has none.
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

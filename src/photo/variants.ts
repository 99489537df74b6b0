export interface Variant { format: 'avif' | 'jpeg'; width: number; height: number; name: string }
export const MIME_TYPES = { avif: 'image/avif', jpeg: 'image/jpeg' } as const;
export function variantsOf({ width, height }: { width: number; height: number }): Variant[] {
  const at = (format: 'avif' | 'jpeg', w: number) => ({ format, width: w, height: Math.round((height * w) / width), name: `${w}.${format === 'avif' ? 'avif' : 'jpg'}` });
  const widths = [...new Set([480, 800, 1200, 1920].map((w) => Math.min(w, width)))];
  return [...widths.map((w) => at('avif', w)), at('jpeg', Math.min(1200, width))];
}

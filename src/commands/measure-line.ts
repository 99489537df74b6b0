import type { PictureMeasures } from '../photo/judging/judgement.ts';

/** Functions that format a measure of a picture with its name and unit, in the order of display. */
const WORDS: Record<keyof PictureMeasures, (value: string) => string> = {
  up: (value) => `放大痕迹 ${value}`,
  drawn: (value) => `同周期的图案 ${value}`,
  down: (value) => `缩小痕迹 ${value}`,
  sourceLong: (value) => `痕迹对应的长边 ${value} 像素`,
  hf: (value) => `细节 ${value} dB`,
  knee: (value) => `细节断层 ${value} dB`,
  acutance: (value) => `边缘锐度 ${value}`,
  flatness: (value) => `单色行列占比 ${value}`,
  jpegQuality: (value) => `JPEG 质量约 ${value}`,
};

/**
 * Returns the measures of a picture as one line, rounded to two decimals. The line is empty if there are no measures.
 */
export function measureLine(measures: Readonly<Record<string, number>>): string {
  return Object.entries(WORDS)
    .flatMap(([name, say]) => {
      const value = measures[name];
      return value === undefined ? [] : [say(String(Math.round(value * 100) / 100))];
    })
    .join('，');
}

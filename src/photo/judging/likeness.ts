// Runs in browser and Node: pure.
import type { GreyPicture } from './luma.ts';
import { reduced } from './reduction.ts';

/**
 * What a picture looks like, whatever its size and compression: two hashes of 256 bits, as 64 hexadecimal digits each.
 * dHash and pHash after N. Krawetz, “Looks like it” and “Kind of like that” (hackerfactor.com, 2011 and 2013).
 */
export interface Likeness {
  /** Whether it gets lighter from left to right, at 16 × 16 places. */
  difference: string;
  /** Which of the 16 × 16 slowest waves (DCT) are above their median. */
  frequency: string;
}

/** Bits of a hash along a side. */
const SIDE = 16;
/** Pixels along a side of the picture that waves are taken from. */
const WAVE_SIDE = 64;
/** Levels below which a difference is grain or rounding. */
const GRAIN = 0.5;
function hexadecimal(bits: readonly boolean[]): string {
  let digits = '';
  for (let at = 0; at < bits.length; at += 4) {
    const nibble = bits.slice(at, at + 4).reduce((value, bit) => value * 2 + (bit ? 1 : 0), 0);
    digits += nibble.toString(16);
  }
  return digits;
}

function differenceHash(picture: GreyPicture): string {
  const { luma, width } = reduced(picture, { width: SIDE + 1, height: SIDE });
  const bits = Array.from({ length: SIDE * SIDE }, (_, bit) => {
    const at = Math.floor(bit / SIDE) * width + (bit % SIDE);
    return (luma[at + 1] ?? 0) - (luma[at] ?? 0) > GRAIN;
  });
  return hexadecimal(bits);
}

/** The first SIDE coefficients of each line of WAVE_SIDE values: DCT-II, orthonormal. */
function slowWaves(values: Float64Array): Float64Array {
  const lines = values.length / WAVE_SIDE;
  const waves = new Float64Array(lines * SIDE);
  for (let line = 0; line < lines; line++) {
    for (let wave = 0; wave < SIDE; wave++) {
      let sum = 0;
      for (let at = 0; at < WAVE_SIDE; at++)
        sum += (values[line * WAVE_SIDE + at] ?? 0) * (WAVES[wave * WAVE_SIDE + at] ?? 0);
      // Transposed: the second time the other direction is transformed, and the result lies as it did.
      waves[wave * lines + line] = sum;
    }
  }
  return waves;
}

const WAVES = Float64Array.from({ length: SIDE * WAVE_SIDE }, (_, index) => {
  const wave = Math.floor(index / WAVE_SIDE);
  const scale = Math.sqrt((wave === 0 ? 1 : 2) / WAVE_SIDE);
  return scale * Math.cos((Math.PI * wave * ((index % WAVE_SIDE) + 0.5)) / WAVE_SIDE);
});

function frequencyHash(picture: GreyPicture): string {
  const { luma } = reduced(picture, { width: WAVE_SIDE, height: WAVE_SIDE });
  const waves = slowWaves(slowWaves(Float64Array.from(luma)));
  const clear = waves.map((wave) => (Math.abs(wave) < GRAIN * SIDE ? 0 : wave));
  const middle = clear.toSorted()[clear.length / 2] ?? 0;
  return hexadecimal(Array.from(clear, (wave) => wave > middle));
}

/** What a picture looks like; takes little time where the picture is small. */
export function likenessOf(picture: GreyPicture): Likeness {
  return { difference: differenceHash(picture), frequency: frequencyHash(picture) };
}

export { areAlike, LikenessIndex } from './likeness-index.ts';

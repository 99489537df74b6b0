// Runs in browser and Node: pure.
import { FourierTransform, hannWindow } from './fourier.ts';
import type { GreyPicture } from './luma.ts';
import { quantile } from './quantile.ts';
import { TILE, type Tile } from './active-tiles.ts';

/**
 * Number of rings that a spectrum is divided into, of equal width from frequency 0 to the Nyquist frequency (half a
 * cycle per pixel).
 */
const RINGS = TILE / 2;

/**
 * First and last ring of fine detail (FINE) and of coarser detail (COARSE): 0.72–0.95 and 0.30–0.60 of the Nyquist
 * frequency.
 */
const FINE = { from: 23, to: 30 };
const COARSE = { from: 10, to: 19 };
/**
 * In an enlarged picture, power falls steeply at one frequency, the knee. These are the first and last ring of a band
 * before it and of a band after it: 0.44–0.50 and 0.59–0.66 of the Nyquist frequency.
 */
const BEFORE_KNEE = { from: 14, to: 16 };
const AFTER_KNEE = { from: 19, to: 21 };

/** Power below rounding errors, in levels². It is added so that decibels stay finite if there is no power. */
const NOTHING = 1e-3;

/** How much fine detail a picture shows, at the size at which it is measured. */
export interface Detail {
  /** Power of fine detail relative to coarser detail, in dB: the upper quartile of the tiles. */
  hf: number;
  /**
   * How much power falls near the middle of the spectrum, in dB. It is a mean over a quarter of the tiles: those with
   * the most fine detail. It is high if the picture was enlarged.
   */
  knee: number;
}

const decibels = (power: number): number => 10 * Math.log10(power + NOTHING);

function mean(values: Float64Array, { from, to }: { from: number; to: number }): number {
  let sum = 0;
  for (let at = from; at <= to; at++) sum += values[at] ?? 0;
  return sum / (to - from + 1);
}

/** Measures the power of tiles by frequency, averaged over all directions. */
class RadialPower {
  readonly #fourier = new FourierTransform(TILE);
  readonly #window = hannWindow(TILE);
  readonly #real = new Float64Array(TILE * TILE);
  readonly #imaginary = new Float64Array(TILE * TILE);

  /** Returns the mean power in each ring of a tile's spectrum, in levels², not normalised. */
  of(picture: GreyPicture, tile: Tile): Float64Array {
    this.#load(picture, tile);
    for (let y = 0; y < TILE; y++) this.#fourier.transform(this.#real, this.#imaginary, y * TILE);
    // Only half of the columns are transformed: the other half mirrors them, because the picture is real.
    for (let u = 0; u <= RINGS; u++) this.#fourier.transform(this.#real, this.#imaginary, u, TILE);
    const power = new Float64Array(RINGS);
    const count = new Float64Array(RINGS);
    for (let row = 0; row < TILE; row++) {
      const v = row < RINGS ? row : row - TILE;
      for (let u = 0; u <= RINGS; u++) {
        const radius = Math.hypot(u, v);
        if (radius > RINGS) continue;
        const ring = Math.min(RINGS - 1, Math.round(radius));
        const at = row * TILE + u;
        power[ring] = (power[ring] ?? 0) + (this.#real[at] ?? 0) ** 2 + (this.#imaginary[at] ?? 0) ** 2;
        count[ring] = (count[ring] ?? 0) + 1;
      }
    }
    return power.map((sum, ring) => sum / (count[ring] ?? 1));
  }

  #load({ luma, width }: GreyPicture, { x, y }: Tile): void {
    let sum = 0;
    for (let row = 0; row < TILE; row++) {
      for (let column = 0; column < TILE; column++) sum += luma[(y + row) * width + x + column] ?? 0;
    }
    const average = sum / TILE ** 2;
    for (let row = 0; row < TILE; row++) {
      for (let column = 0; column < TILE; column++) {
        const level = luma[(y + row) * width + x + column] ?? 0;
        this.#real[row * TILE + column] = (level - average) * (this.#window[row] ?? 0) * (this.#window[column] ?? 0);
      }
    }
    this.#imaginary.fill(0);
  }
}

/** Measures the detail in some tiles of a picture. Returns 0 for both measures if there are no tiles. */
export function measureDetail(picture: GreyPicture, tiles: readonly Tile[]): Detail {
  const power = new RadialPower();
  const spectra = tiles.map((tile) => {
    const rings = power.of(picture, tile);
    return { rings, hf: decibels(mean(rings, FINE)) - decibels(mean(rings, COARSE)) };
  });
  const finest = [...spectra].sort((one, other) => other.hf - one.hf).slice(0, Math.max(1, spectra.length >> 2));
  const knees = finest.map(({ rings }) => {
    const levels = rings.map(decibels);
    return mean(levels, BEFORE_KNEE) - mean(levels, AFTER_KNEE);
  });
  return {
    hf:
      quantile(
        spectra.map(({ hf }) => hf),
        0.75,
      ) ?? 0,
    knee: knees.length > 0 ? knees.reduce((sum, knee) => sum + knee, 0) / knees.length : 0,
  };
}

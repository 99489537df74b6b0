// Runs in browser and Node: pure.
import { reduced } from './downscale.ts';
import type { GreyPicture } from './luma.ts';

/**
 * Two perceptual hashes of a picture, each of 256 bits as 64 hexadecimal digits. Copies of the picture at other sizes
 * have similar hashes.
 */
export interface Likeness {
  /**
   * The bits of a dHash (N. Krawetz, 2013). The picture is divided into 16 rows of 17 cells. Each bit says whether a
   * cell is brighter than the cell on its right.
   */
  difference: string;
  /**
   * The bits of a pHash (C. Zauner, 2010), one for each of the 16 × 16 lowest frequencies. Each bit says whether the
   * amplitude of the frequency is above the median of these amplitudes.
   */
  frequency: string;
}

const SIDE = 16;
const BITS = SIDE * SIDE;
/** Length of the sides of the reduced picture whose frequencies are computed, in pixels. */
const FREQUENCY_SIDE = 64;

/**
 * For each of the two hashes, the greatest number of bits that may differ between pictures that look alike. Two
 * pictures look alike if one of their hashes is within its bound (docs/decisions/0012-photo-judgement.md).
 */
const MOST_DIFFERENT = { difference: 38, frequency: 46 } as const;

/**
 * Least standard deviation of the brightness of a picture, in levels, measured after it is reduced to 16 × 16 pixels. A
 * picture with less has no features by which it could be recognised.
 */
const LEAST_CONTRAST = 3;

function toHexadecimal(bits: readonly boolean[]): string {
  let text = '';
  for (let at = 0; at < bits.length; at += 4) {
    const digit = [0, 1, 2, 3].reduce((sum, bit) => sum * 2 + (bits[at + bit] ? 1 : 0), 0);
    text += digit.toString(16);
  }
  return text;
}

function contrast({ luma }: GreyPicture): number {
  let sum = 0;
  let squares = 0;
  for (const level of luma) {
    sum += level;
    squares += level * level;
  }
  const mean = sum / luma.length;
  return Math.sqrt(Math.max(0, squares / luma.length - mean * mean));
}

function differenceBits(picture: GreyPicture): boolean[] {
  const { luma, width } = reduced(picture, { width: SIDE + 1, height: SIDE });
  return Array.from({ length: BITS }, (_, bit) => {
    const at = Math.floor(bit / SIDE) * width + (bit % SIDE);
    return (luma[at] ?? 0) > (luma[at + 1] ?? 0);
  });
}

/** Cosines of the discrete cosine transform (type II), for the 16 lowest frequencies. */
const COSINES = Array.from({ length: SIDE }, (_, frequency) =>
  Float64Array.from({ length: FREQUENCY_SIDE }, (_unused, at) =>
    Math.cos((Math.PI * frequency * (at + 0.5)) / FREQUENCY_SIDE),
  ),
);

function frequencyBits(picture: GreyPicture): boolean[] {
  const { luma } = reduced(picture, { width: FREQUENCY_SIDE, height: FREQUENCY_SIDE });
  const rows = COSINES.map((cosines) =>
    Float64Array.from({ length: FREQUENCY_SIDE }, (_, y) =>
      cosines.reduce((sum, cosine, x) => sum + cosine * (luma[y * FREQUENCY_SIDE + x] ?? 0), 0),
    ),
  );
  const amplitudes = COSINES.flatMap((cosines) =>
    rows.map((row) => cosines.reduce((sum, cosine, y) => sum + cosine * (row[y] ?? 0), 0)),
  );
  const middle = [...amplitudes].sort((one, other) => one - other)[BITS / 2] ?? 0;
  return amplitudes.map((amplitude) => amplitude > middle);
}

/**
 * Returns the likeness of a picture. Returns undefined if the picture has so little contrast that all such pictures
 * would look alike.
 */
export function likenessOf(picture: GreyPicture): Likeness | undefined {
  if (contrast(reduced(picture, { width: SIDE, height: SIDE })) < LEAST_CONTRAST) return undefined;
  return {
    difference: toHexadecimal(differenceBits(picture)),
    frequency: toHexadecimal(frequencyBits(picture)),
  };
}

/** Number of 32-bit words that hold both hashes of a picture. */
const WORDS = (2 * BITS) / 32;

function pack({ difference, frequency }: Likeness, words: Uint32Array, start: number): void {
  const digits = difference + frequency;
  for (let word = 0; word < WORDS; word++) {
    words[start + word] = Number.parseInt(digits.slice(word * 8, word * 8 + 8), 16);
  }
}

/** Returns the number of bits that are set in a 32-bit word (H. S. Warren, Hacker's Delight, 5-1). */
function countBits(word: number): number {
  let count = word - ((word >>> 1) & 0x55555555);
  count = (count & 0x33333333) + ((count >>> 2) & 0x33333333);
  count = (count + (count >>> 4)) & 0x0f0f0f0f;
  return Math.imul(count, 0x01010101) >>> 24;
}

function distance(one: Uint32Array, from: number, other: Uint32Array, to: number): number {
  let different = 0;
  for (let word = 0; word < WORDS / 2; word++) {
    different += countBits((one[from + word] ?? 0) ^ (other[to + word] ?? 0));
  }
  return different;
}

function alike(one: Uint32Array, from: number, other: Uint32Array, to: number): boolean {
  if (distance(one, from, other, to) <= MOST_DIFFERENT.difference) return true;
  return distance(one, from + WORDS / 2, other, to + WORDS / 2) <= MOST_DIFFERENT.frequency;
}

/** Returns whether two pictures may be the same picture, at another size or saved again. */
export function areAlike(one: Likeness, other: Likeness): boolean {
  const words = new Uint32Array(2 * WORDS);
  pack(one, words, 0);
  pack(other, words, WORDS);
  return alike(words, 0, words, WORDS);
}

/** An index of pictures by likeness. A search compares a likeness with all pictures of the index. */
export class LikenessIndex<Key> {
  #words = new Uint32Array(64 * WORDS);
  readonly #keys: Key[] = [];
  readonly #places = new Map<Key, number>();

  set(key: Key, likeness: Likeness): void {
    const place = this.#places.get(key) ?? this.#keys.length;
    if (place === this.#keys.length) {
      this.#keys.push(key);
      this.#places.set(key, place);
      if (this.#keys.length * WORDS > this.#words.length) {
        const wider = new Uint32Array(2 * this.#words.length);
        wider.set(this.#words);
        this.#words = wider;
      }
    }
    pack(likeness, this.#words, place * WORDS);
  }

  delete(key: Key): void {
    const place = this.#places.get(key);
    if (place === undefined) return;
    this.#places.delete(key);
    const last = this.#keys.pop();
    if (last === undefined || place === this.#keys.length) return;
    // The last picture moves to the place that became free.
    this.#keys[place] = last;
    this.#places.set(last, place);
    this.#words.copyWithin(place * WORDS, this.#keys.length * WORDS, (this.#keys.length + 1) * WORDS);
  }

  /** Returns the keys of the pictures that look like the picture with this likeness. */
  near(likeness: Likeness): Key[] {
    const searched = new Uint32Array(WORDS);
    pack(likeness, searched, 0);
    return this.#keys.filter((_, place) => alike(this.#words, place * WORDS, searched, 0));
  }
}

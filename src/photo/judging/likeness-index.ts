// Runs in browser and Node: pure.
import type { Likeness } from './likeness.ts';

/** Bits that may differ between pictures that are alike; measured: 2,175 pictures of 83 photographs. */
const MOST_DIFFERENT = { difference: 38, frequency: 46 };

/** A hash with fewer bits of one kind says nothing: two such differ in few bits whatever they show. */
const FEWEST_BITS = 32;

const HASH_BITS = 256;
/** Words of 32 bits in a hash. */
const HASH_WORDS = HASH_BITS / 32;
/** Both hashes, one after the other. */
const WORDS = 2 * HASH_WORDS;

/** Number of bits set in a word of 32 (H. S. Warren, Hacker's Delight, 5-1). */
function bitsOf(word: number): number {
  const pairs = word - ((word >>> 1) & 0x55555555);
  const nibbles = (pairs & 0x33333333) + ((pairs >>> 2) & 0x33333333);
  return Math.imul((nibbles + (nibbles >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}

/** A hash as words; all 0 where it says nothing. */
function hashWords(hash: string): Int32Array {
  const words = Int32Array.from({ length: HASH_WORDS }, (_, at) => Number.parseInt(hash.slice(at * 8, at * 8 + 8), 16));
  const set = words.reduce((sum, word) => sum + bitsOf(word), 0);
  return set < FEWEST_BITS || set > HASH_BITS - FEWEST_BITS ? new Int32Array(HASH_WORDS) : words;
}

function wordsOf({ difference, frequency }: Likeness): Int32Array {
  const words = new Int32Array(WORDS);
  words.set(hashWords(difference));
  words.set(hashWords(frequency), HASH_WORDS);
  return words;
}

/** Whether two hashes, which begin at `at` and `otherAt`, both say something and differ in few bits. */
function isNear(words: Int32Array, at: number, others: Int32Array, otherAt: number, most: number): boolean {
  let differing = 0;
  let set = 0;
  let otherSet = 0;
  for (let word = 0; word < HASH_WORDS; word++) {
    const one = words[at + word] ?? 0;
    const other = others[otherAt + word] ?? 0;
    differing += bitsOf(one ^ other);
    if (differing > most) return false;
    set |= one;
    otherSet |= other;
  }
  return set !== 0 && otherSet !== 0;
}

function matches(words: Int32Array, others: Int32Array, start: number): boolean {
  const { difference, frequency } = MOST_DIFFERENT;
  return (
    isNear(words, 0, others, start, difference) || isNear(words, HASH_WORDS, others, start + HASH_WORDS, frequency)
  );
}

/** Whether two pictures look alike: the same photo at another size or quality, or one taken a moment later. */
export function areAlike(one: Likeness, other: Likeness): boolean {
  return matches(wordsOf(one), wordsOf(other), 0);
}

/** Finds the pictures that look like another among tens of thousands, by comparing it with each. */
export class LikenessIndex<K> {
  readonly #places = new Map<K, number>();
  readonly #keys: K[] = [];
  #words = new Int32Array(64 * WORDS);

  /** Adds a picture, or takes another likeness for it. */
  set(key: K, likeness: Likeness): void {
    const place = this.#places.get(key) ?? this.#keys.length;
    if (place === this.#keys.length) {
      this.#keys.push(key);
      this.#places.set(key, place);
      this.#makeRoom();
    }
    this.#words.set(wordsOf(likeness), place * WORDS);
  }

  /** Forgets a picture; whether it was there. */
  delete(key: K): boolean {
    const place = this.#places.get(key);
    if (place === undefined) return false;
    const last = this.#keys.length - 1;
    // The last takes its place.
    this.#words.copyWithin(place * WORDS, last * WORDS, (last + 1) * WORDS);
    const moved = this.#keys.pop();
    if (moved !== undefined && place < last) {
      this.#keys[place] = moved;
      this.#places.set(moved, place);
    }
    return this.#places.delete(key);
  }

  /** The pictures that look like this one (`areAlike`), in no order. */
  near(likeness: Likeness): K[] {
    const words = wordsOf(likeness);
    return this.#keys.filter((_, place) => matches(words, this.#words, place * WORDS));
  }

  /** Doubles the room when it is full. */
  #makeRoom(): void {
    if (this.#keys.length * WORDS <= this.#words.length) return;
    const words = new Int32Array(2 * this.#words.length);
    words.set(this.#words);
    this.#words = words;
  }
}

// Writes random Chinese text that follows the sequences of words in the sample content, with some words exchanged.
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import PHRASES from 'opencc-js/dict/STPhrases';
import { PROJECT_ROOT } from '../src/render/compile/build-cache.ts';
import { plainText } from '../src/text/markdown.ts';
import type { Chance } from './prose.ts';

const FRONT = /^---\n[\s\S]*?\n---\n/u;
/** Matches paired marks, which are removed because random text would not close them. */
const PAIRED = /[“”‘’《》（）()【】〔〕「」]/gu;
const HAN = /^\p{Script=Han}+$/u;
const SENTENCE_END = /^[。！？]$/u;
/** Lengths in characters of the words that may be exchanged for others of the same length. */
const LENGTHS = [2, 3, 4] as const;

/**
 * Percentage of the words with these lengths that are exchanged. With this value and `RARE`, random text is about as
 * varied as the content. Measured in 28,000 characters: of 100 pairs of neighbouring characters 57 are different
 * (content: 55), and there are 3,400 different words (content: 3,550).
 */
const EXCHANGED = 75;
/** Percentage of rare words (`#rare`) among the words that replace other words. */
const RARE = 30;
/** Largest number of words in a sentence. */
const LONGEST = 60;

const segmenter = new Intl.Segmenter('zh', { granularity: 'word' });

/** Splits a text into words and punctuation, without spaces. */
export function segments(text: string): string[] {
  return Array.from(segmenter.segment(text), ({ segment }) => segment.trim()).filter((segment) => segment !== '');
}

/** Returns the paragraphs of the sample content as plain text, without paired marks. */
function paragraphs(): string[] {
  const files = globSync('content/**/*.md', { cwd: PROJECT_ROOT }).sort();
  return files
    .map((file) => plainText(readFileSync(join(PROJECT_ROOT, file), 'utf8').replace(FRONT, '')))
    .flatMap((text) => text.replace(PAIRED, '').split('\n'))
    .filter((line) => line !== '');
}

/**
 * Returns one of some things, all equally likely.
 * @throws Error if there are none.
 */
function draw<Thing>(things: readonly Thing[], chance: Chance): Thing {
  const drawn = things[chance.whole(0, things.length - 1)];
  if (drawn === undefined) throw new Error('Nothing to draw from.');
  return drawn;
}

/**
 * Returns one of some things with unequal chances: the n-th is 1/n times as likely as the first (Zipf's law).
 * @throws Error if there are none.
 */
function drawFirst<Thing>(things: readonly Thing[], chance: Chance): Thing {
  const place = Math.floor(things.length ** (chance.whole(0, 2 ** 30) / 2 ** 30));
  const drawn = things[Math.min(place, things.length) - 1];
  if (drawn === undefined) throw new Error('Nothing to draw from.');
  return drawn;
}

/** Writes random sentences: the same source of choices always gives the same sentences. */
export class Wording {
  readonly #chance: Chance;
  /**
   * For each word of the content, the words that follow it there. A word that follows it several times is listed
   * several times.
   */
  readonly #following = new Map<string, string[]>();
  /** Words with which sentences of the content begin. A word that begins several sentences is listed several times. */
  readonly #beginnings: string[] = [];
  /** Chinese words of the content by length in characters. A word that occurs several times is listed several times. */
  readonly #usual = new Map<number, string[]>();
  /** Phrases of OpenCC's dictionary by length in characters, in random order. */
  readonly #rare = new Map<number, string[]>();

  constructor(chance: Chance) {
    this.#chance = chance;
    for (const paragraph of paragraphs()) this.#read(segments(paragraph));
    const phrases = PHRASES.split('|').map((pair) => pair.split(' ')[0] ?? '');
    for (const length of LENGTHS) {
      const some = phrases.filter((phrase) => HAN.test(phrase) && phrase.length === length);
      this.#rare.set(
        length,
        some
          .map((phrase) => ({ phrase, place: chance.whole(0, 2 ** 30) }))
          .sort((one, other) => one.place - other.place)
          .map(({ phrase }) => phrase),
      );
    }
  }

  /** Returns a random sentence with its final punctuation mark. */
  sentence(): string {
    let sentence = '';
    let word = draw(this.#beginnings, this.#chance);
    for (let count = 0; count < LONGEST; count += 1) {
      if (SENTENCE_END.test(word)) return sentence + word;
      sentence += this.#instead(word);
      const following = this.#following.get(word);
      if (!following) break;
      word = draw(following, this.#chance);
    }
    return `${sentence.replace(/[，、：；]$/u, '')}。`;
  }

  /** Returns words without punctuation between them: at least `length` characters and at most 3 more. */
  clause(length: number): string {
    for (;;) {
      const clause = this.sentence()
        .split(/[^\p{Script=Han}\d]/u)
        .find((part) => part.length >= length);
      if (clause !== undefined) return clause.slice(0, length + 3);
    }
  }

  /** Returns paragraphs of about `length` characters in total. */
  paragraphs(length: number): string[] {
    const written: string[] = [];
    for (let rest = length; rest > 0; rest -= written.at(-1)?.length ?? rest) {
      const most = Math.min(rest, this.#chance.whole(60, 260));
      let paragraph = this.sentence();
      while (paragraph.length < most) paragraph += this.sentence();
      written.push(paragraph);
    }
    return written;
  }

  #read(words: readonly string[]): void {
    words.forEach((word, at) => {
      const before = words[at - 1];
      if (before === undefined || SENTENCE_END.test(before)) this.#beginnings.push(word);
      else push(this.#following, before, word);
      if (HAN.test(word)) push(this.#usual, word.length, word);
    });
  }

  /** Returns another word of the same length, or the word itself. Replaces digits by random digits from 1 to 9. */
  #instead(word: string): string {
    if (/^\d/u.test(word)) return word.replace(/\d/gu, () => String(this.#chance.whole(1, 9)));
    const rare = this.#rare.get(word.length);
    if (!rare || !HAN.test(word) || this.#chance.whole(1, 100) > EXCHANGED) return word;
    return this.#chance.whole(1, 100) <= RARE
      ? drawFirst(rare, this.#chance)
      : draw(this.#usual.get(word.length) ?? [word], this.#chance);
  }
}

function push<Key>(lists: Map<Key, string[]>, key: Key, word: string): void {
  const list = lists.get(key);
  if (list) list.push(word);
  else lists.set(key, [word]);
}

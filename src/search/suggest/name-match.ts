// Runs in browser and Node: pure.
import { WORD_EDGE } from './name-list.ts';

/** A letter or digit of a name. Han characters are letters too. */
interface Character {
  /** The character in the form in which it is compared. */
  written: string;
  /** The readings of the character: pinyin syllables without tones. */
  readings: readonly string[];
  /** Whether a word begins with this character. */
  begins: boolean;
  /** Range of the character in the name, in UTF-16 units; `end` is the offset after it. */
  start: number;
  end: number;
}

/** A name, prepared for comparing with typed text. */
export interface Name {
  text: string;
  characters: readonly Character[];
}

/** Pinyin syllables without tones, by character. */
export type Readings = ReadonlyMap<string, readonly string[]>;

function compared(text: string): string {
  return text.normalize('NFKC').toLowerCase();
}

/** Parses a name whose words are separated by WORD_EDGE. */
export function readName(coded: string, readings: Readings): Name {
  const characters: Character[] = [];
  let at = 0;
  for (const word of coded.split(WORD_EDGE)) {
    let begins = true;
    for (const character of word) {
      const start = at;
      at += character.length;
      if (!/[\p{L}\p{N}]/u.test(character)) continue;
      characters.push({
        written: compared(character),
        readings: readings.get(character) ?? [],
        begins,
        start,
        end: at,
      });
      begins = false;
    }
  }
  return { text: coded.replaceAll(WORD_EDGE, ''), characters };
}

/**
 * Converts typed text for comparing with names. Keeps letters and digits only, in lower case, and removes the tones of
 * pinyin.
 */
export function readTyped(typed: string): string {
  return compared(typed.normalize('NFD').replace(/\p{Mn}/gu, '')).replace(/[^\p{L}\p{N}]/gu, '');
}

/**
 * The ways in which a name can match typed text, best first. The match begins at the start of the name (`exact`,
 * `start…`), at a later word (`word…`) or within a word (`inside`). `…Open`: the last syllable is typed incompletely.
 * `…Initials`: only the initials of some syllables are typed.
 */
export const FITS = [
  'exact',
  'start',
  'startOpen',
  'startInitials',
  'word',
  'wordOpen',
  'wordInitials',
  'inside',
] as const;

/** The part of a name that matches, in UTF-16 units. `fit` is an index in FITS. */
export interface NameMatch {
  fit: number;
  start: number;
  end: number;
}

/** One way in which typed text matches the characters of a name. */
interface Way {
  /** Index of the character after the last matched one. */
  end: number;
  /** Number of characters that are matched by their initial only. */
  initials: number;
  /** Whether the typed text ends within the last syllable. */
  open: boolean;
}

const INITIAL = /^(?:[zcs]h|[a-z])/u;

function better(one: Way | undefined, other: Way | undefined): Way | undefined {
  if (!one || !other) return one ?? other;
  return other.initials < one.initials || (other.initials === one.initials && one.open && !other.open) ? other : one;
}

/**
 * Matches typed text with a name, from the character with the index `place`. If several ways match, returns the way
 * with the fewest initials, and of two such ways the one that is not open. Returns undefined if no way matches.
 */
function follow(characters: readonly Character[], place: number, typed: string): Way | undefined {
  if (typed === '') return { end: place, initials: 0, open: false };
  const character = characters[place];
  if (!character) return undefined;
  const { written, readings } = character;
  if (typed.startsWith(written)) return follow(characters, place + 1, typed.slice(written.length));

  const goOn = (part: string): Way | undefined => follow(characters, place + 1, typed.slice(part.length));
  let best: Way | undefined;
  for (const reading of readings) {
    if (typed.startsWith(reading)) best = better(best, goOn(reading));
    else if (reading.startsWith(typed)) best = better(best, { end: place + 1, initials: 0, open: true });
    const [initial = reading] = INITIAL.exec(reading) ?? [];
    for (const part of new Set([initial, initial.slice(0, 1)])) {
      const way = typed.startsWith(part) && part !== reading ? goOn(part) : undefined;
      best = better(best, way && { ...way, initials: way.initials + 1 });
    }
  }
  return best;
}

const LATIN = /^[a-z0-9]/u;
/**
 * Minimum number of Latin letters or digits that must be typed for a match that begins after the start of a name. Two
 * letters match too much: if they match any of a city's 471 names, they match inside about 14 of the names, but match
 * only about 5 by the initials at the start (tests/fixtures/search/city-names.ts).
 */
const FEWEST_WITHIN = 3;

function fitOf({ characters }: Name, place: number, way: Way, typed: string): (typeof FITS)[number] | undefined {
  if (place === 0) {
    if (way.initials > 0) return 'startInitials';
    if (way.open) return 'startOpen';
    return way.end === characters.length ? 'exact' : 'start';
  }
  const latin = LATIN.test(typed);
  if (latin && typed.length < FEWEST_WITHIN) return undefined;
  const character = characters[place];
  if (!character || !character.begins) {
    return way.initials === 0 && (!latin || way.end - place > 1) ? 'inside' : undefined;
  }
  if (way.initials > 0) return 'wordInitials';
  return way.open ? 'wordOpen' : 'word';
}

/**
 * Returns where and how well a name matches typed text; undefined if it does not match. `typed` must come from
 * `readTyped`.
 */
export function matchName(name: Name, typed: string): NameMatch | undefined {
  let best: NameMatch | undefined;
  if (typed === '') return best;
  name.characters.forEach(({ start }, place) => {
    const way = follow(name.characters, place, typed);
    const fit = way && fitOf(name, place, way, typed);
    if (!way || !fit) return;
    const rank = FITS.indexOf(fit);
    const last = name.characters[way.end - 1];
    if (!best || rank < best.fit) best = { fit: rank, start, end: last ? last.end : start };
  });
  return best;
}

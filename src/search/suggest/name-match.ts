// Runs in browser and Node: pure.
import { WORD_EDGE } from './name-list.ts';

/** A character of a name, marks apart. */
interface Character {
  /** As it is compared. */
  written: string;
  /** Syllables. */
  readings: readonly string[];
  /** A word begins with it. */
  begins: boolean;
  /** Where it stands in the name. */
  start: number;
  end: number;
}

/** A name, to be compared with what is typed. */
export interface Name {
  text: string;
  characters: readonly Character[];
}

/** How syllables are written, by character. */
export type Readings = ReadonlyMap<string, readonly string[]>;

function compared(text: string): string {
  return text.normalize('NFKC').toLowerCase();
}

/** Reads a name whose words are told apart (WORD_EDGE). */
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

/** What was typed, as names are compared with it: letters and digits alone, pinyin without tones. */
export function readTyped(typed: string): string {
  return compared(typed.normalize('NFD').replace(/\p{Mn}/gu, '')).replace(/[^\p{L}\p{N}]/gu, '');
}

/**
 * How well a name fits, the best first. `Open`: the last syllable is not typed to its end; `Initials`: of others only
 * how they begin was typed.
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

/** A part of a name that fits; `fit`: place in FITS. */
export interface NameMatch {
  fit: number;
  start: number;
  end: number;
}

/** What is typed, as far as it goes along a name. */
interface Way {
  /** The characters it has passed. */
  end: number;
  /** Those of which only the initial was typed. */
  initials: number;
  /** It ends before the last syllable does. */
  open: boolean;
}

const INITIAL = /^(?:[zcs]h|[a-z])/u;

function better(one: Way | undefined, other: Way | undefined): Way | undefined {
  if (!one || !other) return one ?? other;
  return other.initials < one.initials || (other.initials === one.initials && one.open && !other.open) ? other : one;
}

/** Goes along a name from one of its characters with what is typed. */
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
 * Letters that must be typed to fit within a name. Two letters fit 14 of a city's 471 names within, and 5 by the
 * initials they begin with, where they fit any (tests/fixtures/search/city-names.ts).
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

/** Where and how well a name fits what is typed (`readTyped`); undefined: it does not. */
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

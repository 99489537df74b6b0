// Makes search queries and determines which entries contain them.
import { textOf, type Entry } from './entry.ts';
import { chanceFrom, type Chance } from './prose.ts';
import { segments } from './wording.ts';

export const KINDS = [
  '2 characters across words',
  '3 characters across words',
  '4 characters across words',
  '6 characters across words',
  'two words, joined',
  'number',
  '4 characters of one title',
] as const;
export type Kind = (typeof KINDS)[number];

/**
 * The order in which kinds of queries take turns. Queries for titles come twice, because their ranking is measured too.
 */
const TURNS = [...KINDS, '4 characters of one title'] as const;

/** A query that at least one entry contains. */
export interface Query {
  kind: Kind;
  text: string;
  /**
   * URLs of all entries whose text literally contains the query. A number counts only if it is not part of a longer
   * number.
   */
  truth: ReadonlySet<string>;
  /** URL of the only entry whose title contains the query; undefined if the query was not taken from a title. */
  titled?: string | undefined;
}

const HAN_RUN = /\p{Script=Han}+/gu;
const NUMBER = /(?<![\d.])\d{1,4}(?![\d.])(?:\p{Script=Han}(?!\p{Script=Han}))?/gu;

/** Largest number of attempts to find a new query of a kind. */
const PATIENCE = 10_000;

function one<Thing>(things: readonly Thing[], chance: Chance): Thing | undefined {
  return things[chance.whole(0, things.length - 1)];
}

/** Returns the indexes at which words end within a run of characters, without the end of the run. */
function borders(run: string): number[] {
  const ends: number[] = [];
  let at = 0;
  for (const word of segments(run)) ends.push((at += word.length));
  return ends.slice(0, -1);
}

/**
 * Returns `length` adjacent characters whose first and last belong to different words; undefined if the randomly chosen
 * run has no such characters.
 */
function acrossWords(text: string, length: number, chance: Chance): string | undefined {
  const runs = (text.match(HAN_RUN) ?? []).filter((run) => run.length >= length);
  const run = one(runs, chance);
  const border = run === undefined ? undefined : one(borders(run), chance);
  if (run === undefined || border === undefined) return undefined;
  const first = Math.max(0, border - length + 1);
  const last = Math.min(run.length - length, border - 1);
  return run.slice(chance.whole(first, last)).slice(0, length);
}

/**
 * Returns two adjacent words of at least two characters each, joined; undefined if the randomly chosen run has no such
 * words.
 */
function joinedWords(text: string, chance: Chance): string | undefined {
  const words = segments(one(text.match(HAN_RUN) ?? [], chance) ?? '');
  const pairs = words.slice(1).map((word, at) => [words[at] ?? '', word]);
  return one(
    pairs.filter((pair) => pair.every((word) => word.length > 1)),
    chance,
  )?.join('');
}

/**
 * Returns `count` distinct queries about random entries, one of each kind in turn.
 * @throws Error if too few distinct queries of a kind can be made from the entries.
 */
export function makeQueries(entries: readonly Entry[], count: number): Query[] {
  const chance = chanceFrom(entries.length + 7);
  const texts = entries.map((entry) => ({ entry, text: textOf(entry) }));
  const titles = entries.map(({ title }) => title);
  const used = new Set<string>();

  const part = ({ title, paragraphs }: Entry): string => one([title, ...paragraphs], chance) ?? '';
  const draw = (kind: Kind, entry: Entry): string | undefined => {
    switch (kind) {
      case '4 characters of one title': {
        const run =
          one(
            (entry.title.match(HAN_RUN) ?? []).filter(({ length }) => length >= 4),
            chance,
          ) ?? '';
        const text = run.slice(chance.whole(0, Math.max(0, run.length - 4))).slice(0, 4);
        return text.length === 4 && titles.filter((title) => title.includes(text)).length === 1 ? text : undefined;
      }
      case 'number':
        return one(part(entry).match(NUMBER) ?? [], chance);
      case 'two words, joined':
        return joinedWords(part(entry), chance);
      default:
        return acrossWords(part(entry), Number(kind[0]), chance);
    }
  };
  const truthOf = (kind: Kind, sought: string): Set<string> => {
    const number = new RegExp(`(?<![\\d.])${sought}${/\d$/u.test(sought) ? '(?![\\d.])' : ''}`, 'u');
    const holds = (text: string): boolean => (kind === 'number' ? number.test(text) : text.includes(sought));
    return new Set(texts.filter(({ text }) => holds(text)).map(({ entry }) => entry.url));
  };
  const queryOf = (kind: Kind): Query => {
    for (let tries = 0; tries < PATIENCE; tries += 1) {
      const entry = one(entries, chance);
      const text = entry && draw(kind, entry);
      if (!entry || text === undefined || used.has(text)) continue;
      used.add(text);
      const titled = kind === '4 characters of one title' ? entry.url : undefined;
      return { kind, text, truth: truthOf(kind, text), titled };
    }
    throw new Error(`There are no more queries of the kind: ${kind}.`);
  };
  return Array.from({ length: count }, (_, at) => queryOf(TURNS[at % TURNS.length] ?? KINDS[0]));
}

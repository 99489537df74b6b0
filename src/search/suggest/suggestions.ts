// Runs in browser and Node: pure.
import { matchName, readName, readTyped, type Name, type NameMatch } from './name-match.ts';
import { WORD_EDGE, type NamesFile } from './name-list.ts';

export const suggestionKinds = { activity: '活动', unit: '单位', honour: '荣誉' } as const;
export type SuggestionKind = keyof typeof suggestionKinds;

/** An activity, unit or honour that the typed text may name. */
export interface Suggestion {
  kind: SuggestionKind;
  /** Value to search for: the slug of an activity, the code of a unit, or the text of an honour. */
  value: string;
  name: string;
  /** The 简称 or 曾用名 that matches, with its label. Not set if the match is in `name`. */
  otherwise?: { label: string; name: string } | undefined;
  /** The matching range: in `otherwise.name` if it is set, else in `name`. */
  match: NameMatch;
}

/** An activity, unit or honour that can be suggested, with all its names. The first name is shown. */
interface Named {
  kind: SuggestionKind;
  value: string;
  names: readonly Name[];
}

/** Greatest number of suggestions that are shown. */
export const MOST_SUGGESTIONS = 8;
/**
 * Largest share of a kind (all activities, all units or all honours) that typed text may match. Text that matches more,
 * such as 工会, distinguishes nothing, so nothing of this kind is suggested.
 */
const TELLING_SHARE = 3 / 4;

const KINDS = ['activity', 'unit', 'honour'] as const;

function readReadings(bySyllable: NamesFile['readings']): Map<string, string[]> {
  const readings = new Map<string, string[]>();
  for (const [syllable, characters] of Object.entries(bySyllable)) {
    for (const character of characters) readings.set(character, [...(readings.get(character) ?? []), syllable]);
  }
  return readings;
}

/**
 * Returns the label that is shown with a name of a unit. `place`: index of the name among the names of the unit (0: 全称,
 * 1: 简称, then 曾用名). Returns undefined if no label is needed: for a 全称, for a 简称 that is a part of the 全称, and for names
 * that are not of units.
 */
function labelOf(kind: SuggestionKind, place: number, name: string, full: string): string | undefined {
  if (kind !== 'unit' || place === 0 || (place === 1 && full.includes(name))) return undefined;
  return place === 1 ? '简称' : '曾用名';
}

function suggestionOf({ kind, value, names }: Named, typed: string): Suggestion | undefined {
  const [full] = names;
  if (!full) return undefined;
  let best: Suggestion | undefined;
  names.forEach((name, place) => {
    const match = matchName(name, typed);
    if (!match || (best && best.match.fit <= match.fit)) return;
    const label = labelOf(kind, place, name.text, full.text);
    if (label !== undefined) {
      best = { kind, value, name: full.text, otherwise: { label, name: name.text }, match };
      return;
    }
    const moved = full.text.indexOf(name.text);
    best = { kind, value, name: full.text, match: { ...match, start: match.start + moved, end: match.end + moved } };
  });
  return best;
}

/** The names that can be suggested. */
export class Suggestions {
  declare private readonly named: Record<SuggestionKind, readonly Named[]>;

  constructor(file: NamesFile) {
    const readings = readReadings(file.readings);
    const named = (kind: SuggestionKind, [value = '', ...names]: readonly string[]): Named => ({
      kind,
      value,
      names: names.map((name) => readName(name, readings)),
    });
    this.named = {
      activity: file.activity.map((row) => named('activity', row)),
      unit: file.unit.map((row) => named('unit', row)),
      honour: file.honour.map((text) => named('honour', [text.replaceAll(WORD_EDGE, ''), text])),
    };
  }

  /**
   * Returns the activities, units and honours that the typed text may name: at most MOST_SUGGESTIONS, best match first.
   */
  suggest(text: string): Suggestion[] {
    const typed = readTyped(text);
    // An honour that is typed in Chinese is found by a search anyway, so it is not suggested.
    const kinds = /^[a-z]/u.test(typed) ? KINDS : KINDS.filter((kind) => kind !== 'honour');
    return kinds
      .flatMap((kind) => {
        const named = this.named[kind];
        const fitting = named.flatMap((one) => suggestionOf(one, typed) ?? []);
        return fitting.length > Math.max(MOST_SUGGESTIONS, named.length * TELLING_SHARE) ? [] : fitting;
      })
      .sort((one, other) => one.match.fit - other.match.fit)
      .slice(0, MOST_SUGGESTIONS);
  }
}

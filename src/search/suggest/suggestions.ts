// Runs in browser and Node: pure.
import { matchName, readName, readTyped, type Name, type NameMatch } from './name-match.ts';
import { WORD_EDGE, type NamesFile } from './name-list.ts';

export const suggestionKinds = { activity: '活动', unit: '单位', honour: '荣誉' } as const;
export type SuggestionKind = keyof typeof suggestionKinds;

/** Something that what is typed may name. */
export interface Suggestion {
  kind: SuggestionKind;
  /** Slug of an activity, code of a unit, text of an honour. */
  value: string;
  name: string;
  /** The other name that fits, if it is not its name that does. */
  otherwise?: { label: string; name: string } | undefined;
  /** What fits: a stretch of the name, or of the other name. */
  match: NameMatch;
}

/** What can be suggested: all it is called, the name that is shown first. */
interface Named {
  kind: SuggestionKind;
  value: string;
  names: readonly Name[];
}

/** Suggestions that are shown at most. */
export const MOST_SUGGESTIONS = 8;
/** What so large a share of its kind has in common (工会) tells none of it apart. */
const TELLING_SHARE = 3 / 4;

const KINDS = ['activity', 'unit', 'honour'] as const;

function readReadings(bySyllable: NamesFile['readings']): Map<string, string[]> {
  const readings = new Map<string, string[]>();
  for (const [syllable, characters] of Object.entries(bySyllable)) {
    for (const character of characters) readings.set(character, [...(readings.get(character) ?? []), syllable]);
  }
  return readings;
}

/** What a name is beside the 全称; undefined: it says no more than that does. */
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

  /** What the typed text may name, the best first. */
  suggest(text: string): Suggestion[] {
    const typed = readTyped(text);
    // In characters an honour is found as it is typed: to suggest it would say nothing more.
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

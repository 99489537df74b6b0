// Runs in browser and Node: pure.

/** The names that can be suggested, as the library returns them. */
export interface NameList {
  activities: readonly { slug: string; title: string }[];
  units: readonly { code: string; name: string; short: string; aliases: readonly string[] }[];
  honours: readonly string[];
}

/**
 * The content of names.json. The words of its names are separated by a zero-width space (U+200B), which is invisible
 * when shown.
 */
export interface NamesFile {
  /** Slug and title of each activity. */
  activity: readonly (readonly string[])[];
  /** Code, 全称, 简称 and 曾用名 (any number) of each unit. */
  unit: readonly (readonly string[])[];
  honour: readonly string[];
  /** The characters of each reading. A reading is a pinyin syllable without tone: `"le": "乐"`, `"yue": "乐约"`. */
  readings: Readonly<Record<string, string>>;
}

export const WORD_EDGE = '\u200B';

function areTexts(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((one) => typeof one === 'string');
}

function areRows(value: unknown): value is string[][] {
  return Array.isArray(value) && value.every(areTexts);
}

function isNamesFile(value: unknown): value is NamesFile {
  if (typeof value !== 'object' || value === null) return false;
  const { activity, unit, honour, readings } = { activity: null, unit: null, honour: null, readings: null, ...value };
  return (
    areRows(activity) &&
    areRows(unit) &&
    areTexts(honour) &&
    typeof readings === 'object' &&
    readings !== null &&
    areTexts(Object.values(readings))
  );
}

/**
 * Validates the content of names.json and returns it.
 *
 * @throws Error if the value is not a list of names.
 */
export function readNamesFile(value: unknown): NamesFile {
  if (isNamesFile(value)) return value;
  throw new Error('names.json is no list of names.');
}

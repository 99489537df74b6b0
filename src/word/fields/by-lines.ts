// Runs in browser and Node: pure. Lines that say who wrote a text, for which unit and when.
import { fullDateIn, yearOfDateLine } from './dates.ts';
import type { Facts } from './facts.ts';
import { labelledValues } from './labels.ts';
import type { Item, Line } from './lines.ts';
import { isPhotoLine } from './photo-words.ts';
import { isNameOf, isOffice, unitIn, withoutUnit } from './units.ts';
import { isPeople, PEOPLE, people, tight } from './words.ts';

/** Among how many lines at the start and at the end of a document by-lines are looked for. */
const FIRST_LINES = 5;
const LAST_LINES = 6;
/** Greatest length of a by-line in characters, and of what stands before its first label. */
const MOST_BY_LINE = 70;
const MOST_BEFORE = 24;
/** Greatest length in characters of a line with only a unit and people. */
const MOST_SIGNATURE = 30;

const REPORTER = '(?:本报记者|本报通讯员|特约通讯员|特约记者|通讯员|记者)';
const BOTH = '(?:文[、/／]?图|图[、/／]?文|文并摄|[/／]文图)';
const BOTH_AFTER = new RegExp(`^(?:(.{2,20}?)\\s+)?${REPORTER}?\\s*(${PEOPLE})\\s*[/／]?\\s*${BOTH}$`, 'u');
const BOTH_BEFORE = new RegExp(`^(?:文[、/／]?图|图[、/／]?文)[\\s:：/／]*(${PEOPLE})$`, 'u');
const REPORTER_ALONE = new RegExp(`^(?:(.{2,20}?)\\s*)?${REPORTER}\\s*[:：/／]?\\s*(${PEOPLE})$`, 'u');
const SUPPLIED = /^(.{2,24}?)\s*(?:供稿|供图|报送|投稿)$/u;
const REPORTER_IN_LEAD = new RegExp(`${REPORTER}\\s*(${PEOPLE})[）)]`, 'u');
/** What a by-line says in addition to names. */
const ROLES = new RegExp(`${REPORTER}|供稿|供图|报送|投稿`, 'gu');
const BOX = /^[□■●◎◇◆○]\s*/u;

/** A by-line candidate: its text without brackets around it, and where it is. */
interface Candidate {
  text: string;
  align: string;
  /** Position among the lines, and the number of lines. */
  index: number;
  count: number;
}

/**
 * Whether a candidate is a by-line and what has become of it: `kept` if all that it says is in the facts, `partial` if
 * some of it is not, since the facts say something else already. Undefined: it is none of this kind.
 */
type Outcome = 'kept' | 'partial' | undefined;

/** Reads one kind of by-line into the facts. */
type Recogniser = (candidate: Candidate, facts: Facts) => Outcome;

/** Returns the outcome for a by-line whose parts were kept or not. */
function outcomeOf(...kept: readonly boolean[]): Outcome {
  return kept.every((one) => one) ? 'kept' : 'partial';
}

/** 温县总工会 张明 文/图, 文/图 张明 */
const writerAndPhotographer: Recogniser = ({ text }, facts) => {
  const [, unit = '', after] = BOTH_AFTER.exec(text) ?? [];
  const names = after ?? BOTH_BEFORE.exec(text)?.[1];
  if (names === undefined) return undefined;
  const isUnitKept = unit === '' || facts.setUnit(unit, true, '署名');
  return outcomeOf(isUnitKept, facts.set('author', people(names), true, '文/图'), facts.setCredit(names));
};

/** Reads what stands before the first label of a line: a unit, people or both. */
function readBefore(before: string, facts: Facts): Outcome {
  if (before === '') return 'kept';
  const mention = unitIn(before, facts.units);
  const rest = people(before.replace(mention?.written ?? '', '').replace(ROLES, ' '));
  if (rest !== '' && !isPeople(rest)) return undefined;
  const isUnitKept = !mention || facts.set('unit', mention.unit.code, true, '署名');
  return outcomeOf(isUnitKept, facts.set('author', rest, false, '署名'));
}

/** 供稿单位：温县总工会 撰稿：张明, 文/李华 图/王芳, 文、图：张明 */
const labelled: Recogniser = ({ text }, facts) => {
  const both = /^(?:文[、/／]?图|图[、/／]?文)[\s:：/／]+(.+)$/u.exec(text)?.[1];
  if (both !== undefined && isPeople(people(both))) {
    return outcomeOf(facts.set('author', people(both), true, '文/图'), facts.setCredit(both));
  }
  const found = labelledValues(text);
  if (!found || found.before.length > MOST_BEFORE) return undefined;
  const before = readBefore(found.before, facts);
  if (before !== undefined) for (const value of found.values) facts.take(value);
  return before;
};

/** 通讯员 张明 */
const reporter: Recogniser = ({ text }, facts) => {
  const [, before = '', names] = REPORTER_ALONE.exec(text) ?? [];
  if (names === undefined || (before !== '' && !unitIn(before, facts.units))) return undefined;
  const isUnitKept = before === '' || facts.setUnit(before, true, '署名');
  return outcomeOf(isUnitKept, facts.set('author', people(names), true, '通讯员'));
};

/** 温县总工会供稿, 温县总工会 张明 供稿 */
const supplied: Recogniser = ({ text }, facts) => {
  const [, supplier = ''] = SUPPLIED.exec(text) ?? [];
  if (!unitIn(supplier, facts.units)) return undefined;
  const rest = people(withoutUnit(supplier, facts.units));
  const isUnitKept = facts.setUnit(supplier, true, '供稿');
  return outcomeOf(isUnitKept, rest === people(supplier) || facts.set('author', rest, true, '供稿'));
};

/** 温县总工会, 温县总工会 2021年3月19日, 温县总工会 张明 */
const signature: Recogniser = ({ text, align, index, count }, facts) => {
  const mention = unitIn(text, facts.units);
  if (!mention || tight(text).length > MOST_SIGNATURE || /[。！？，；：]/u.test(text)) return undefined;
  const { unit, written } = mention;
  const rest = people(text.replace(written, ''));
  const isLast = index >= count - LAST_LINES + 2;
  if (rest === '' || (isLast && text.startsWith(written) && isOffice(rest)) || isNameOf(tight(text), unit)) {
    return outcomeOf(facts.set('unit', unit.code, true, isLast ? '落款' : '署名'));
  }
  if (yearOfDateLine(rest) !== undefined) {
    facts.signed ??= fullDateIn(rest);
    facts.signedYear ??= yearOfDateLine(rest);
    return outcomeOf(facts.set('unit', unit.code, true, '署名'));
  }
  const isPlaced = index > 0 && (align === 'center' || align === 'right');
  // Plain texts have no alignment: a unit and people with a space between them, right below the title.
  const isBelowTitle = index > 0 && index < FIRST_LINES && text.startsWith(`${written} `);
  if (!(isPlaced || isBelowTitle) || !isPeople(rest)) return undefined;
  return outcomeOf(facts.set('unit', unit.code, true, '署名'), facts.set('author', rest, isPlaced, '署名'));
};

const RECOGNISERS: readonly Recogniser[] = [writerAndPhotographer, labelled, reporter, supplied, signature];

/** Reads a candidate as the first kind of by-line that it is. */
function readByLine(candidate: Candidate, facts: Facts): Outcome {
  for (const recognise of RECOGNISERS) {
    const outcome = recognise(candidate, facts);
    if (outcome !== undefined) return outcome;
  }
  return undefined;
}

/** Reads a line of a date, or one that says that a page is empty. Returns whether the line is one of them. */
function readSignedDate(line: Line, isNearEnd: boolean, facts: Facts): boolean {
  const year = isNearEnd ? yearOfDateLine(line.text) : undefined;
  if (year !== undefined) {
    facts.signed ??= fullDateIn(tight(line.text));
    facts.signedYear ??= year;
    return true;
  }
  return /^[（(]?此页无正文[）)]?$/u.test(tight(line.text));
}

/** Reads by-lines and dates near both ends of a document into the facts, and marks their lines as used. */
export function readByLines(items: readonly Item[], lines: readonly Line[], facts: Facts): void {
  lines.forEach((line, index) => {
    if (line.used || line.table !== undefined || line.list) return;
    const isNearEnd = index >= lines.length - LAST_LINES;
    if (readSignedDate(line, isNearEnd, facts)) {
      line.used = true;
      return;
    }
    if (index >= FIRST_LINES && !isNearEnd) return;
    if (tight(line.text).length > MOST_BY_LINE || isPhotoLine(line, items.indexOf(line), items)) return;
    const text = line.text
      .replace(BOX, '')
      .trim()
      .replace(/^[（(](.*)[）)]$/u, '$1')
      .trim();
    const outcome = readByLine({ text, align: line.paragraph.align, index, count: lines.length }, facts);
    line.used = outcome !== undefined;
    if (outcome === 'partial') facts.leftOut.push(line.text);
  });
}

/** Reads the reporter and the unit that the text itself names, in its first sentence and at its end. The text stays. */
export function readNamesInText(lines: readonly Line[], facts: Facts): void {
  const text = lines.filter(({ used, table }) => !used && table === undefined);
  const names = REPORTER_IN_LEAD.exec(text[0]?.text ?? '')?.[1];
  if (names !== undefined) facts.set('author', people(names), false, '导语');
  const [, tail = ''] = /[（(]([^（()）]{4,30})[）)]$/u.exec(text.at(-1)?.text ?? '') ?? [];
  if (!facts.setUnit(tail, true, '文末')) return;
  const rest = people(withoutUnit(tail, facts.units));
  if (isPeople(rest)) facts.set('author', rest, false, '文末');
}

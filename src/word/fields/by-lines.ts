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
const BOX = /^[□■●◎◇◆○]\s*/u;

/** A by-line candidate: its text without brackets around it, and where it is. */
interface Candidate {
  text: string;
  align: string;
  /** Position among the lines, and the number of lines. */
  index: number;
  count: number;
}

/** Reads one kind of by-line into the facts. Returns whether the candidate is of this kind. */
type Recogniser = (candidate: Candidate, facts: Facts) => boolean;

/** 温县总工会 张明 文/图, 文/图 张明 */
const writerAndPhotographer: Recogniser = ({ text }, facts) => {
  const [, unit = '', after] = BOTH_AFTER.exec(text) ?? [];
  const names = after ?? BOTH_BEFORE.exec(text)?.[1];
  if (names === undefined) return false;
  facts.setUnit(unit, true, '署名');
  facts.setBoth(names);
  return true;
};

/** 供稿单位：温县总工会 撰稿：张明, 文/李华 图/王芳, 文、图：张明 */
const labelled: Recogniser = ({ text }, facts) => {
  const found = labelledValues(text);
  if (!found || found.before.length > MOST_BEFORE) return false;
  facts.setUnit(found.before, true, '署名');
  const both = /^(?:文[、/／]?图|图[、/／]?文)[\s:：/／]*(.+)$/u.exec(text)?.[1];
  if (both !== undefined && isPeople(people(both))) facts.setBoth(both);
  else for (const value of found.values) facts.take(value);
  return true;
};

/** 通讯员 张明 */
const reporter: Recogniser = ({ text }, facts) => {
  const [, before = '', names] = REPORTER_ALONE.exec(text) ?? [];
  if (names === undefined || (before !== '' && !facts.setUnit(before, true, '署名'))) return false;
  facts.set('author', people(names), true, '通讯员');
  return true;
};

/** 温县总工会供稿, 温县总工会 张明 供稿 */
const supplied: Recogniser = ({ text }, facts) => {
  const [, supplier = ''] = SUPPLIED.exec(text) ?? [];
  if (!facts.setUnit(supplier, true, '供稿')) return false;
  const rest = people(withoutUnit(supplier, facts.units));
  if (rest !== supplier) facts.set('author', rest, true, '供稿');
  return true;
};

/** 温县总工会, 温县总工会 2021年3月19日, 温县总工会 张明 */
const signature: Recogniser = ({ text, align, index, count }, facts) => {
  const mention = unitIn(text, facts.units);
  if (!mention || tight(text).length > MOST_SIGNATURE || /[。！？，；：]/u.test(text)) return false;
  const { unit, written } = mention;
  const rest = text
    .replace(written, '')
    .trim()
    .replace(/^[（(]|[）)]$/gu, '')
    .trim();
  const isLast = index >= count - LAST_LINES + 2;
  if (rest === '' || (isLast && text.startsWith(written) && isOffice(rest)) || isNameOf(tight(text), unit)) {
    facts.set('unit', unit.code, true, isLast ? '落款' : '署名');
    return true;
  }
  const date = fullDateIn(rest);
  if (date !== undefined) {
    facts.set('unit', unit.code, true, '署名');
    facts.signed ??= date;
    return true;
  }
  const isPlaced = index > 0 && (align === 'center' || align === 'right');
  if (!isPlaced || !isPeople(rest)) return false;
  facts.set('unit', unit.code, true, '署名');
  facts.set('author', people(rest), true, '署名');
  return true;
};

const RECOGNISERS: readonly Recogniser[] = [writerAndPhotographer, labelled, reporter, supplied, signature];

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
    const candidate = { text, align: line.paragraph.align, index, count: lines.length };
    line.used = RECOGNISERS.some((recognise) => recognise(candidate, facts));
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

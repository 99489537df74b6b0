// Runs in browser and Node: pure.
import type { WordDocument } from '../document/read-document.ts';
import { bodyOf } from './body.ts';
import { readByLines, readNamesInText } from './by-lines.ts';
import { dayIn, fullDateIn, yearIn } from './dates.ts';
import { Facts } from './facts.ts';
import { layOut, type Line } from './lines.ts';
import { findPhotos } from './photo-words.ts';
import type { FoundStory, SiteNames } from './story.ts';
import { findTitle } from './title.ts';
import { unitByShortName } from './units.ts';
import { tight } from './words.ts';

/** Among how many lines at the start of a document a summary is looked for, and the day of the event first. */
const FIRST_LINES = 6;
const OPENING_LINES = 3;

/** Takes a summary or key words at the start, and the heading of a list of photos. */
function readSideLines(lines: readonly Line[], facts: Facts): void {
  lines.forEach((line, index) => {
    if (line.used || line.table !== undefined) return;
    const [, label, summary = ''] = /^[【[]?\s*(摘要|内容提要|导语|关键词)\s*[】\]：:]+\s*(.+)$/u.exec(line.text) ?? [];
    const isPhotoHeading = /^(?:附件?[：:]?)?(?:活动|现场|相关)?(?:照片|图片)[：:]?$/u.test(tight(line.text));
    if (label !== undefined && index < FIRST_LINES) {
      line.used = true;
      if (label === '关键词') facts.leftOut.push(line.text);
      else if (!facts.set('summary', summary.trim(), true, label)) facts.leftOut.push(line.text);
    } else if (isPhotoHeading) {
      line.used = true;
      facts.leftOut.push(line.text);
    }
  });
}

/** Looks for the unit in the title, then in the whole text, then by its short name. */
function guessUnit(lines: readonly Line[], facts: Facts): void {
  if (facts.fields.unit) return;
  const whole = lines.map(({ text }) => text).join('\n');
  if (facts.setUnit(facts.fields.title?.value ?? '', false, '标题') || facts.setUnit(whole, false, '正文')) return;
  const unit = unitByShortName(whole, facts.units);
  if (unit) facts.set('unit', unit.code, false, '正文里的简称');
}

/**
 * Decides the date of the event. A label that names it counts most, then a date in the text, then the date of the
 * signature. A day without a year in the text takes the year from the signature, a label or another date, or from when
 * the document was last changed.
 */
function decideDate(lines: readonly Line[], facts: Facts, { modified, created }: WordDocument): void {
  const labelled = facts.fields.date;
  if (/时间|活动日期/u.test(labelled?.from ?? '')) return;
  const texts = lines.filter(({ used }) => !used).map(({ text }) => text);
  const opening = texts.slice(0, OPENING_LINES).join('\n');
  const whole = lines.map(({ text }) => text).join('\n');
  const inOpening = fullDateIn(opening);
  if (inOpening !== undefined) {
    facts.fields.date = { value: inOpening, sure: true, from: '正文' };
    return;
  }
  const stated = facts.signed?.slice(0, 4) ?? facts.signedYear ?? labelled?.value.slice(0, 4);
  const year = stated ?? yearIn(whole) ?? (modified ?? created)?.slice(0, 4);
  const day = year === undefined ? undefined : (dayIn(opening, year) ?? dayIn(whole, year));
  if (day !== undefined) {
    const from = stated === undefined ? '正文的月日，年份是推测的' : '正文的月日，年份按落款';
    facts.fields.date = { value: day, sure: stated !== undefined, from };
  } else if (labelled === undefined && facts.signed !== undefined) {
    facts.fields.date = { value: facts.signed, sure: false, from: '落款' };
  }
}

/** Finds the fields of a story in a document. What is not recognised as something else stays in the body. */
export function findStory(document: WordDocument, { units, organiser }: SiteNames): FoundStory {
  const { items, values } = layOut(document.blocks);
  const lines = items.filter((item) => item.kind === 'line');
  const facts = new Facts(units);
  for (const value of values) facts.take(value);
  findTitle(lines, facts, organiser);
  readByLines(items, lines, facts);
  readNamesInText(lines, facts);
  readSideLines(lines, facts);
  const found = findPhotos(items, facts.credit);
  const named = [facts.fields.author?.value, ...found.photos.map(({ credit }) => credit)];
  if (facts.credit !== '' && !named.includes(facts.credit)) facts.leftOut.push(`摄影：${facts.credit}`);
  guessUnit(lines, facts);
  decideDate(lines, facts, document);
  return { fields: facts.fields, body: bodyOf(lines), ...found, leftOut: facts.leftOut };
}

// Runs in browser and Node: pure.
import type { Facts } from './facts.ts';
import { labelledValues } from './labels.ts';
import type { Line } from './lines.ts';
import { unitIn } from './units.ts';
import { isPeople, people, tight } from './words.ts';

/** Greatest length of a title in characters, and of its first line if a second one follows. */
const MOST_TITLE = 60;
const MOST_FIRST_LINE = 30;
/** Greatest number of lines of a title. */
const MOST_LINES = 3;
/** From this size of type on, in half points, the first line is surely the title. */
const TITLE_SIZE = 30;

const DASH = /^(?:——|—|--|――)\s*/u;

/** Returns whether a line above the title belongs to a form or says for what it is reported. */
function isHeading(line: string, organiser: string): boolean {
  const text = tight(line);
  return (
    /^附件\s*\d*[:：]?$/u.test(text) ||
    /(?:报送表|推荐表|登记表|统计表|申报表)$/u.test(text) ||
    /^[（(【]?(?:活动故事|先进典型|典型材料|年度总结)[）)】]?$/u.test(text) ||
    text === tight(organiser)
  );
}

/** Returns whether a line begins with a label: 供稿单位：… stands above some titles. */
function isLabelled(line: string): boolean {
  return labelledValues(line)?.before === '';
}

/** Returns whether a line is only a unit and people, as by-lines below a title are: 修武县总工会 李华. */
function isSignature(line: string, { units }: Facts): boolean {
  const mention = unitIn(line, units);
  const rest = mention && people(line.replace(mention.written, ''));
  return rest !== undefined && (rest === '' || isPeople(rest));
}

/**
 * Finds the title, unless a label has named it: the first line that is no heading of a form, and the lines that
 * continue it. Marks these lines and the headings above as used.
 */
export function findTitle(lines: readonly Line[], facts: Facts, organiser: string): void {
  let at = 0;
  for (let line = lines[at]; line; line = lines[at]) {
    if (isHeading(line.text, organiser)) {
      line.used = true;
      facts.leftOut.push(line.text);
    } else if (tight(line.text) === tight(facts.fields.title?.value ?? '')) {
      // The title of a form, repeated above the text.
      line.used = true;
    } else if (facts.fields.title || !isLabelled(line.text)) break;
    at += 1;
  }
  const first = lines[at];
  if (facts.fields.title || !first || first.table !== undefined) return;
  if (tight(first.text).length > MOST_TITLE || /[。；]$/u.test(first.text)) return;
  const { align, size, style } = first.paragraph;
  const isTitle =
    align === 'center' ||
    size >= TITLE_SIZE ||
    /^(?:title|标题|heading 1|公文标题)/iu.test(style) ||
    first.runs.every(({ bold }) => bold);
  first.used = true;
  let title = first.text;
  const bodySize = lines.at(-1)?.paragraph.size ?? 0;
  for (const line of lines.slice(at + 1, at + MOST_LINES)) {
    const isSubtitle = DASH.test(line.text);
    const continues =
      align === 'center' &&
      line.paragraph.align === 'center' &&
      line.paragraph.size === size &&
      size > bodySize &&
      tight(title).length < MOST_FIRST_LINE &&
      !/[。：:]/u.test(line.text) &&
      !isSignature(line.text, facts);
    if (!isSubtitle && !continues) break;
    title += isSubtitle ? line.text.replace(DASH, '——') : ` ${line.text}`;
    line.used = true;
  }
  facts.set('title', title.replace(/\s+/gu, ' '), isTitle, '第一行');
}

// Runs in browser and Node: pure.
import type { Line } from './lines.ts';
import { markdownOf } from './markdown-line.ts';
import { tight, trimmedRuns } from './words.ts';

/** Greatest length of a heading in characters, and of one that is only recognised by its bold type. */
const MOST_HEADING = 30;
const MOST_BOLD_HEADING = 24;

const SECTION = /^[一二三四五六七八九十]{1,3}、/u;
const SUBSECTION = /^（[一二三四五六七八九十]{1,3}）/u;
const BULLET = /^(?:[•●■◆·]\s*|[-–]\s+)/u;
const HEADING_STYLE = /^(?:heading|标题|[一二三]级标题)/iu;
/** Styles of quotations in Word, WPS and LibreOffice. */
const QUOTATION_STYLE = /^(?:quot|intense quote|block quot|引用|明显引用)/iu;

/** Returns the text of a line with its automatic number. */
function wholeText({ list, text }: Line): string {
  return `${list?.label ?? ''}${text}`;
}

function canBeHeading(line: Line, most: number): boolean {
  const text = wholeText(line);
  return tight(text).length <= most && !/[。！？；：，、]$/u.test(text);
}

function isStyled({ paragraph: { outline, style } }: Line): boolean {
  return outline <= 2 || HEADING_STYLE.test(style);
}

function isBold({ runs }: Line): boolean {
  return runs.every(({ bold, text }) => bold || text.trim() === '');
}

/** Level of the headings by style that stand for `##`: the outline level of the highest one. */
function highestOutline(lines: readonly Line[]): number {
  const headings = lines.filter((line) => isStyled(line) && canBeHeading(line, MOST_HEADING));
  return headings.reduce((highest, { paragraph }) => Math.min(highest, paragraph.outline), 9);
}

/** Returns `## ` or `### ` for a heading, by its number, its style or its bold type; '' for other lines. */
function headingMark(line: Line, next: Line | undefined, highest: number, boldMeans: boolean): string {
  if (!canBeHeading(line, MOST_HEADING) || line.list?.bullet) return '';
  const text = wholeText(line);
  if (SECTION.test(text)) return '## ';
  if (SUBSECTION.test(text)) return '### ';
  if (isStyled(line)) return line.paragraph.outline > highest ? '### ' : '## ';
  const isBoldHeading =
    boldMeans &&
    isBold(line) &&
    !line.list &&
    canBeHeading(line, MOST_BOLD_HEADING) &&
    next !== undefined &&
    !isBold(next);
  return isBoldHeading ? '## ' : '';
}

/** Returns the line without the bullet that is typed at its start. */
function withoutBullet(line: Line): string {
  const [first, ...rest] = line.runs;
  if (!first || !BULLET.test(first.text)) return markdownOf(line.runs);
  return markdownOf(trimmedRuns([{ ...first, text: first.text.replace(BULLET, '') }, ...rest]));
}

/** Returns a number with what follows it, so that Markdown does not read it as a list that begins again. */
function numbered(label: string, line: Line): string {
  if (label === '') return markdownOf(line.runs);
  const [first] = line.runs;
  const look = { bold: first?.bold ?? false, italic: first?.italic ?? false, href: undefined };
  return markdownOf([{ text: label, ...look }, ...line.runs]);
}

/** Returns the lines that are not used as the Markdown of an entry's body. */
export function bodyOf(lines: readonly Line[]): string {
  const left = lines.filter(({ used }) => !used);
  const highest = highestOutline(left);
  const boldMeans = left.some((line) => line.table === undefined && !isBold(line));
  const blocks: string[] = [];
  /** Level of the first item of the list that is open; undefined if none is. */
  let base: number | undefined;
  let mark = '-';
  left.forEach((line, index) => {
    const { list, table, text, paragraph } = line;
    if (table !== undefined) blocks.push(table);
    else if (list?.bullet || BULLET.test(text)) {
      const level = list?.level ?? 0;
      const continues = base !== undefined && level >= base;
      // A list that follows another one has another mark: otherwise both would be one list.
      if (!continues) mark = base !== undefined && mark === '-' ? '*' : '-';
      const item = `${continues && level > (base ?? 0) ? '  ' : ''}${mark} ${withoutBullet(line)}`;
      if (continues) blocks.push(`${blocks.pop() ?? ''}\n${item}`);
      else {
        blocks.push(item);
        base = level;
      }
      return;
    } else {
      const heading = headingMark(line, left[index + 1], highest, boldMeans);
      const quoted = heading === '' && QUOTATION_STYLE.test(paragraph.style) ? '> ' : '';
      blocks.push(`${heading}${quoted}${numbered(list?.label ?? '', line)}`);
    }
    base = undefined;
  });
  return blocks.join('\n\n');
}

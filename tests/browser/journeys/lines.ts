import sharp from 'sharp';
import { z } from 'zod';
import type { Tab } from '../../engines/tab.ts';

/**
 * Returns the faults of the lines of a page, one string each. Runs in the page. A title with `word-break: keep-all`
 * must not break within a clause that fits into one line, and no line of it may begin with punctuation (CLREQ). Nothing
 * may extend beyond the width of the window.
 */
export function faultyLines(): string[] {
  interface Character {
    text: string;
    box: DOMRect;
  }
  const MARK = /[，。、；：！？…—”’）》\s]/u;
  const faults: string[] = [];

  const charactersOf = (text: Text): Character[] => {
    const range = document.createRange();
    return [...text.data].flatMap((character, index, all) => {
      const start = all.slice(0, index).join('').length;
      range.setStart(text, start);
      range.setEnd(text, start + character.length);
      // In WebKit the first character of a line has two rectangles: first a wrong one at the end of the previous line.
      const box = [...range.getClientRects()].pop();
      return box ? [{ text: character, box }] : [];
    });
  };
  /**
   * Returns each visible element below `root` that directly contains text, with the characters of its text. `<wbr>`
   * splits a text into several nodes, which are joined here.
   */
  const runsOf = (root: Element): [Element, Character[]][] => {
    const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
    const runs = new Map<Element, Character[]>();
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      const element = node.parentElement;
      if (!(node instanceof Text) || !element || element.getClientRects().length === 0) continue;
      runs.set(element, [...(runs.get(element) ?? []), ...charactersOf(node)]);
    }
    return [...runs];
  };
  const textOf = (characters: readonly Character[]): string => characters.map(({ text }) => text).join('');
  const isBelow = ({ box }: Character, other: Character | undefined): boolean =>
    other !== undefined && other.box.height > 0 && box.height > 0 && box.top > other.box.top + box.height / 2;
  const availableWidth = (element: Element): number => {
    let block = element;
    while (getComputedStyle(block).display.startsWith('inline') && block.parentElement) block = block.parentElement;
    const { paddingLeft, paddingRight } = getComputedStyle(block);
    return block.clientWidth - Number.parseFloat(paddingLeft) - Number.parseFloat(paddingRight);
  };

  // Makes the browser lay out the parts of the page far below the window, too.
  document.styleSheets[0]?.insertRule('* { content-visibility: visible !important; }');

  for (const title of document.querySelectorAll('h1, h2, h3, blockquote, .title, .quote, main li > a')) {
    for (const [element, run] of runsOf(title)) {
      if (getComputedStyle(element).wordBreak !== 'keep-all') continue;
      let clause: Character[] = [];
      let broken: Character | undefined;
      for (const character of run) {
        if (isBelow(character, clause[clause.length - 1])) broken = character;
        if (broken === character && MARK.test(character.text)) faults.push(`a line begins with ${textOf(run)}`);
        clause.push(character);
        if (!MARK.test(character.text) && character !== run[run.length - 1]) continue;
        const width = clause.reduce((sum, { box }) => sum + box.width, 0);
        if (broken && width <= availableWidth(element)) faults.push(`breaks before ${broken.text}: ${textOf(run)}`);
        clause = [];
        broken = undefined;
      }
    }
  }

  const { scrollWidth, clientWidth } = document.documentElement;
  if (scrollWidth > clientWidth) faults.push(`${scrollWidth} px wide in a window of ${clientWidth} px`);
  return faults;
}

/**
 * Replaces the first paragraph of a story by 8口口 in large type. Returns where the two 口 meet, in CSS pixels of the
 * viewport, or undefined if there is no paragraph. Runs in the page.
 */
function digitBeforeBoxes(): { x: number; top: number; bottom: number } | undefined {
  const paragraph = document.querySelector('.prose p');
  if (!(paragraph instanceof HTMLElement)) return undefined;
  paragraph.textContent = '8口口';
  Object.assign(paragraph.style, { fontSize: '80px', textIndent: '0', textAlign: 'start' });
  paragraph.scrollIntoView({ block: 'center', behavior: 'instant' });
  const range = document.createRange();
  range.setStart(paragraph.firstChild ?? paragraph, 2);
  range.setEnd(paragraph.firstChild ?? paragraph, 3);
  const { left, top, bottom } = range.getBoundingClientRect();
  return { x: Math.round(left), top: Math.ceil(top), bottom: Math.floor(bottom) };
}

const seam = z.object({ x: z.int(), top: z.int(), bottom: z.int() });

/**
 * Resolves to whether characters after a digit overlap on the open page of a story. WebKit reports the right positions
 * but paints the characters elsewhere (`text-autospace`), so only a screenshot shows the fault.
 */
export async function overlapsAfterDigit(tab: Tab): Promise<boolean> {
  const { x, top, bottom } = seam.parse(await tab.ask(digitBeforeBoxes, null));
  const picture = sharp(await tab.screenshot()).extract({ left: x - 2, top, width: 4, height: bottom - top });
  const levels = await picture.greyscale().raw().toBuffer();
  return Math.max(...levels) - Math.min(...levels) > 64;
}

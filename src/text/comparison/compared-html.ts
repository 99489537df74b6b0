// Pure functions, which run in browsers and in Node.
import { marksNote, tagNote } from './change-notes.ts';
import type { ComparedBlock, ChangedText, WholeBlock } from './compare-blocks.ts';
import type { ComparedWord, TextSegment } from './compare-words.ts';
import { elementHtml, shownHtml, wordsHtml } from './shown-html.ts';
import { sameMarks, type ShownBlock, type Word } from './shown-blocks.ts';
import { xmlText } from '../xml.ts';

const ELEMENTS = { gone: 'del', new: 'ins' } as const;
/** What a screen reader says before and after a change. */
const SPOKEN = { gone: '〔去掉〕', new: '〔加上〕' } as const;
const SPOKEN_END = '〔完〕';
const LABELS = { gone: '去掉的', new: '加上的' } as const;
const PLACES = { up: '上面', down: '下面' } as const;

type Mark = keyof typeof ELEMENTS;

function spoken(text: string): string {
  return `<span class="spoken">${text}</span>`;
}

function note(text: string): string {
  return `<small class="note">（${xmlText(text)}）</small>`;
}

/** Returns HTML marked as removed or added by its element. A label beside it says the same in words. */
function element(is: Mark, inside: string): string {
  return `<${ELEMENTS[is]}>${inside}</${ELEMENTS[is]}>`;
}

/** Returns HTML marked as removed or added: by its element, and by words for screen readers. */
function marked(is: Mark, inside: string): string {
  return element(is, spoken(SPOKEN[is]) + inside + spoken(SPOKEN_END));
}

/** Words that follow each other and are shown in the same way. */
interface Stretch {
  is: ComparedWord['is'];
  note: string;
  words: Word[];
}

function stretchesOf(compared: readonly ComparedWord[]): Stretch[] {
  const stretches: Stretch[] = [];
  for (const one of compared) {
    const [word, text] = one.is === 'same' ? [one.after, marksNote(one.before.marks, one.after.marks)] : [one.item, ''];
    const last = stretches.at(-1);
    // A note is about one element: a link that follows another one has a note of its own.
    const isSameNote = last?.note === text && (text === '' || sameMarks(last.words[0]?.marks ?? [], word.marks));
    if (last?.is === one.is && isSameNote) last.words.push(word);
    else stretches.push({ is: one.is, note: text, words: [word] });
  }
  return stretches;
}

function stretchHtml({ is, note: text, words }: Stretch): string {
  const html = wordsHtml(words);
  if (is === 'same') return text === '' ? html : `<span class="restyled">${html}${note(text)}</span>`;
  return marked(
    is,
    words.some(({ isBreak }) => isBreak) ? html.replaceAll('<br>', '<span class="sign">↵</span><br>') : html,
  );
}

function changedText({ before, after, words, end }: ChangedText): string {
  const changed = tagNote(before, after);
  const border =
    end === 'same' ? '' : end === 'new' ? note('从这里分成两段') : note('原来在这里分段，现在和下一段连在一起');
  const inside = stretchesOf(words).map(stretchHtml).join('') + border;
  return elementHtml(after, (changed === undefined ? '' : note(changed)) + inside);
}

function labelOf({ is, movedFrom, movedTo }: WholeBlock): string {
  if (movedTo !== undefined) return `移到${PLACES[movedTo]}去了`;
  if (movedFrom !== undefined) return `从${PLACES[movedFrom]}移来的`;
  return LABELS[is];
}

/** Returns the HTML of a block that only one text has. What may stand in a list or table depends on the element. */
function wholeHtml(whole: WholeBlock): string {
  const { is, block } = whole;
  const { name } = block.tag;
  const classes = ['whole', is];
  const label = `<small class="label">${labelOf(whole)}</small>`;
  const inside = (of: ShownBlock): string =>
    'words' in of ? wordsHtml(of.words) : of.blocks.map((inner) => shownHtml(inner)).join('');
  switch (name) {
    case 'thead':
    case 'tbody':
    case 'tr': {
      const parts = 'words' in block ? [] : block.blocks;
      return elementHtml(block.tag, parts.map((part) => wholeHtml({ is, block: part })).join(''), classes);
    }
    case 'td':
    case 'th':
      return elementHtml(block.tag, marked(is, inside(block)), classes);
    case 'li':
      return elementHtml(block.tag, label + element(is, inside(block)), classes);
    case 'line':
      return marked(is, inside(block));
    default:
      return `<div class="${classes.join(' ')}">${label}${element(is, shownHtml(block))}</div>`;
  }
}

function comparedBlock(one: ComparedBlock): string {
  if (one.is === 'same') return shownHtml(one.block);
  if (one.is !== 'changed') return wholeHtml(one);
  if ('words' in one) return changedText(one);
  const changed = tagNote(one.before, one.after);
  const html = elementHtml(one.after, one.blocks.map(comparedBlock).join(''));
  return changed === undefined || one.after.name === 'li' ? html : `<p class="aside">${note(changed)}</p>${html}`;
}

/**
 * Returns the HTML of compared plain texts. Line ends that were added or removed alone are made visible. It is safe to
 * put it into a page, into an element that keeps white space.
 */
export function segmentsHtml(segments: readonly TextSegment[]): string {
  return segments
    .map(({ is, text }) => {
      if (is === 'same') return xmlText(text);
      return marked(is, xmlText(text.trim() === '' ? text.replaceAll('\n', '↵\n') : text));
    })
    .join('');
}

/** Fewest unchanged blocks that are folded. */
const FEWEST_FOLDED = 3;

/** Returns unchanged blocks folded, except for the ones beside a change. */
function unchangedHtml(
  blocks: readonly ComparedBlock[],
  { isFirst, isLast }: Record<'isFirst' | 'isLast', boolean>,
): string {
  const [from, to] = [isFirst ? 0 : 1, blocks.length - (isLast ? 0 : 1)];
  const html = (some: readonly ComparedBlock[]): string => some.map(comparedBlock).join('');
  if (to - from < FEWEST_FOLDED) return html(blocks);
  const summary = `……略去 ${to - from} 段没有改动的……`;
  const folded = `<details class="unchanged"><summary>${summary}</summary>${html(blocks.slice(from, to))}</details>`;
  return html(blocks.slice(0, from)) + folded + html(blocks.slice(to));
}

/**
 * Returns the HTML of a comparison: the newer text as a page shows it, with what is gone in `del` and what is new in
 * `ins`. Long unchanged stretches are folded. It is safe to put it into a page.
 */
export function comparedHtml(blocks: readonly ComparedBlock[]): string {
  const runs: ComparedBlock[][] = [];
  for (const one of blocks) {
    const last = runs.at(-1);
    if (last && (last[0]?.is === 'same') === (one.is === 'same')) last.push(one);
    else runs.push([one]);
  }
  return runs
    .map((run, index) =>
      run[0]?.is === 'same'
        ? unchangedHtml(run, { isFirst: index === 0, isLast: index === runs.length - 1 })
        : run.map(comparedBlock).join(''),
    )
    .join('');
}

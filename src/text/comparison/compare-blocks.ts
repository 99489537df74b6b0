// Pure functions, which run in browsers and in Node.
import { alignBlocks, type Alignment } from './align-blocks.ts';
import { compareLists, EditBudget } from './compare-lists.ts';
import { compareWords, type ComparedWord } from './compare-words.ts';
import { type ShownBlock, type Tag, type TextBlock, type Word } from './shown-blocks.ts';
import { weightOf } from './words.ts';

/** A block of two compared texts. */
export type ComparedBlock = SameBlock | WholeBlock | ChangedGroup | ChangedText;

/** A block that both texts have, equal in everything that is shown. */
export interface SameBlock {
  is: 'same';
  block: ShownBlock;
}

/** A block that only one of the texts has. */
export interface WholeBlock {
  is: 'gone' | 'new';
  block: ShownBlock;
  /** Set if the other text has the same block at another place: further up or further down. */
  movedFrom?: 'up' | 'down';
  movedTo?: 'up' | 'down';
}

/** A list, item, quotation, table or row that was changed. */
export interface ChangedGroup {
  is: 'changed';
  before: Tag;
  after: Tag;
  blocks: readonly ComparedBlock[];
}

/**
 * A text that was changed. `end` is the end of the paragraph: `same` if both texts have it; `new` if the paragraph was
 * split here, so that in the older text the next block continues it; `gone` if it was joined with the next block.
 */
export interface ChangedText {
  is: 'changed';
  before: Tag;
  after: Tag;
  words: readonly ComparedWord[];
  end: 'same' | 'new' | 'gone';
}

/** Least share of a text that stays the same in a changed text. Otherwise the old text is gone and the new one new. */
const LEAST_KEPT = 0.2;

/** The end of a paragraph where paragraphs are compared as one text. No text contains it: it is no word. */
const PARAGRAPH_END: Word = { text: '\u2029', isBreak: true, marks: [{ name: 'end', attributes: {} }] };

function isParagraphEnd(word: Word): boolean {
  return word === PARAGRAPH_END;
}

function streamOf(blocks: readonly TextBlock[]): Word[] {
  return blocks.flatMap(({ words }, index) => (index === 0 ? words : [PARAGRAPH_END, ...words]));
}

/** Returns whether so much of a text has stayed that it can be read with its changes marked. */
function isReadable(words: readonly ComparedWord[]): boolean {
  let [same, gone, added] = [0, 0, 0];
  for (const word of words) {
    const weight = weightOf(word.is === 'same' ? word.after.text : word.item.text);
    if (word.is === 'same') same += weight;
    else if (word.is === 'gone') gone += weight;
    else added += weight;
  }
  return same >= LEAST_KEPT * (same + Math.max(gone, added));
}

function compareStreams(
  before: readonly TextBlock[],
  after: readonly TextBlock[],
  budget: EditBudget,
): ComparedBlock[] | undefined {
  const [was, is] = [before[0]?.tag, after[0]?.tag];
  if (!was || !is) return undefined;
  const words = compareWords(streamOf(before), streamOf(after), budget);
  // A cell is always shown with its changes, because its row has a place for one cell only.
  const isCell = is.name === 'td' || is.name === 'th';
  if (!words || (!isCell && !isReadable(words))) return undefined;
  const blocks: ChangedText[] = [];
  let own: ComparedWord[] = [];
  for (const word of words) {
    if (word.is === 'same' || !isParagraphEnd(word.item)) {
      own.push(word);
      continue;
    }
    blocks.push({ is: 'changed', before: was, after: is, words: own, end: word.is });
    own = [];
  }
  return [...blocks, { is: 'changed', before: was, after: is, words: own, end: 'same' }];
}

function compareMatch(
  before: readonly ShownBlock[],
  after: readonly ShownBlock[],
  budget: EditBudget,
): ComparedBlock[] | undefined {
  const texts = (blocks: readonly ShownBlock[]): TextBlock[] => blocks.filter((block) => 'words' in block);
  const [was, is] = [texts(before), texts(after)];
  if (was.length > 0 && is.length > 0) return compareStreams(was, is, budget);
  const [one, other] = [before[0], after[0]];
  if (!one || !other || !('blocks' in one) || !('blocks' in other)) return undefined;
  const blocks = other.tag.name === 'tr' ? compareCells(one.blocks, other.blocks, budget) : undefined;
  return [
    {
      is: 'changed',
      before: one.tag,
      after: other.tag,
      blocks: blocks ?? compareLevel(one.blocks, other.blocks, budget),
    },
  ];
}

/** Compares the cells of a row one by one. Returns undefined if that costs more than the budget. */
function compareCells(
  before: readonly ShownBlock[],
  after: readonly ShownBlock[],
  budget: EditBudget,
): ComparedBlock[] | undefined {
  const cells = before.map((cell, index): ComparedBlock[] | undefined => {
    const other = after[index];
    if (!other) return undefined;
    return blockKey(cell) === blockKey(other) ? [{ is: 'same', block: other }] : compareMatch([cell], [other], budget);
  });
  return cells.every((cell) => cell !== undefined) ? cells.flat() : undefined;
}

const wholes = ({ before, after }: Extract<Alignment, { is: 'match' }>): WholeBlock[] => [
  ...before.map((block): WholeBlock => ({ is: 'gone', block })),
  ...after.map((block): WholeBlock => ({ is: 'new', block })),
];

/** Keys of blocks that were already asked for. A block is looked at on each level that contains it. */
const keys = new WeakMap<ShownBlock, string>();

/** Returns a text that is the same for two blocks if a page shows the same. */
function blockKey(block: ShownBlock): string {
  const known = keys.get(block);
  if (known !== undefined) return known;
  const key = JSON.stringify(block);
  keys.set(block, key);
  return key;
}

/** Compares the blocks of one level: of a text, a list, an item and so on. */
function compareLevel(
  before: readonly ShownBlock[],
  after: readonly ShownBlock[],
  budget: EditBudget,
): ComparedBlock[] {
  const all = compareLists(before, after, blockKey, budget) ?? [
    ...before.map((item) => ({ is: 'gone' as const, item })),
    ...after.map((item) => ({ is: 'new' as const, item })),
  ];
  const result: ComparedBlock[] = [];
  let [gone, added]: [ShownBlock[], ShownBlock[]] = [[], []];
  const endPlace = (): void => {
    for (const aligned of alignBlocks(gone, added)) {
      if (aligned.is === 'match')
        result.push(...(compareMatch(aligned.before, aligned.after, budget) ?? wholes(aligned)));
      else result.push(aligned);
    }
    [gone, added] = [[], []];
  };
  for (const one of all) {
    if (one.is === 'gone') gone.push(one.item);
    else if (one.is === 'new') added.push(one.item);
    else {
      endPlace();
      result.push({ is: 'same', block: one.after });
    }
  }
  endPlace();
  return withMoves(result);
}

/** Marks the blocks that only stand at another place. */
function withMoves(blocks: readonly ComparedBlock[]): ComparedBlock[] {
  const places = { gone: new Map<string, number[]>(), new: new Map<string, number[]>() };
  blocks.forEach((one, index) => {
    if (one.is !== 'gone' && one.is !== 'new') return;
    const key = blockKey(one.block);
    if ('words' in one.block && one.block.words.length === 0) return;
    const known = places[one.is].get(key);
    if (known) known.push(index);
    else places[one.is].set(key, [index]);
  });
  const moved = new Map<number, Pick<WholeBlock, 'movedFrom' | 'movedTo'>>();
  for (const [key, from] of places.gone)
    places.new.get(key)?.forEach((to, index) => {
      const old = from[index];
      if (old === undefined) return;
      moved.set(old, { movedTo: to > old ? 'down' : 'up' });
      moved.set(to, { movedFrom: to > old ? 'up' : 'down' });
    });
  return blocks.map((one, index) => ({ ...one, ...moved.get(index) }));
}

/** Compares two lists of blocks as a page shows them, within the budget of one page. */
export function compareBlocks(before: readonly ShownBlock[], after: readonly ShownBlock[]): ComparedBlock[] {
  return compareLevel(before, after, new EditBudget());
}

/** Returns the blocks of the older (`before`) or newer (`after`) text from their comparison. */
export function blocksOf(compared: readonly ComparedBlock[], side: 'before' | 'after'): ShownBlock[] {
  const without = side === 'before' ? 'new' : 'gone';
  const result: ShownBlock[] = [];
  let open: { tag: Tag; words: Word[] } | undefined;
  for (const one of compared) {
    if (one.is === without) continue;
    if (one.is !== 'changed') result.push(one.block);
    else if ('blocks' in one) result.push({ tag: one[side], blocks: blocksOf(one.blocks, side) });
    else {
      open ??= { tag: one[side], words: [] };
      for (const word of one.words) {
        if (word.is === 'same') open.words.push(word[side]);
        else if (word.is !== without) open.words.push(word.item);
      }
      if (one.end === without) continue;
      result.push(open);
      open = undefined;
    }
  }
  return result;
}

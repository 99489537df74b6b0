// Runs in browser and Node: pure.
import type { Picture } from '../document/blocks.ts';
import { canBeCaption, captionIn, isShortLine, startsAsCaption } from './captions.ts';
import type { Figure, Item, Line } from './lines.ts';
import type { PhotoWords } from './story.ts';
import { tight } from './words.ts';

/** Pictures narrower than this, in centimetres, are emblems. */
const LEAST_WIDTH = 3;

/** A photo and its position among the items. */
interface Placed {
  figure: Figure;
  at: number;
  words: PhotoWords;
}

export interface FoundPhotos {
  photos: PhotoWords[];
  smallPictures: number;
  repeatedPictures: number;
}

function isSmall({ width }: Picture): boolean {
  return width !== undefined && width > 0 && width < LEAST_WIDTH;
}

/** Returns the next line that is not used yet in a direction; undefined if a picture or the end comes first. */
function lineBeside(items: readonly Item[], from: number, step: 1 | -1): Line | undefined {
  for (let at = from + step; at >= 0 && at < items.length; at += step) {
    const item = items[at];
    if (item?.kind !== 'line') return undefined;
    if (!item.used) return item;
  }
  return undefined;
}

/** Returns the first `count` lines behind a position that are not used yet; those behind the next picture too. */
function linesAfter(items: readonly Item[], from: number, count: number): Line[] {
  const found: Line[] = [];
  for (const item of items.slice(from + 1, from + 2 + 2 * count)) {
    if (item.kind === 'line' && !item.used && found.length < count) found.push(item);
  }
  return found;
}

function give(photo: Placed | undefined, text: string): void {
  if (photo) Object.assign(photo.words, captionIn(text));
}

function giveLine(photo: Placed | undefined, line: Line): void {
  give(photo, line.text);
  line.used = true;
}

/** The captions are above the photos, and not below, if only lines above can be captions, or all of them have ▼ or ↓. */
function areAbove(items: readonly Item[], placed: readonly Placed[]): boolean {
  const fits = (line: Line | undefined): boolean => line !== undefined && canBeCaption(line);
  const above = placed.map(({ at }) => lineBeside(items, at, -1));
  if (placed.length === 0 || !above.every(fits)) return false;
  const below = placed.filter(({ at }) => fits(lineBeside(items, at, 1)));
  return below.length < placed.length || above.every((line) => /^[▼↓]/u.test(line?.text ?? ''));
}

/** Gives a photo that stands alone the line below it. */
function captionOne(items: readonly Item[], photo: Placed): void {
  const line = lineBeside(items, photo.at, 1);
  if (!line || (line.column !== undefined && line.column !== photo.figure.column)) return;
  const next = items[items.indexOf(line) + 1];
  // A short line between two photos, or between the last one and the end.
  const isBetween = isShortLine(line) && (next === undefined || next.kind === 'picture' || next.used);
  if (canBeCaption(line) || isBetween) giveLine(photo, line);
}

const NUMBERED = /^\s*(?:\d+|[一二三四五六七八九十]+|[①-⑳])[.．、]?\s*/u;

/** Gives photos that stand together the words of one line, or of as many lines as there are photos. */
function captionGroup(items: readonly Item[], group: readonly Placed[]): void {
  const last = group.at(-1);
  const after = last ? linesAfter(items, last.at, group.length + 1) : [];
  const [first] = after;
  if (!first) return;
  const sides = /^[（(]?左图?[：:](.+?)[\s；;，,]+右图?[：:](.+?)[）)]?$/u.exec(first.text);
  const columns = first.text.split(/\t+|\s{3,}/u);
  if (sides && group.length === 2) {
    give(group[0], sides[1] ?? '');
    give(group[1], sides[2] ?? '');
    first.used = true;
  } else if (columns.length === group.length && columns.every((one) => tight(one).length > 1)) {
    columns.forEach((one, index) => give(group[index], one));
    first.used = true;
  } else if (/^(?:图片?|照片)说明[：:]?$/u.test(tight(first.text))) {
    first.used = true;
    linesAfter(items, items.indexOf(first), group.length).forEach((line, index) => {
      if (!NUMBERED.test(line.text) && line.list === undefined) return;
      give(group[index], line.text.replace(NUMBERED, ''));
      line.used = true;
    });
  } else if (after.length >= group.length && after.slice(0, group.length).every(canBeCaption)) {
    after.slice(0, group.length).forEach((line, index) => giveLine(group[index], line));
  }
}

/** Divides photos into groups of those between which there is nothing. */
function groupsOf(placed: readonly Placed[]): Placed[][] {
  const groups: Placed[][] = [];
  for (const photo of placed) {
    const before = groups.at(-1)?.at(-1);
    if (before && photo.at === before.at + 1) groups.at(-1)?.push(photo);
    else groups.push([photo]);
  }
  return groups;
}

/** Returns whether a line is next to a picture, or in a table with pictures, and begins as only captions do. */
export function isPhotoLine(line: Line, index: number, items: readonly Item[]): boolean {
  const isNear =
    line.column !== undefined || [items[index - 1], items[index + 1]].some((item) => item?.kind === 'picture');
  return isNear && startsAsCaption(line.text);
}

/**
 * Finds the photos among the items, and the words that belong to each. Marks the lines with captions as used.
 * @param credit photographer of the photos whose captions name none.
 */
export function findPhotos(items: readonly Item[], credit: string): FoundPhotos {
  const parts = new Set<string>();
  const placed: Placed[] = [];
  let [smallPictures, repeatedPictures] = [0, 0];
  items.forEach((item, at) => {
    if (item.kind !== 'picture') return;
    const { part, alt, cropped } = item.picture;
    if (isSmall(item.picture)) smallPictures += 1;
    else if (parts.has(part)) repeatedPictures += 1;
    else placed.push({ figure: item, at, words: { part, caption: '', credit: '', alt, cropped } });
    parts.add(part);
  });
  if (areAbove(items, placed)) {
    for (const photo of placed) {
      const line = lineBeside(items, photo.at, -1);
      if (line) giveLine(photo, line);
    }
  } else {
    for (const group of groupsOf(placed)) {
      const [first] = group;
      if (group.length > 1) captionGroup(items, group);
      else if (first) captionOne(items, first);
    }
  }
  const photos = placed.map(({ words }) => ({ ...words, credit: words.credit === '' ? credit : words.credit }));
  return { photos, smallPictures, repeatedPictures };
}

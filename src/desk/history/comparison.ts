import { diffArrays } from 'diff';
import { z } from 'zod';
import { collections } from '../../model/collections.ts';
import { formOf } from '../../model/field.ts';
import type { CollectionName } from '../../model/names.ts';
import { photo as photoGroup } from '../../model/photo.ts';
import type { EntryVersion } from './version.ts';
import { valueWords, type NameOf } from './words.ts';

/** A stretch of text that stayed, went or came. */
export interface Stretch {
  is: 'same' | 'gone' | 'new';
  text: string;
}

/** A photo of one of two versions, or of both. */
export interface PhotoDifference {
  src: string;
  is: 'same' | 'gone' | 'new' | 'changed';
  /** The blobs of its file in both versions; undefined: it is not beside the entry. */
  before: string | undefined;
  after: string | undefined;
  /** What is said of it, compared. */
  words: readonly Stretch[];
}

/** A field in which two versions differ. */
export interface Difference {
  /** Its key in the front matter; `body` and `text` (of a file that cannot be taken apart) beside. */
  key: string;
  label: string;
  stretches: readonly Stretch[];
  /** Of photos only. */
  photos?: readonly PhotoDifference[];
}

/** The Markdown below the front matter, and the whole of a file that cannot be taken apart. */
export const BODY = 'body';
export const WHOLE = 'text';

/** Texts that have more in which they differ than this are told apart by lines, and then as wholes. */
const MOST_EDITS = 4000;

const words = new Intl.Segmenter('zh', { granularity: 'word' });

function wordsOf(text: string): string[] {
  return Array.from(words.segment(text), ({ segment }) => segment);
}

function linesOf(text: string): string[] {
  return text.split(/(?<=\n)/u);
}

/** What went and what came between two texts, word by word; spaces and ends of lines count. */
export function compareTexts(before: string, after: string): Stretch[] {
  if (before === after) return before === '' ? [] : [{ is: 'same', text: before }];
  const limit = { maxEditLength: MOST_EDITS };
  const changes =
    diffArrays(wordsOf(before), wordsOf(after), limit) ?? diffArrays(linesOf(before), linesOf(after), limit);
  if (!changes) {
    return [
      { is: 'gone', text: before },
      { is: 'new', text: after },
    ];
  }
  return changes.map(({ added, removed, value }) => ({
    is: added ? 'new' : removed ? 'gone' : 'same',
    text: value.join(''),
  }));
}

const listed = z.array(z.looseObject({ src: z.string() }).optional().catch(undefined)).catch([]);

/** What an entry says of its photos, by file name. */
function spokenPhotos(version: EntryVersion | undefined): Map<string, Record<string, unknown>> {
  const photos = listed.parse(version?.fields?.get('photos') ?? []);
  return new Map(photos.flatMap((one) => (one ? [[one.src, { ...one, src: undefined }] as const] : [])));
}

function photoWords(spoken: Record<string, unknown> | undefined, nameOf: NameOf): string {
  const said = Object.entries(spoken ?? {}).filter(([, value]) => value !== undefined);
  return valueWords(photoGroup, Object.fromEntries(said), nameOf);
}

function comparePhotos(
  before: EntryVersion | undefined,
  after: EntryVersion | undefined,
  nameOf: NameOf,
): PhotoDifference[] {
  const [was, is] = [spokenPhotos(before), spokenPhotos(after)];
  return Array.from(new Set([...was.keys(), ...is.keys()]), (src): PhotoDifference => {
    const [old, now] = [before?.photos.get(src), after?.photos.get(src)];
    const stretches = compareTexts(photoWords(was.get(src), nameOf), photoWords(is.get(src), nameOf));
    const changed = old !== now || stretches.some((one) => one.is !== 'same');
    const state = !was.has(src) ? 'new' : !is.has(src) ? 'gone' : changed ? 'changed' : 'same';
    return { src, is: state, before: old, after: now, words: stretches };
  });
}

/** Fields that differ, in the order of the model's form. `before` undefined: there was nothing. */
export function compareVersions(
  collection: CollectionName,
  before: EntryVersion | undefined,
  after: EntryVersion | undefined,
  nameOf: NameOf = () => undefined,
): Difference[] {
  if ((before && !before.fields) || (after && !after.fields)) {
    const stretches = compareTexts(before?.text ?? '', after?.text ?? '');
    return stretches.every((one) => one.is === 'same') ? [] : [{ key: WHOLE, label: '全文', stretches }];
  }
  const { schema, body } = collections[collection];
  const shape: Readonly<Record<string, z.core.$ZodType>> = schema.shape;
  const keys = new Set([...Object.keys(shape), ...(before?.fields?.keys() ?? []), ...(after?.fields?.keys() ?? [])]);
  const differences = Array.from(keys).flatMap((key): Difference[] => {
    const field = shape[key];
    const [was, is] = [before?.fields?.get(key), after?.fields?.get(key)];
    const label = field ? formOf(field).label : key;
    if (field && formOf(field).widget === 'photos') {
      const photos = comparePhotos(before, after, nameOf);
      const differ =
        JSON.stringify(was ?? []) !== JSON.stringify(is ?? []) || photos.some((photo) => photo.is !== 'same');
      return differ ? [{ key, label, stretches: [], photos }] : [];
    }
    const texts = [valueWords(field, was, nameOf), valueWords(field, is, nameOf)] as const;
    return texts[0] === texts[1] ? [] : [{ key, label, stretches: compareTexts(...texts) }];
  });
  const bodies = [before?.body ?? '', after?.body ?? ''] as const;
  if (bodies[0] === bodies[1]) return differences;
  return [...differences, { key: BODY, label: body?.label ?? '正文', stretches: compareTexts(...bodies) }];
}

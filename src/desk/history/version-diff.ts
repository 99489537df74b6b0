import { diffArrays } from 'diff';
import { z } from 'zod';
import { collections } from '../../model/collections/collections.ts';
import { formOf } from '../../model/fields/field.ts';
import type { CollectionName } from '../../model/fields/collection-names.ts';
import { photo as photoGroup } from '../../model/fields/photo.ts';
import type { ReadVersion } from './version.ts';
import { valueWords, type NameOf } from '../../model/value-labels.ts';

/** A piece of text that is in both versions, only in the older one (`gone`), or only in the newer one (`new`). */
export interface DiffSegment {
  is: 'same' | 'gone' | 'new';
  text: string;
}

/** A photo that both compared versions name, or only one of them. */
export interface PhotoDifference {
  src: string;
  is: 'same' | 'gone' | 'new' | 'changed';
  /** Id of the blob of the photo's file in the older version; undefined if no such file is beside the entry. */
  before: string | undefined;
  /** Id of the blob of the photo's file in the newer version; undefined if no such file is beside the entry. */
  after: string | undefined;
  /** The comparison of the photo's other fields as text. */
  words: readonly DiffSegment[];
}

/** A field in which two versions differ, and the comparison of its two values. */
export interface Difference {
  /** Key of the field in the front matter, or `BODY`, or `WHOLE`. */
  key: string;
  label: string;
  stretches: readonly DiffSegment[];
  /**
   * The comparison of the photos, for a field with photos; `stretches` is then empty. Undefined for any other field.
   */
  photos?: readonly PhotoDifference[];
}

/** The key that stands for the Markdown below the front matter where fields are listed by key. */
export const BODY = 'body';
/**
 * The key that stands for the whole text where fields are listed by key. Used if the text of a version cannot be
 * parsed.
 */
export const WHOLE = 'text';

/**
 * Greatest number of words that may be added or removed in a comparison by words. If there are more, the texts are
 * compared by lines, with the same limit for lines. If there are more lines, too, the whole old text counts as removed
 * and the whole new text as added.
 */
const MOST_EDITS = 2500;

const words = new Intl.Segmenter('zh', { granularity: 'word' });

function wordsOf(text: string): string[] {
  return Array.from(words.segment(text), ({ segment }) => segment);
}

function linesOf(text: string): string[] {
  return text.split(/(?<=\n)/u);
}

/** Compares two texts by words and returns their segments in order. Spaces and line ends count as words. */
function compareTexts(before: string, after: string): DiffSegment[] {
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

/** Returns the fields of the photos that a version names, by file name. */
function photoFields(version: ReadVersion | undefined): Map<string, Record<string, unknown>> {
  const photos = listed.parse(version?.fields?.get('photos') ?? []);
  return new Map(photos.flatMap((one) => (one ? [[one.src, { ...one, src: undefined }] as const] : [])));
}

function photoWords(fields: Record<string, unknown> | undefined, nameOf: NameOf): string {
  const present = Object.entries(fields ?? {}).filter(([, value]) => value !== undefined);
  return valueWords(photoGroup, Object.fromEntries(present), nameOf);
}

function comparePhotos(
  before: ReadVersion | undefined,
  after: ReadVersion | undefined,
  nameOf: NameOf,
): PhotoDifference[] {
  const [was, is] = [photoFields(before), photoFields(after)];
  return Array.from(new Set([...was.keys(), ...is.keys()]), (src): PhotoDifference => {
    const [old, now] = [before?.photos.get(src), after?.photos.get(src)];
    const stretches = compareTexts(photoWords(was.get(src), nameOf), photoWords(is.get(src), nameOf));
    const changed = old !== now || stretches.some((one) => one.is !== 'same');
    const state = !was.has(src) ? 'new' : !is.has(src) ? 'gone' : changed ? 'changed' : 'same';
    return { src, is: state, before: old, after: now, words: stretches };
  });
}

/** A field in which two versions differ. */
export interface DifferingField {
  key: string;
  label: string;
}

/** A field in which two versions differ, with the field's values as text. */
interface ComparedField extends DifferingField {
  /** Undefined for a field with photos. */
  texts?: readonly [before: string, after: string];
}

/**
 * Returns the fields in which two versions differ, in the order of the model's form. Does not compare the texts word by
 * word.
 * @param before the older version; undefined if there was none.
 * @param after the newer version; undefined if there is none.
 */
export function differingFields(
  collection: CollectionName,
  before: ReadVersion | undefined,
  after: ReadVersion | undefined,
  nameOf: NameOf = () => undefined,
): ComparedField[] {
  if ((before && !before.fields) || (after && !after.fields)) {
    const texts = [before?.text ?? '', after?.text ?? ''] as const;
    return texts[0] === texts[1] ? [] : [{ key: WHOLE, label: '全文', texts }];
  }
  const { schema, body } = collections[collection];
  const shape: Readonly<Record<string, z.core.$ZodType>> = schema.shape;
  const keys = new Set([...Object.keys(shape), ...(before?.fields?.keys() ?? []), ...(after?.fields?.keys() ?? [])]);
  const differing = Array.from(keys).flatMap((key): ComparedField[] => {
    const field = shape[key];
    const [was, is] = [before?.fields?.get(key), after?.fields?.get(key)];
    const label = field ? formOf(field).label : key;
    if (field && formOf(field).widget === 'photos') {
      const differ = JSON.stringify(was ?? []) !== JSON.stringify(is ?? []) || photoBlobs(before) !== photoBlobs(after);
      return differ ? [{ key, label }] : [];
    }
    const texts = [valueWords(field, was, nameOf), valueWords(field, is, nameOf)] as const;
    return texts[0] === texts[1] ? [] : [{ key, label, texts }];
  });
  const texts = [before?.body ?? '', after?.body ?? ''] as const;
  return texts[0] === texts[1] ? differing : [...differing, { key: BODY, label: body?.label ?? '正文', texts }];
}

/** Returns the photos that a version names, with the ids of their blobs, as one string for comparisons. */
function photoBlobs(version: ReadVersion | undefined): string {
  return JSON.stringify(Array.from(photoFields(version).keys(), (src) => [src, version?.photos.get(src)]));
}

/**
 * Returns the fields in which two versions differ, with their comparison, in the order of the model's form.
 * @param before the older version; undefined if there was none.
 * @param after the newer version; undefined if there is none.
 */
export function compareVersions(
  collection: CollectionName,
  before: ReadVersion | undefined,
  after: ReadVersion | undefined,
  nameOf: NameOf = () => undefined,
): Difference[] {
  return differingFields(collection, before, after, nameOf).map(({ key, label, texts }) =>
    texts
      ? { key, label, stretches: compareTexts(...texts) }
      : { key, label, stretches: [], photos: comparePhotos(before, after, nameOf) },
  );
}

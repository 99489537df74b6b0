import type { z } from 'zod';
import { collections } from '../../model/collections/collections.ts';
import { formOf } from '../../model/fields/field.ts';
import type { CollectionName } from '../../model/fields/collection-names.ts';
import { labelOf, valueWords, type NameOf } from '../../model/value-labels.ts';
import { compareTexts } from '../../text/comparison/compare-texts.ts';
import type { TextSegment } from '../../text/comparison/compare-words.ts';
import { comparedTextHtml } from '../../text/comparison/comparison.ts';
import { comparePhotos, photoBlobs, type PhotoDifference } from './photo-diff.ts';
import type { ReadVersion } from './version.ts';

/** A field in which two versions differ. */
export interface DifferingField {
  /** Key of the field in the front matter, or `BODY`, or `WHOLE`. */
  key: string;
  label: string;
}

/** A field in which two versions differ, and the comparison of its two values. */
export type Difference = DifferingField &
  (
    | { kind: 'fact'; segments: readonly TextSegment[] }
    /** The list is empty if only the order of the photos differs. */
    | { kind: 'photos'; photos: readonly PhotoDifference[] }
    /** The body as a page shows it, with its changes marked; undefined if both versions show the same. */
    | { kind: 'body'; html: string | undefined }
    /** The whole text of the file. */
    | { kind: 'source'; segments: readonly TextSegment[] }
  );

/** The key that stands for the Markdown below the front matter where fields are listed by key. */
export const BODY = 'body';
/**
 * The key that stands for the whole text where fields are listed by key. Used if the text of a version cannot be
 * parsed.
 */
export const WHOLE = 'text';

/** What differs between two versions in one field. */
type FieldValues =
  | { kind: 'fact'; schema: z.core.$ZodType | undefined; before: unknown; after: unknown }
  | { kind: 'photos' }
  | { kind: 'body' | 'source'; before: string; after: string };

function unnamed(): undefined {
  return undefined;
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
): (DifferingField & FieldValues)[] {
  if ((before && !before.fields) || (after && !after.fields)) {
    const texts = { before: before?.text ?? '', after: after?.text ?? '' };
    return texts.before === texts.after ? [] : [{ key: WHOLE, label: '全文', kind: 'source', ...texts }];
  }
  const { schema, body } = collections[collection];
  const shape: Readonly<Record<string, z.core.$ZodType>> = schema.shape;
  const keys = new Set([...Object.keys(shape), ...(before?.fields?.keys() ?? []), ...(after?.fields?.keys() ?? [])]);
  const differing = Array.from(keys).flatMap((key): (DifferingField & FieldValues)[] => {
    const field = shape[key];
    const [was, is] = [before?.fields?.get(key), after?.fields?.get(key)];
    const label = labelOf(field, key);
    if (field && formOf(field).widget === 'photos') {
      const differ = JSON.stringify(was ?? []) !== JSON.stringify(is ?? []) || photoBlobs(before) !== photoBlobs(after);
      return differ ? [{ key, label, kind: 'photos' }] : [];
    }
    if (valueWords(field, was, unnamed) === valueWords(field, is, unnamed)) return [];
    return [{ key, label, kind: 'fact', schema: field, before: was, after: is }];
  });
  const texts = { before: before?.body ?? '', after: after?.body ?? '' };
  if (texts.before === texts.after) return differing;
  return [...differing, { key: BODY, label: body?.label ?? '正文', kind: 'body', ...texts }];
}

/** Compares two values in words. Where two entries have the same title, their keys are shown too. */
function comparedValues({ schema, before, after }: FieldValues & { kind: 'fact' }, nameOf: NameOf): TextSegment[] {
  const [was, is] = [valueWords(schema, before, nameOf), valueWords(schema, after, nameOf)];
  if (was !== is) return compareTexts(was, is);
  const withKey: NameOf = (collection, key) => `${nameOf(collection, key) ?? ''}（${key}）`;
  return compareTexts(valueWords(schema, before, withKey), valueWords(schema, after, withKey));
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
  nameOf: NameOf = unnamed,
): Difference[] {
  return differingFields(collection, before, after).map((field): Difference => {
    const { key, label } = field;
    switch (field.kind) {
      case 'photos':
        return { key, label, kind: field.kind, photos: comparePhotos(before, after, nameOf) };
      case 'fact':
        return { key, label, kind: field.kind, segments: comparedValues(field, nameOf) };
      case 'body':
        return { key, label, kind: field.kind, html: comparedTextHtml(field.before, field.after) };
      case 'source':
        return { key, label, kind: field.kind, segments: compareTexts(field.before, field.after) };
    }
  });
}

import type { z } from 'zod';
import { collections } from '../../model/collections/collections.ts';
import { formOf } from '../../model/fields/field.ts';
import type { CollectionName } from '../../model/fields/collection-names.ts';
import { valueWords } from '../../model/value-labels.ts';
import { compareTexts } from '../../text/comparison/compare-texts.ts';
import type { TextSegment } from '../../text/comparison/compare-words.ts';
import { nameOf } from '../backend/site-settings.ts';
import type { EntryData } from './form-copy.ts';

/** A field in which two texts of an entry differ. */
export interface FieldDifference {
  label: string;
  segments: readonly TextSegment[];
}

/** Length of an unchanged piece of text above which only its ends are shown, in characters. */
const LONG = 60;
/** How many characters of a long unchanged piece are shown beside each change. */
const CONTEXT = 24;

/** Returns the fields of an entry with their values as words, in the order of the form; the body comes last. */
export function fieldWords(collection: CollectionName, data: EntryData): { label: string; words: string }[] {
  const { schema, body } = collections[collection];
  const shape: Readonly<Record<string, z.core.$ZodType>> = schema.shape;
  const fields = Object.entries(shape).flatMap(([key, field]) => {
    const { label, deskOnly } = formOf(field);
    return deskOnly ? [] : [{ label, words: valueWords(field, data[key], nameOf) }];
  });
  const text = data['body'];
  return [...fields, { label: body?.label ?? '正文', words: typeof text === 'string' ? text : '' }];
}

/** Returns the segments, in which long pieces without changes are shortened to what stands beside the changes. */
export function shortened(segments: readonly TextSegment[]): TextSegment[] {
  return segments.map(({ is, text }, index) => {
    const letters = Array.from(text);
    if (is !== 'same' || letters.length <= LONG) return { is, text };
    const start = index === 0 ? '' : letters.slice(0, CONTEXT).join('');
    const end = index === segments.length - 1 ? '' : letters.slice(-CONTEXT).join('');
    return { is, text: `${start}……${end}` };
  });
}

/**
 * Returns the fields in which two texts of an entry differ, with the changed words marked. Fields that only the desk
 * writes are left out.
 */
export function differences(collection: CollectionName, before: EntryData, after: EntryData): FieldDifference[] {
  const old = fieldWords(collection, before);
  return fieldWords(collection, after).flatMap(({ label, words }, index) => {
    const was = old[index]?.words ?? '';
    return was === words ? [] : [{ label, segments: shortened(compareTexts(was, words)) }];
  });
}

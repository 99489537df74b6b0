import { createElement as h, type ReactNode } from 'react';
import { z } from 'zod';
import { decapFields, type DecapField } from '../../model/decap-fields.ts';
import { judgeLength } from '../../model/fields/field.ts';
import { photo as photoModel } from '../../model/fields/photo.ts';
import { lengthNote, lengthOf } from '../widgets/line-controls.ts';
import { textIn, type DecapMap } from '../widgets/widget.ts';
import { consentNote } from './photo-withdrawal.ts';
import type { SameAsAbove } from './same-as-above.ts';

/** The fields of a photo that an editor fills in, from the model: all except `src`, the picked file. */
export const photoFields = decapFields(photoModel).filter(({ name }) => name !== 'src');

const optional = new Set(
  Object.entries<z.ZodType>(photoModel.shape).flatMap(([name, schema]) =>
    schema.safeParse(undefined).success ? [name] : [],
  ),
);

const choices = z.array(z.object({ value: z.string(), label: z.string() }));

/** Returns the values of a field from which editors choose, with their labels; undefined for other fields. */
function choicesOf(field: DecapField): z.output<typeof choices> | undefined {
  return choices.safeParse(field['options']).data;
}

/** Returns the words that are shown for the value of a field; empty if the photo has no value. */
export function wordsOf(photo: DecapMap, name: string): string {
  const value = textIn(photo, name);
  const field = photoFields.find((one) => one.name === name);
  return (field && choicesOf(field))?.find((choice) => choice.value === value)?.label ?? value;
}

/** Returns the labels of the fields that a photo must have and does not. */
export function missingFields(photo: DecapMap): string[] {
  return photoFields.flatMap(({ name, label }) =>
    textIn(photo, name).trim() === '' && !optional.has(name) ? [label] : [],
  );
}

/** Returns what is wrong with the lengths of a photo's texts, as Chinese phrases. */
export function lengthFaults(photo: DecapMap): string[] {
  return photoFields.flatMap(
    ({ name, label, length }) => judgeLength(label, textIn(photo, name), lengthOf(length)) ?? [],
  );
}

export interface PhotoFieldsProps {
  /** Id of the card. The ids of the inputs begin with it. */
  id: string;
  photo: DecapMap;
  /** Position of the photo in the entry, from 1. */
  number: number;
  /** Today's date in China, YYYY-MM-DD. */
  today: string;
  /** Returns how a field compares with the photo above. */
  compare(name: string): SameAsAbove;
  onChange(name: string, value: string): void;
  /** Called when the editor leaves a field. */
  onLeave(): void;
  /** Makes a field, with those that belong to it, the same as above. */
  onSame(name: string): void;
}

type Changed = { target: { value: string } };

function noteOf({ photo, today }: PhotoFieldsProps, field: DecapField, id: string): ReactNode {
  const value = textIn(photo, field.name);
  if (field.widget !== 'day') return lengthNote(id, field.label, value, lengthOf(field['length']));
  const ended = consentNote(photo, today);
  return h('span', { id, className: ended === undefined ? 'count' : 'count wrong' }, ended ?? field.hint);
}

/** Returns the words 同上 beside a field, a button that makes it so, or null if there is no photo above to compare with. */
function sameNote({ number, compare, onSame }: PhotoFieldsProps, { name, label }: DecapField): ReactNode {
  switch (compare(name)) {
    case 'same':
      return h('span', { className: 'same' }, '同上');
    case 'different':
      return h(
        'button',
        {
          type: 'button',
          className: 'same',
          'aria-label': `同上：照片 ${number} ${label}`,
          onClick: () => onSame(name),
        },
        '同上',
      );
    case 'not comparable':
      return null;
  }
}

function fieldOf(props: PhotoFieldsProps, field: DecapField): ReactNode {
  const { id, number, photo, onChange, onLeave } = props;
  const value = textIn(photo, field.name);
  const note = `${id}-${field.name}-note`;
  const options = choicesOf(field);
  const common = {
    id: `${id}-${field.name}`,
    // The path of the field in the front matter, as faults name it.
    'data-field': `photos.${number - 1}.${field.name}`,
    value,
    'aria-label': `照片 ${number} ${field.label}`,
    ...(options ? {} : { 'aria-describedby': note }),
    onChange: ({ target }: Changed) => onChange(field.name, target.value),
    onBlur: onLeave,
  };
  const control = options
    ? h(
        'select',
        common,
        h('option', { value: '' }, '请选择'),
        options.map((option) => h('option', { key: option.value, value: option.value }, option.label)),
      )
    : h('input', { type: field.widget === 'day' ? 'date' : 'text', placeholder: field.hint, ...common });
  return h(
    'div',
    { key: field.name, className: `photo-field photo-${field.name}` },
    h('label', null, field.label, control, options ? null : noteOf(props, field, note)),
    sameNote(props, field),
  );
}

/** Returns the fields of a photo: words, photographer and consent. */
export function photoFieldset(props: PhotoFieldsProps): ReactNode {
  return h(
    'div',
    { className: 'photo-fields' },
    photoFields.map((field) => fieldOf(props, field)),
  );
}

import { createElement as h, type ReactNode } from 'react';
import { z } from 'zod';
import { decapFields, type DecapField } from '../../model/decap-fields.ts';
import { photo } from '../../model/fields/photo.ts';
import { textIn, type DecapMap } from '../widgets/widget.ts';
import { lengthNote, lengthOf } from '../widgets/line-controls.ts';
import { isWaivableInAll } from './finding-schema.ts';
import { exemptionNote, exemptionOf } from './photo-exemption.ts';
import { findingsList } from './photo-findings.ts';
import type { KnownPhoto } from './findings-cache.ts';

/** The fields of a photo that an editor fills in, from the model: all except `src`, the picked file. */
export const photoFields = decapFields(photo).filter(({ name }) => name !== 'src');

/** Returns width and height in pixels and the file size, such as “4032×3024 · 3.2 MB”. `size` is in bytes. */
export function measureLine({ width, height, size }: Omit<KnownPhoto, 'findings'>): string {
  return `${width}×${height} · ${(size / 1024 / 1024).toFixed(1)} MB`;
}

export interface PhotoCardProps {
  id: string;
  photo: DecapMap;
  /** Position of the photo in the entry, from 1. */
  number: number;
  /** Number of photos in the entry. */
  of: number;
  /** Path of a small picture of the photo. */
  address: string;
  known: KnownPhoto | undefined;
  /** Whether the photo's entry is published, so that the photo may have been accepted under earlier rules. */
  published: boolean;
  mayExempt: boolean;
  onChange(name: string, value: string): void;
  onExempt(reason: string): void;
  onMove(by: number): void;
  onRemove(): void;
}

type Changed = { target: { value: string } };
const choices = z.array(z.object({ value: z.string(), label: z.string() }));

function input(props: PhotoCardProps, field: DecapField): ReactNode {
  const { id, number, onChange } = props;
  const value = textIn(props.photo, field.name);
  const note = `${id}-${field.name}-note`;
  const common = {
    value,
    'aria-label': `照片 ${number} ${field.label}`,
    'aria-describedby': note,
    onChange: ({ target }: Changed) => onChange(field.name, target.value),
  };
  const options = choices.safeParse(field['options']);
  const control = options.success
    ? h(
        'select',
        common,
        h('option', { value: '' }, '请选择'),
        options.data.map((option) => h('option', { key: option.value, value: option.value }, option.label)),
      )
    : h('input', { type: 'text', placeholder: field.hint, ...common });
  return h(
    'label',
    { key: field.name, className: `photo-${field.name}` },
    field.label,
    control,
    options.success ? null : lengthNote(note, field.label, value, lengthOf(field['length'])),
  );
}

function actions({ id, number, of, onMove, onRemove }: PhotoCardProps): ReactNode {
  const action = (label: string, disabled: boolean, onClick: () => void): ReactNode =>
    h('button', { type: 'button', disabled, 'aria-label': `${label}照片 ${number}`, onClick }, label);
  return h(
    'p',
    { className: 'photo-actions', id: `${id}-actions` },
    action('上移', number === 1, () => onMove(-1)),
    action('下移', number === of, () => onMove(1)),
    action('删除', false, onRemove),
  );
}

/** Returns the card of a photo: picture, size, findings, fields, and buttons to move or delete the photo. */
export function photoCard(props: PhotoCardProps): ReactNode {
  const { id, photo, number, address, known, published, mayExempt, onExempt } = props;
  const findings = known?.findings ?? [];
  return h(
    'fieldset',
    { key: textIn(photo, 'src'), className: 'photo', 'data-testid': 'photo' },
    h('legend', null, `照片 ${number}`),
    findingsList(findings, address),
    exemptionNote({
      id,
      number,
      exemption: exemptionOf(photo),
      waivable: isWaivableInAll(findings),
      published,
      mayExempt,
      onExempt,
    }),
    h('img', { src: address, alt: '' }),
    h('p', { className: 'measure', 'data-testid': 'measure' }, known ? measureLine(known) : ''),
    h(
      'div',
      { className: 'photo-fields' },
      photoFields.map((field) => input(props, field)),
    ),
    actions(props),
  );
}

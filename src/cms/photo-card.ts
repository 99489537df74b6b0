import { createElement as h, type ReactNode } from 'react';
import { z } from 'zod';
import { decapFields, type DecapField } from '../model/form.ts';
import { photo } from '../model/photo.ts';
import { textIn, type DecapMap } from './control.ts';
import { lengthNote, lengthOf } from './line-control.ts';

/** What is asked of each photo, by the model; its file is picked. */
export const photoFields = decapFields(photo).filter(({ name }) => name !== 'src');

/** Pixels and bytes, as far as they are known. */
export interface PhotoMeasure {
  width: number;
  height: number;
  bytes?: number;
}

/** 4032×3024 · 3.2 MB */
export function measureLine({ width, height, bytes }: PhotoMeasure): string {
  const pixels = `${width}×${height}`;
  return bytes === undefined ? pixels : `${pixels} · ${(bytes / 1024 / 1024).toFixed(1)} MB`;
}

export interface PhotoCardProps {
  id: string;
  photo: DecapMap;
  /** From 1. */
  number: number;
  of: number;
  address: string;
  measure: PhotoMeasure | undefined;
  onMeasure(measure: PhotoMeasure): void;
  onChange(name: string, value: string): void;
  onMove(by: number): void;
  onRemove(): void;
}

type Changed = { target: { value: string } };
const choices = z.array(z.object({ value: z.string(), label: z.string() }));

function asked(props: PhotoCardProps, field: DecapField): ReactNode {
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
  const input = options.success
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
    input,
    options.success ? null : lengthNote(note, field.label, value, lengthOf(field['length'])),
  );
}

/** One photo: what it looks like, how large it is, and what is asked of it. */
export function photoCard(props: PhotoCardProps): ReactNode {
  const { number, of, address, measure, onMeasure, onMove, onRemove } = props;
  return h(
    'fieldset',
    { key: textIn(props.photo, 'src'), className: 'photo', 'data-testid': 'photo' },
    h('legend', null, `照片 ${number}`),
    h('img', {
      src: address,
      alt: '',
      onLoad: ({
        currentTarget: { naturalWidth: width, naturalHeight: height },
      }: {
        currentTarget: HTMLImageElement;
      }) => {
        if (!measure) onMeasure({ width, height });
      },
    }),
    h('p', { className: 'measure', 'data-testid': 'measure' }, measure ? measureLine(measure) : ''),
    h(
      'div',
      { className: 'photo-fields' },
      photoFields.map((field) => asked(props, field)),
    ),
    h(
      'p',
      { className: 'photo-actions' },
      h(
        'button',
        { type: 'button', disabled: number === 1, 'aria-label': `上移照片 ${number}`, onClick: () => onMove(-1) },
        '上移',
      ),
      h(
        'button',
        { type: 'button', disabled: number === of, 'aria-label': `下移照片 ${number}`, onClick: () => onMove(1) },
        '下移',
      ),
      h('button', { type: 'button', 'aria-label': `删除照片 ${number}`, onClick: onRemove }, '删除'),
    ),
  );
}

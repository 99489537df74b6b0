// Runs in browser and Node: pure.
/**
 * One field is one object: the zod schema that judges a value, and registered with it the form that asks for it. A
 * collection is a zod object of such fields, so that types are inferred and the editor's form is derived (decap-fields.ts),
 * never written twice.
 */
import { z } from 'zod';
import { countCharacters } from '../../text/count.ts';
import { isDate } from '../../text/date.ts';
import type { CollectionName } from './collection-names.ts';

/** How the editor asks for a field, and what to do if its value is refused. */
export interface FieldForm {
  label: string;
  /** What to write, shown under the field. */
  hint?: string;
  /** What to do if the value is refused; one sentence. */
  remedy: string;
  /** Decap's widget. `options` are its settings apart from label and hint. */
  widget: string;
  options?: Record<string, unknown>;
  /** The collection whose keys the field contains. */
  refersTo?: CollectionName;
  /** The measure word for one item of a list. */
  counter?: string;
  /** Only the desk writes this field; the form leaves it out. */
  deskOnly?: true;
  /** Returns what a preview shows while the field has no valid value; absent: nothing. `today` is YYYY-MM-DD. */
  blank?: (today: string) => string;
}

/** The form of every field, by its schema. */
export const fieldForms = z.registry<FieldForm>();

/** Returns the schema inside optional and default wrappers. */
export function bare(schema: z.core.$ZodType): z.core.$ZodType {
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodDefault) return bare(schema.def.innerType);
  return schema;
}

/**
 * Returns the form of a field, wrapped or not.
 *
 * @throws Error if the field has none: it was not made by this module.
 */
export function formOf(schema: z.core.$ZodType): FieldForm {
  const form = fieldForms.get(schema) ?? fieldForms.get(bare(schema));
  if (!form) throw new Error('A field of the model has no form: declare it with a builder of model/field.ts.');
  return form;
}

interface Asked {
  label: string;
  hint?: string;
}

/** Returns the message for a value that is missing or of the wrong type. */
function wrongKind(label: string, kind: string) {
  return (issue: { input?: unknown }): string =>
    issue.input === undefined || issue.input === null || issue.input === '' ? `缺少${label}` : `${label}应是${kind}`;
}

/** Omits an undefined hint: forms are compared and sent as JSON. */
function hintOf(hint: string | undefined): { hint?: string } {
  return hint === undefined ? {} : { hint };
}

function lengthSentence(min: number, max: number): string {
  if (max === Infinity) return '请填写这一栏。';
  return min > 1 ? `请写 ${min}–${max} 字。` : `请写一写，不超过 ${max} 字。`;
}

/** How long a text may be, in 字. */
export interface TextLength {
  min: number;
  /** Absent: unlimited. */
  max?: number;
}

/** Judges the length of a text that is not empty. Returns a message, or undefined if the length is right. */
export function judgeLength(label: string, value: string, { min, max = Infinity }: TextLength): string | undefined {
  const count = countCharacters(value);
  if (count > 0 && count < min) return `${label}只有 ${count} 字，至少 ${min} 字`;
  return count > max ? `${label}有 ${count} 字，最多 ${max} 字` : undefined;
}

/** A line of text, or with `multiline` several lines; `min` and `max` in 字. */
export function text(asked: Asked & { min?: number; max?: number; multiline?: boolean }) {
  const { label, hint, min = 1, max = Infinity, multiline = false } = asked;
  const length: TextLength = max === Infinity ? { min } : { min, max };
  return z
    .string({ error: wrongKind(label, '文字；纯数字请加引号') })
    .superRefine((value, context) => {
      const message = countCharacters(value) === 0 ? `缺少${label}` : judgeLength(label, value, length);
      if (message !== undefined) context.addIssue({ code: 'custom', message });
    })
    .register(fieldForms, {
      label,
      ...hintOf(hint),
      remedy: lengthSentence(min, max),
      widget: multiline ? 'lines' : 'line',
      options: { length },
    });
}

/** A text of a fixed form, such as an id. `remedy` describes the form. */
export function patterned(asked: Asked & { pattern: RegExp; remedy: string; widget?: string }) {
  const { label, hint, pattern, remedy, widget = 'string' } = asked;
  return z
    .string({ error: wrongKind(label, '文字') })
    .regex(pattern, { error: `${label}的写法不对` })
    .register(fieldForms, {
      label,
      ...hintOf(hint),
      remedy,
      widget,
      options: { pattern: [pattern.source, remedy] },
    });
}

/** A day, YYYY-MM-DD. */
export function date(asked: Asked) {
  const { label, hint } = asked;
  return z
    .string({ error: wrongKind(label, '日期') })
    .refine(isDate, { error: `${label}不是一个真实的日期` })
    .register(fieldForms, {
      label,
      ...hintOf(hint),
      remedy: '请写成“2021-03-17”这样的日期。',
      widget: 'day',
      blank: (today) => today,
    });
}

/** A whole number from `min` to `max`. */
export function whole(asked: Asked & { min?: number; max?: number }) {
  const { label, hint, min = 0, max = Number.MAX_SAFE_INTEGER } = asked;
  const bounded = max < Number.MAX_SAFE_INTEGER;
  const bounds = { min, ...(bounded ? { max } : {}) };
  return z
    .int({ error: wrongKind(label, '整数') })
    .min(min, { error: `${label}不能小于 ${min}` })
    .max(max, { error: `${label}不能大于 ${max}` })
    .register(fieldForms, {
      label,
      ...hintOf(hint),
      remedy: bounded ? `请填 ${min} 到 ${max} 之间的整数。` : `请填不小于 ${min} 的整数，不带单位。`,
      widget: 'number',
      options: { value_type: 'int', ...bounds },
    });
}

/** A number of hours. Not a whole number, because half hours are usual. */
export function hours(asked: Asked) {
  const { label, hint } = asked;
  return z
    .number({ error: wrongKind(label, '数字') })
    .min(0, { error: `${label}不能小于 0` })
    .register(fieldForms, {
      label,
      ...hintOf(hint),
      remedy: '请填小时数，例如 96 或 7.5，不带单位。',
      widget: 'number',
      options: { value_type: 'float', min: 0, step: 0.5 },
    });
}

/** Yes or no. */
export function flag(asked: Asked) {
  const { label, hint } = asked;
  return z.boolean({ error: wrongKind(label, '是（true）或否（false）') }).register(fieldForms, {
    label,
    ...hintOf(hint),
    remedy: '请写 true 或 false。',
    widget: 'boolean',
  });
}

/** One of some fixed values; `values` maps each to the words shown for it. */
export function choice<Value extends string>(asked: Asked & { values: Readonly<Record<Value, string>> }) {
  const { label, hint, values } = asked;
  const pairs = Object.entries<string>(values);
  const listed = pairs.map(([value, words]) => (value === words ? value : `${value}（${words}）`)).join('、');
  return z
    .custom<Value>((input) => typeof input === 'string' && Object.hasOwn(values, input), {
      error: (issue) => (issue.input === undefined ? `缺少${label}` : `${label}“${String(issue.input)}”不在可选之列`),
    })
    .register(fieldForms, {
      label,
      ...hintOf(hint),
      remedy: `请从这些里选一个：${listed}。`,
      widget: 'select',
      blank: () => pairs[0]?.[0] ?? '',
      options: { options: pairs.map(([value, words]) => ({ value, label: words })) },
    });
}

/** The key of an entry of another collection. The library judges whether that entry exists. */
export function reference(asked: Asked & { to: CollectionName }) {
  const { label, hint, to } = asked;
  return z
    .string({ error: wrongKind(label, '编号') })
    .min(1, { error: `缺少${label}` })
    .register(fieldForms, {
      label,
      ...hintOf(hint),
      remedy: `请填一个已有的${label}编号。`,
      widget: 'entry',
      options: { to },
      refersTo: to,
    });
}

/** A list of values of one kind; an absent list is empty. A list of references has one widget that chooses them all. */
export function list<Item extends z.ZodType>(
  asked: Asked & { of: Item; remedy?: string; counter?: string; widget?: string },
) {
  const { label, hint, of, remedy = `请在“${label}”里逐项填写。`, counter = '项' } = asked;
  const to = fieldForms.get(of)?.refersTo;
  const { widget = to === undefined ? 'list' : 'entries' } = asked;
  return z
    .array(of, { error: `${label}应是一个列表` })
    .default([])
    .register(fieldForms, {
      label,
      ...hintOf(hint),
      remedy,
      widget,
      counter,
      ...(to === undefined ? {} : { options: { to } }),
    });
}

/** Several fields under one heading. */
export function group<Shape extends z.ZodRawShape>(asked: Asked & { fields: Shape }) {
  const { label, hint, fields } = asked;
  return z
    .strictObject(fields, { error: wrongKind(label, '一组内容') })
    .register(fieldForms, { label, ...hintOf(hint), remedy: `请把“${label}”填写完整。`, widget: 'object' });
}

/** Marks a field as written by the desk alone, so that the editor's form leaves it out. Returns the same field. */
export function deskOnly<Field extends z.ZodType>(field: Field): Field {
  const form = formOf(field);
  fieldForms.add(field, { ...form, deskOnly: true });
  return field;
}

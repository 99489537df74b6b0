// Runs in browser and Node: pure.
/**
 * Each field is one object: the zod schema that checks a value. The form in which the editor enters the value is
 * registered with that schema. A collection is a zod object of such fields. The types and the editor's form are derived
 * from the collection (decap-fields.ts), so that nothing is written twice.
 */
import { z } from 'zod';
import { countCharacters } from '../../text/count.ts';
import { isDate } from '../../text/date.ts';
import { readTypedNumber } from '../../text/typed-number.ts';
import type { CollectionName } from './collection-names.ts';

/** The form of a field: how the editor shows the field, and what to do if its value is refused. */
export interface FieldForm {
  label: string;
  /** Hint on what to write, shown under the field. */
  hint?: string;
  /** One Chinese sentence that says what to do if the value is refused. */
  remedy: string;
  /** Name of the Decap widget. `options` are the widget's settings apart from label and hint. */
  widget: string;
  options?: Record<string, unknown>;
  /** The collection to which the field refers: the field contains the key of one of its entries. */
  refersTo?: CollectionName;
  /** Chinese measure word for one item of a list, for example 张. */
  counter?: string;
  /** Set if only the desk writes the field: the editor's form then leaves it out. */
  deskOnly?: true;
  /**
   * Returns the value that a preview shows while the field has no valid value. `today` is a date YYYY-MM-DD. If absent,
   * the preview shows an empty text.
   */
  blank?: (today: string) => string;
}

/** Registry of the forms of all fields, by schema. */
export const fieldForms = z.registry<FieldForm>();

/** Returns the schema of a field without its optional and default wrappers. */
export function bare(schema: z.core.$ZodType): z.core.$ZodType {
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodDefault) return bare(schema.def.innerType);
  return schema;
}

/**
 * Returns the form of a field. The schema may have optional or default wrappers.
 *
 * @throws Error if the field has no form: it was not declared with a builder of this module.
 */
export function formOf(schema: z.core.$ZodType): FieldForm {
  const form = fieldForms.get(schema) ?? fieldForms.get(bare(schema));
  if (!form) throw new Error('A field of the model has no form: declare it with a builder of model/fields/field.ts.');
  return form;
}

interface Asked {
  label: string;
  hint?: string;
}

/**
 * Returns a function that makes the message for a value that is missing or has the wrong type. `kind` names the right
 * type.
 */
function wrongKind(label: string, kind: string) {
  return (issue: { input?: unknown }): string =>
    issue.input === undefined || issue.input === null || issue.input === '' ? `缺少${label}` : `${label}应是${kind}`;
}

/**
 * Returns `{ hint }`, or an empty object if there is no hint. The property is left out then, because forms are compared
 * with each other and sent as JSON.
 */
function hintOf(hint: string | undefined): { hint?: string } {
  return hint === undefined ? {} : { hint };
}

function lengthSentence(min: number, max: number): string {
  if (max === Infinity) return '请填写这一栏。';
  return min > 1 ? `请写 ${min}–${max} 字。` : `请写一写，不超过 ${max} 字。`;
}

/** Allowed values of a number. `fraction` says whether decimals are allowed. `max` is absent if there is no limit. */
export interface NumberBounds {
  min: number;
  max?: number;
  fraction: boolean;
}

/**
 * Checks the value of a number, or the text that somebody typed instead of one. Returns a Chinese message if the value
 * is missing, is no number, has decimals that are not allowed, or is too small or too large; otherwise undefined.
 */
export function judgeNumber(
  label: string,
  value: unknown,
  { min, max = Infinity, fraction }: NumberBounds,
): string | undefined {
  if (value === undefined || value === null || value === '') return `缺少${label}`;
  const kind = fraction ? '数字' : '整数';
  if (typeof value === 'string' && readTypedNumber(value, { fraction }) !== undefined) {
    return `${label}应是${kind}，不是带引号的文字`;
  }
  if (typeof value === 'string') return `${label}写的是“${value}”，要写${kind}`;
  if (typeof value !== 'number' || !Number.isFinite(value)) return `${label}应是${kind}`;
  if (!fraction && !Number.isSafeInteger(value)) return `${label}写的是“${value}”，要写整数`;
  if (value < min) return `${label}不能小于 ${min}`;
  return value > max ? `${label}不能大于 ${max}` : undefined;
}

function numberSchema(label: string, bounds: NumberBounds) {
  return z
    .number({ error: ({ input }) => judgeNumber(label, input, bounds) ?? `${label}应是数字` })
    .superRefine((value, context) => {
      const message = judgeNumber(label, value, bounds);
      if (message !== undefined) context.addIssue({ code: 'custom', message });
    });
}

/** Allowed length of a text, in 字. */
export interface TextLength {
  min: number;
  /** Greatest length; unlimited if absent. */
  max?: number;
}

/**
 * Checks the length of a text. Returns a Chinese message if the text is too short or too long, and undefined if it is
 * not. An empty text is never too short: text() reports it separately.
 */
export function judgeLength(label: string, value: string, { min, max = Infinity }: TextLength): string | undefined {
  const count = countCharacters(value);
  if (count > 0 && count < min) return `${label}只有 ${count} 字，至少 ${min} 字`;
  return count > max ? `${label}有 ${count} 字，最多 ${max} 字` : undefined;
}

/**
 * Declares a field for a line of text, or for several lines with `multiline`. `min` and `max` are the allowed length in
 * 字.
 */
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

/** Declares a field for a text that must match `pattern`, such as an id. `remedy` describes the pattern in Chinese. */
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

/** Declares a field for a date, YYYY-MM-DD. */
export function date(asked: Asked) {
  const { label, hint } = asked;
  return z
    .string({ error: wrongKind(label, '日期') })
    .refine(isDate, { error: `${label}不是一个真实的日期` })
    .register(fieldForms, {
      label,
      ...hintOf(hint),
      remedy: '请选一个真实的日期，例如 2021-03-17。',
      widget: 'day',
      blank: (today) => today,
    });
}

/** Declares a field for a whole number from `min` (0 by default) to `max`. */
export function whole(asked: Asked & { min?: number; max?: number }) {
  const { label, hint, min = 0, max } = asked;
  const bounds: NumberBounds = { min, ...(max === undefined ? {} : { max }), fraction: false };
  const from = min > 0 ? `不小于 ${min} 的` : '';
  const remedy = max === undefined ? `请只写${from}整数，例如 120，不带单位。` : `请填 ${min} 到 ${max} 之间的整数。`;
  return numberSchema(label, bounds).register(fieldForms, {
    label,
    ...hintOf(hint),
    remedy,
    widget: 'figure',
    options: { bounds, remedy },
  });
}

/** Declares a field for a number of hours. Fractions are allowed, because half hours are usual. */
export function hours(asked: Asked) {
  const { label, hint } = asked;
  const bounds: NumberBounds = { min: 0, fraction: true };
  const remedy = '请只写小时数，例如 96 或 7.5，不带单位。';
  return numberSchema(label, bounds).register(fieldForms, {
    label,
    ...hintOf(hint),
    remedy,
    widget: 'figure',
    options: { bounds, remedy },
  });
}

/** Declares a field for true or false. `start` is the value in the form of a new entry; without it there is none. */
export function flag(asked: Asked & { start?: boolean }) {
  const { label, hint, start } = asked;
  return z.boolean({ error: wrongKind(label, '“是”或“否”') }).register(fieldForms, {
    label,
    ...hintOf(hint),
    remedy: '请选“是”或“否”。',
    widget: 'flag',
    ...(start === undefined ? {} : { options: { default: start } }),
  });
}

/**
 * Declares a field for one of some fixed values. `values` maps each value to the Chinese words that are shown for it.
 */
export function choice<Value extends string>(asked: Asked & { values: Readonly<Record<Value, string>> }) {
  const { label, hint, values } = asked;
  const pairs = Object.entries<string>(values);
  const listed = pairs.map(([, words]) => words).join('、');
  return z
    .custom<Value>((input) => typeof input === 'string' && Object.hasOwn(values, input), {
      error: (issue) => (issue.input === undefined ? `缺少${label}` : `${label}“${String(issue.input)}”不在可选之列`),
    })
    .register(fieldForms, {
      label,
      ...hintOf(hint),
      remedy: `请从这些里选一个：${listed}。`,
      widget: 'choice',
      blank: () => pairs[0]?.[0] ?? '',
      options: { options: pairs.map(([value, words]) => ({ value, label: words })) },
    });
}

/** Declares a field for the key of an entry in the collection `to`. The library checks whether that entry exists. */
export function reference(asked: Asked & { to: CollectionName }) {
  const { label, hint, to } = asked;
  return z
    .string({ error: wrongKind(label, '从列表里选的一项') })
    .min(1, { error: `缺少${label}` })
    .register(fieldForms, {
      label,
      ...hintOf(hint),
      remedy: `请从列表里选一个${label}。`,
      widget: 'entry',
      options: { to },
      refersTo: to,
    });
}

/**
 * Declares a field for a list of values that all have the schema `of`; an absent list is empty. In a list of
 * references, one widget chooses all items.
 */
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

/** Declares a field that groups several fields under one heading. Unknown fields are refused. */
export function group<Shape extends z.ZodRawShape>(asked: Asked & { fields: Shape }) {
  const { label, hint, fields } = asked;
  return z
    .strictObject(fields, { error: wrongKind(label, '一组内容') })
    .register(fieldForms, { label, ...hintOf(hint), remedy: `请把“${label}”填写完整。`, widget: 'object' });
}

/** Marks a field as written only by the desk, so that the editor's form leaves it out. Returns the same field. */
export function deskOnly<Field extends z.ZodType>(field: Field): Field {
  const form = formOf(field);
  fieldForms.add(field, { ...form, deskOnly: true });
  return field;
}

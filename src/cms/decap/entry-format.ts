import { stringify } from 'yaml';
import { z } from 'zod';
import { collections } from '../../model/collections/collections.ts';
import { parseDocumentFile, type ParsedDocument } from '../../model/document.ts';
import { pathParameters } from '../../model/entry-path.ts';
import { bare, formOf } from '../../model/fields/field.ts';
import type { CollectionName } from '../../model/fields/collection-names.ts';
import { WRITING } from '../../model/yaml.ts';
import { nameOf } from '../backend/site-settings.ts';

/**
 * A file format as Decap uses it: `fromFile` parses the text of an entry's file, `toFile` returns the text for an
 * entry's data.
 */
export interface EntryFormat {
  fromFile(content: string): Record<string, unknown>;
  toFile(data: object): string;
}

/** Prefix of the fields that exist only for Decap's lists and are never written to a file. */
const LIST_ONLY = '_';
/** Field with the text of a file that cannot be parsed; `toFile` returns the text unchanged. */
const UNREADABLE = '_unreadable';

const options = z.array(z.object({ value: z.string(), label: z.string() }));

/**
 * Returns the Chinese words for a value: the name of the entry that a key refers to, or the label of an option. Words
 * for several values are joined with “、”. Undefined if the value has no such words.
 */
function wordsFor(schema: z.core.$ZodType, value: unknown): string | undefined {
  if (Array.isArray(value)) {
    const inner = bare(schema);
    if (!(inner instanceof z.ZodArray)) return undefined;
    const words = value.flatMap((item: unknown) => wordsFor(inner.def.element, item) ?? []);
    return words.length > 0 ? words.join('、') : undefined;
  }
  if (typeof value !== 'string') return undefined;
  const form = formOf(schema);
  if (form.refersTo !== undefined) return nameOf(form.refersTo, value);
  const listed = options.safeParse(form.options?.['options']);
  return listed.success ? listed.data.find((option) => option.value === value)?.label : undefined;
}

/**
 * Returns the additional fields for Decap's lists. Their names begin with `_`: Chinese words instead of the codes in a
 * field (such as `_unit` for `unit`), the year (`_year`), and whether the entry is published or withdrawn (`_state`).
 */
function listFieldsOf(name: CollectionName, data: ReadonlyMap<string, unknown>): [string, unknown][] {
  const words = Object.entries(collections[name].schema.shape).flatMap(([field, schema]): [string, unknown][] => {
    const found = wordsFor(schema, data.get(field));
    return found === undefined ? [] : [[`${LIST_ONLY}${field}`, found]];
  });
  const day = data.get('date') ?? data.get('signed') ?? data.get('updated') ?? data.get('year');
  if (day !== undefined) words.push([`${LIST_ONLY}year`, String(day).slice(0, 4)]);
  // Entries in Decap's lists without the badge of a draft are published or withdrawn.
  if ('withdrawn' in collections[name].schema.shape) {
    words.push([`${LIST_ONLY}state`, data.get('withdrawn') === undefined ? '已发布' : '撤稿']);
  }
  return words;
}

/**
 * Returns a copy of a value without its empty parts: null, empty strings, and lists and objects in which nothing is
 * left. In our files an empty field is absent. Returns undefined if nothing is left of the value.
 */
function filled(value: unknown): unknown {
  if (value === null || value === '') return undefined;
  if (Array.isArray(value)) {
    const items = value.map(filled).filter((item) => item !== undefined);
    return items.length > 0 ? items : undefined;
  }
  if (typeof value !== 'object') return value;
  const entries = Object.entries(value).flatMap(([key, item]) => {
    const left = filled(item);
    return left === undefined ? [] : [[key, left] as const];
  });
  return entries.length > 0 ? Object.fromEntries(entries) : undefined;
}

/**
 * Returns the content of an entry's file for the data of its form: the model's fields in the model's order, then unknown
 * fields. Leaves out empty fields and fields that only the path contains.
 */
export function writtenEntry(name: CollectionName, data: object): ParsedDocument {
  const { path, schema } = collections[name];
  const values = new Map<string, unknown>(Object.entries(data));
  const unlisted = new Set(['body', ...pathParameters(name).filter((key) => !(key in schema.shape))]);
  const known = Object.keys(schema.shape);
  const others = [...values.keys()].filter(
    (key) => !known.includes(key) && !unlisted.has(key) && !key.startsWith(LIST_ONLY),
  );
  const written = filled(
    Object.fromEntries([...known, ...others].map((key) => [key, values.get(key) ?? null] as const)),
  );
  const body = path.endsWith('.md') ? values.get('body') : undefined;
  return { data: written, body: typeof body === 'string' ? body.trim() : '' };
}

/** Returns whether the data of a form is that of a file that cannot be parsed. */
export function isUnreadable(data: object): boolean {
  return UNREADABLE in data;
}

/** Returns the file format of a collection for Decap. What it writes is said by `writtenEntry`. */
export function entryFormat(name: CollectionName): EntryFormat {
  const { path } = collections[name];
  const markdown = path.endsWith('.md');
  return {
    fromFile(content) {
      const document = parseDocumentFile(path, content);
      if ('what' in document) return { title: `读不出：${document.what}`, [UNREADABLE]: content };
      const data = new Map(Object.entries(z.looseObject({}).parse(document.data)));
      const body = markdown ? { body: document.body.replace(/^(?:\r?\n)+/u, '').trimEnd() } : {};
      return { ...Object.fromEntries(data), ...body, ...Object.fromEntries(listFieldsOf(name, data)) };
    },
    toFile(data) {
      const unreadable = new Map<string, unknown>(Object.entries(data)).get(UNREADABLE);
      if (typeof unreadable === 'string') return unreadable;
      const written = writtenEntry(name, data);
      const front = written.data === undefined ? '' : stringify(written.data, { lineWidth: 0, ...WRITING });
      return markdown ? `---\n${front}---\n\n${written.body}\n` : front;
    },
  };
}

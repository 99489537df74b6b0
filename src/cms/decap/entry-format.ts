import { stringify } from 'yaml';
import { z } from 'zod';
import { collections } from '../../model/collections/collections.ts';
import { parseDocumentFile, type ParsedDocument } from '../../model/document.ts';
import { pathParameters } from '../../model/entry-path.ts';
import type { CollectionName } from '../../model/fields/collection-names.ts';
import { WRITING } from '../../model/yaml.ts';

/**
 * A file format as Decap uses it: `fromFile` parses the text of an entry's file, `toFile` returns the text for an
 * entry's data.
 */
export interface EntryFormat {
  fromFile(content: string): Record<string, unknown>;
  toFile(data: object): string;
}

/** Prefix of the fields that exist only in the editor and are never written to a file. */
const EDITOR_ONLY = '_';
/** Field with the text of a file that cannot be parsed; `toFile` returns the text unchanged. */
const UNREADABLE = '_unreadable';

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
    (key) => !known.includes(key) && !unlisted.has(key) && !key.startsWith(EDITOR_ONLY),
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
      const body = markdown ? { body: document.body.replace(/^(?:\r?\n)+/u, '').trimEnd() } : {};
      return { ...z.looseObject({}).parse(document.data), ...body };
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

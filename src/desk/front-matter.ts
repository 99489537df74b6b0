import { isMap, isSeq, parseDocument, type Document } from 'yaml';
import { hasRole } from '../model/roles.ts';
import { deskKeys } from '../model/provenance.ts';
import { settleExemption, type Writer } from './exemptions.ts';

const DESK_KEYS = Object.keys(deskKeys);
const FRONT = /^(---[ \t]*\r?\n)([\s\S]*?)(^---[ \t]*(?:\r?\n|$)[\s\S]*)$/mu;

/** The text of an entry's file with its YAML changed in place: what is not touched stays as it was typed. */
function withYaml(file: string, source: string, change: (document: Document) => boolean): string {
  if (!file.endsWith('.md')) {
    const document = parseDocument(source);
    return change(document) ? document.toString({ lineWidth: 0 }) : source;
  }
  const text = source.replace(/^\ufeff/u, '');
  const [, opening = '', yaml = '', rest = ''] = FRONT.exec(text) ?? [];
  if (opening === '') return source;
  const document = parseDocument(yaml);
  return change(document) ? opening + document.toString({ lineWidth: 0 }) + rest : source;
}

/** What the file says under its keys; an empty map where it cannot be taken apart. */
function yamlOf(file: string, source: string): Document {
  const yaml = file.endsWith('.md') ? (FRONT.exec(source.replace(/^\ufeff/u, ''))?.[2] ?? '') : source;
  return parseDocument(yaml);
}

/** Exemptions of photos, by file name. */
function exemptionsOf(document: Document): Map<string, unknown> {
  const photos = document.get('photos');
  const items = isSeq(photos) ? photos.items : [];
  return new Map(
    items.flatMap((item) => {
      const src = isMap(item) ? item.get('src') : undefined;
      const exemption: unknown = isMap(item) ? item.toJSON()['exemption'] : undefined;
      return typeof src === 'string' && exemption !== undefined ? [[src, exemption] as const] : [];
    }),
  );
}

function isSame(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

/** The fields of a document by their keys; none where it is no map. */
function fieldsOf(document: Document): Map<string, unknown> {
  const fields: unknown = document.toJS();
  return new Map(Object.entries(typeof fields === 'object' && fields !== null ? fields : {}));
}

/** Makes the keys that only the desk writes those of the published text, if there is one. Answers whether any changed. */
function settleDeskKeys(document: Document, file: string, published: string | undefined): boolean {
  const has = fieldsOf(document);
  const wanted = published === undefined ? new Map<string, unknown>() : fieldsOf(yamlOf(file, published));
  const differing = DESK_KEYS.filter((key) => !isSame(has.get(key), wanted.get(key)));
  for (const key of differing) {
    const value = wanted.get(key);
    if (value === undefined) document.delete(key);
    else document.set(key, document.createNode(value));
  }
  return differing.length > 0;
}

/** What stands of an entry's file when somebody saves it; undefined: it is not there yet. */
export interface Standing {
  published: string | undefined;
  /** The version that the save starts from. */
  base: string | undefined;
  /** An exemption that the writer may not give is left as it stood, not refused. */
  lenient?: boolean;
}

/**
 * What an editor sent, with the keys that only the desk writes as they are published, whatever was sent for them, and
 * with the exemptions that its writer may give. Throws a Refusal where somebody gives one who may not.
 */
export function withDeskKeys(
  file: string,
  sent: string,
  { published, base, lenient = false }: Standing,
  writer: Writer,
): string {
  const exemptions = base === undefined ? new Map<string, unknown>() : exemptionsOf(yamlOf(file, base));
  return withYaml(file, sent, (document) => {
    let changed = settleDeskKeys(document, file, published);
    const photos = document.get('photos');
    for (const item of isSeq(photos) ? photos.items : []) {
      if (!isMap(item)) continue;
      const src = item.get('src');
      const sentExemption: unknown = item.toJSON()['exemption'];
      const stood = typeof src === 'string' ? exemptions.get(src) : undefined;
      const asked = lenient && !hasRole(writer, 'reviewer') ? undefined : sentExemption;
      const value = settleExemption(asked, stood, writer);
      if (isSame(sentExemption, value)) continue;
      changed = true;
      if (value === undefined) item.delete('exemption');
      else item.set('exemption', document.createNode(value));
    }
    return changed;
  });
}

/**
 * A text with some fields as another version of it has them; a field that the other lacks goes. `body`: its Markdown,
 * where that is to change too. Undefined: the text cannot be taken apart.
 */
export function withFields(
  file: string,
  source: string,
  fields: ReadonlyMap<string, unknown>,
  body?: string,
): string | undefined {
  const text = withYaml(file, source, (document) => {
    for (const [key, value] of fields) {
      if (value === undefined) document.delete(key);
      else document.set(key, document.createNode(value));
    }
    return fields.size > 0;
  });
  if (body === undefined || !file.endsWith('.md')) return text;
  const [, opening = '', yaml = '', rest = ''] = FRONT.exec(text.replace(/^\ufeff/u, '')) ?? [];
  if (opening === '') return undefined;
  const fence = /^---[ \t]*/u.exec(rest)?.[0] ?? '---';
  return `${opening}${yaml}${fence}\n\n${body}\n`;
}

/** What is written when a text is published. */
export interface Publication {
  /** The text that is published already; undefined: none. What the desk has written in it holds, whatever a draft says. */
  before: string | undefined;
  /** YYYY-MM-DD */
  today: string;
  /** The editor's name. */
  by: string;
}

/**
 * The text that is published: the first time with the day, later with one more change; what was withdrawn is shown
 * again.
 */
export function withPublication(file: string, source: string, { before, today, by }: Publication): string {
  return withYaml(file, source, (document) => {
    settleDeskKeys(document, file, before);
    if (document.has('published')) {
      const edits = document.get('edits');
      const edit = document.createNode({ date: today, by });
      if (isSeq(edits)) edits.add(edit);
      else document.set('edits', document.createNode([{ date: today, by }]));
    } else document.set('published', today);
    const withdrawals = withdrawalsOf(document);
    if (withdrawals > 0) document.set('generation', withdrawals);
    document.delete('withdrawn');
    return true;
  });
}

/** The text of an entry that is taken back: its page stays and says why. `today` is YYYY-MM-DD. */
export function withWithdrawal(file: string, source: string, today: string, reason: string): string {
  return withYaml(file, source, (document) => {
    document.set('generation', withdrawalsOf(document) + 1);
    document.set('withdrawn', document.createNode({ date: today, reason }));
    return true;
  });
}

/** How often an entry has been withdrawn. One that was before that was counted says only that it is. */
function withdrawalsOf(document: Document): number {
  const counted = document.get('generation');
  if (typeof counted === 'number') return counted;
  return document.has('withdrawn') ? 1 : 0;
}

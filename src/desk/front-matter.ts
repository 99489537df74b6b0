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
  const truth: unknown = published === undefined ? undefined : yamlOf(file, published).toJS();
  const wantedFields = new Map(Object.entries(typeof truth === 'object' && truth !== null ? truth : {}));
  const exemptions = base === undefined ? new Map<string, unknown>() : exemptionsOf(yamlOf(file, base));
  return withYaml(file, sent, (document) => {
    let changed = false;
    const settle = (has: unknown, wanted: unknown, set: () => void, drop: () => void): void => {
      if (JSON.stringify(has) === JSON.stringify(wanted)) return;
      changed = true;
      if (wanted === undefined) drop();
      else set();
    };
    const has: unknown = document.toJS();
    const fields = new Map(Object.entries(typeof has === 'object' && has !== null ? has : {}));
    for (const key of DESK_KEYS) {
      const value: unknown = wantedFields.get(key);
      settle(
        fields.get(key),
        value,
        () => document.set(key, document.createNode(value)),
        () => document.delete(key),
      );
    }
    const photos = document.get('photos');
    for (const item of isSeq(photos) ? photos.items : []) {
      if (!isMap(item)) continue;
      const src = item.get('src');
      const sentExemption: unknown = item.toJSON()['exemption'];
      const stood = typeof src === 'string' ? exemptions.get(src) : undefined;
      const asked = lenient && !hasRole(writer, 'reviewer') ? undefined : sentExemption;
      const value = settleExemption(asked, stood, writer);
      settle(
        sentExemption,
        value,
        () => item.set('exemption', document.createNode(value)),
        () => item.delete('exemption'),
      );
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

/**
 * The text that is published: the first time with the day, later with one more change; what was withdrawn is shown
 * again. `today` is YYYY-MM-DD.
 */
export function withPublication(file: string, source: string, today: string, by: string): string {
  return withYaml(file, source, (document) => {
    if (document.has('published')) {
      const edits = document.get('edits');
      const edit = document.createNode({ date: today, by });
      if (isSeq(edits)) edits.add(edit);
      else document.set('edits', document.createNode([{ date: today, by }]));
    } else document.set('published', today);
    document.delete('withdrawn');
    return true;
  });
}

/** The text of an entry that is taken back: its page stays and says why. */
export function withWithdrawal(file: string, source: string, today: string, reason: string): string {
  return withYaml(file, source, (document) => {
    document.set('withdrawn', document.createNode({ date: today, reason }));
    return true;
  });
}

import { Document, isMap, isSeq } from 'yaml';
import { partsOfFile } from '../../model/document.ts';
import { hasRole } from '../../model/roles.ts';
import { deskKeys } from '../../model/fields/provenance.ts';
import { ParsedYaml, WRITING } from '../../model/yaml.ts';
import { applyWaivers, type Writer } from './photo-waivers.ts';

const DESK_KEYS = Object.keys(deskKeys);

/** The YAML of an entry's text, to be changed in place, and what it says. */
interface ReadYaml {
  document: Document;
  fields: ReadonlyMap<string, unknown>;
}

function fieldsOf(data: unknown): ReadonlyMap<string, unknown> {
  return new Map(Object.entries(typeof data === 'object' && data !== null ? data : {}));
}

/** Reads YAML for writing; undefined: it cannot be read. What stands for something else is written out. */
function readYaml(source: string): ReadYaml | undefined {
  const yaml = ParsedYaml.of(source, 0);
  if ('what' in yaml || !yaml.hasFields) return undefined;
  const resolved = yaml.resolve();
  if ('what' in resolved) return undefined;
  const fields = fieldsOf(resolved.data);
  // In place nothing may be changed that other places stand for.
  if (yaml.plainnessFault()) return { document: new Document(resolved.data, WRITING), fields };
  return { document: yaml.document, fields };
}

/**
 * The text of an entry's file with its YAML changed in place: what is not touched stays as it was typed. A text that
 * cannot be taken apart stays as it is.
 */
function withYaml(file: string, source: string, change: (yaml: ReadYaml) => boolean): string {
  const parts = partsOfFile(file, source);
  const yaml = parts && readYaml(parts.yaml);
  if (!parts || !yaml || !change(yaml)) return source;
  return parts.opening + yaml.document.toString({ lineWidth: 0 }) + parts.closing + parts.body;
}

/** What an entry's text says under its keys; an empty map where it cannot be taken apart. */
function fieldsOfFile(file: string, source: string | undefined): ReadonlyMap<string, unknown> {
  const parts = source === undefined ? undefined : partsOfFile(file, source);
  return (parts && readYaml(parts.yaml)?.fields) ?? new Map();
}

/** The photos that an entry's text lists, each as a map of what it says; undefined: that one is no map. */
function photosOf(fields: ReadonlyMap<string, unknown>): (ReadonlyMap<string, unknown> | undefined)[] {
  const photos: unknown = fields.get('photos');
  if (!Array.isArray(photos)) return [];
  return photos.map((photo: unknown) =>
    typeof photo === 'object' && photo !== null && !Array.isArray(photo) ? fieldsOf(photo) : undefined,
  );
}

/** Exemptions of photos, by file name. */
function exemptionsOf(fields: ReadonlyMap<string, unknown>): Map<string, unknown> {
  return new Map(
    photosOf(fields).flatMap((photo) => {
      const [src, exemption] = [photo?.get('src'), photo?.get('exemption')];
      return typeof src === 'string' && exemption !== undefined ? [[src, exemption] as const] : [];
    }),
  );
}

/** What stands of an entry's file when somebody saves it; undefined: it is not there yet. */
export interface PublishedKeys {
  published: string | undefined;
  /** The version that the save starts from. */
  base: string | undefined;
  /** An exemption that the writer may not give is left as it stood, not refused. */
  lenient?: boolean;
}

function isSame(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

/** Makes the keys that only the desk writes those of the published text, if there is one. Answers whether any changed. */
function settleDeskKeys({ document, fields }: ReadYaml, file: string, published: string | undefined): boolean {
  const wanted = fieldsOfFile(file, published);
  const differing = DESK_KEYS.filter((key) => !isSame(fields.get(key), wanted.get(key)));
  for (const key of differing) {
    const value: unknown = wanted.get(key);
    if (value === undefined) document.delete(key);
    else document.set(key, document.createNode(value, WRITING));
  }
  return differing.length > 0;
}

/**
 * What an editor sent, with the keys that only the desk writes as they are published, whatever was sent for them, and
 * with the exemptions that its writer may give. All are compared by what they mean, however they are written. Throws a
 * Refusal where somebody gives an exemption who may not.
 */
export function withDeskKeys(
  file: string,
  sent: string,
  { published, base, lenient = false }: PublishedKeys,
  writer: Writer,
): string {
  const exemptions = exemptionsOf(fieldsOfFile(file, base));
  return withYaml(file, sent, (yaml) => {
    let changed = settleDeskKeys(yaml, file, published);
    const photos = yaml.document.get('photos');
    photosOf(yaml.fields).forEach((photo, number) => {
      const item = isSeq(photos) ? photos.items[number] : undefined;
      if (!photo || !isMap(item)) return;
      const [src, sentExemption] = [photo.get('src'), photo.get('exemption')];
      const stood = typeof src === 'string' ? exemptions.get(src) : undefined;
      const asked = lenient && !hasRole(writer, 'reviewer') ? undefined : sentExemption;
      const value = applyWaivers(asked, stood, writer);
      if (isSame(sentExemption, value)) return;
      changed = true;
      if (value === undefined) item.delete('exemption');
      else item.set('exemption', yaml.document.createNode(value, WRITING));
    });
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
  const text = withYaml(file, source, ({ document }) => {
    for (const [key, value] of fields) {
      if (value === undefined) document.delete(key);
      else document.set(key, document.createNode(value, WRITING));
    }
    return fields.size > 0;
  });
  if (body === undefined || !file.endsWith('.md')) return text;
  const parts = partsOfFile(file, text);
  if (!parts) return undefined;
  return `${parts.opening}${parts.yaml}${parts.closing.trimEnd()}\n\n${body}\n`;
}

/** What is written when a text is published. */
export interface PublicationKeys {
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
export function withPublication(file: string, source: string, { before, today, by }: PublicationKeys): string {
  return withYaml(file, source, (yaml) => {
    const { document } = yaml;
    settleDeskKeys(yaml, file, before);
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
  return withYaml(file, source, ({ document }) => {
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

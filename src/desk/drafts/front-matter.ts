import { Document, isMap, isSeq } from 'yaml';
import { parseFile, partsOfFile, type ParsedFile } from '../../model/document.ts';
import { hasRole } from '../../model/roles.ts';
import { deskKeys } from '../../model/fields/provenance.ts';
import { WRITING } from '../../model/yaml.ts';
import { applyWaivers, type Writer } from './photo-waivers.ts';

const DESK_KEYS = Object.keys(deskKeys);

/**
 * The front matter of an entry's file: the YAML document, which can be changed in place, and the values of the fields
 * as they were parsed.
 */
interface FrontMatter {
  document: Document;
  fields: ReadonlyMap<string, unknown>;
}

function fieldsOf(data: unknown): ReadonlyMap<string, unknown> {
  return new Map(Object.entries(typeof data === 'object' && data !== null ? data : {}));
}

/** Returns the front matter of a file, or undefined if its YAML is not a map. */
function frontMatterOf({ yaml, data }: ParsedFile): FrontMatter | undefined {
  if (!yaml.hasFields) return undefined;
  const fields = fieldsOf(data);
  // With anchors and aliases, a change in one place of the YAML would change other places. So a new document is made
  // from the values.
  if (yaml.plainnessFault()) return { document: new Document(data, WRITING), fields };
  return { document: yaml.document, fields };
}

/**
 * Returns the text of a file after `change` has changed its YAML. The YAML is written again from the document; the
 * other parts keep their bytes. Returns the whole text unchanged if the YAML is not a map, or if `change` returns false
 * because it has changed nothing.
 */
function withChange(file: ParsedFile, change: (frontMatter: FrontMatter) => boolean): string {
  const frontMatter = frontMatterOf(file);
  if (!frontMatter || !change(frontMatter)) return file.source;
  const { opening, closing, body } = file.parts;
  return opening + frontMatter.document.toString({ lineWidth: 0 }) + closing + body;
}

/**
 * Parses a text, applies `change` to its YAML like `withChange`, and returns the new text. A text that cannot be parsed
 * is returned unchanged.
 */
function withChangeIn(path: string, source: string, change: (frontMatter: FrontMatter) => boolean): string {
  const file = parseFile(path, source);
  return 'what' in file ? source : withChange(file, change);
}

/**
 * Returns the fields in the text of an entry's file, by key. The map is empty if there is no text or it cannot be
 * parsed.
 */
function fieldsOfText(path: string, source: string | undefined): ReadonlyMap<string, unknown> {
  const file = source === undefined ? undefined : parseFile(path, source);
  if (!file || 'what' in file) return new Map();
  return frontMatterOf(file)?.fields ?? new Map();
}

/** Returns the fields of each photo in an entry's list `photos`; undefined for an item that is not a map. */
function photosOf(fields: ReadonlyMap<string, unknown>): (ReadonlyMap<string, unknown> | undefined)[] {
  const photos: unknown = fields.get('photos');
  if (!Array.isArray(photos)) return [];
  return photos.map((photo: unknown) =>
    typeof photo === 'object' && photo !== null && !Array.isArray(photo) ? fieldsOf(photo) : undefined,
  );
}

/**
 * Returns the values of one key of an entry's photos, such as `exemption`, by the photo's file name. Photos without the
 * key are left out.
 */
function photoValues(fields: ReadonlyMap<string, unknown>, key: string): Map<string, unknown> {
  return new Map(
    photosOf(fields).flatMap((photo) => {
      const [src, value] = [photo?.get('src'), photo?.get(key)];
      return typeof src === 'string' && value !== undefined ? [[src, value] as const] : [];
    }),
  );
}

/**
 * Sets a key of each photo to the value that `valueOf` returns for the photo's fields, or deletes the key if that is
 * undefined. Returns whether any photo has changed.
 */
function settlePhotos(
  { document, fields }: FrontMatter,
  key: string,
  valueOf: (photo: ReadonlyMap<string, unknown>) => unknown,
): boolean {
  const photos = document.get('photos');
  let changed = false;
  photosOf(fields).forEach((photo, index) => {
    const item = isSeq(photos) ? photos.items[index] : undefined;
    if (!photo || !isMap(item)) return;
    const value = valueOf(photo);
    if (isSame(photo.get(key), value)) return;
    changed = true;
    if (value === undefined) item.delete(key);
    else item.set(key, document.createNode(value, WRITING));
  });
  return changed;
}

/**
 * Marks exactly those photos as withdrawn that are in `withdrawn`, by file name. Returns whether any photo has changed.
 */
function settleWithdrawn(frontMatter: FrontMatter, withdrawn: ReadonlyMap<string, unknown>): boolean {
  return settlePhotos(frontMatter, 'withdrawn', (photo) => {
    const src = photo.get('src');
    return typeof src === 'string' ? withdrawn.get(src) : undefined;
  });
}

/** The texts of an entry that are stored when somebody saves it; undefined if there is none yet. */
export interface StoredTexts {
  published: string | undefined;
  /** The text of the version that the save is based on: the draft's, or the published one if there is no draft. */
  base: string | undefined;
}

function isSame(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

/**
 * Sets the fields that only the desk writes (`deskKeys`) to their published values, and deletes those without a
 * published value. Returns whether any field has changed.
 */
function settleDeskKeys({ document, fields }: FrontMatter, published: ReadonlyMap<string, unknown>): boolean {
  const differing = DESK_KEYS.filter((key) => !isSame(fields.get(key), published.get(key)));
  for (const key of differing) {
    const value: unknown = published.get(key);
    if (value === undefined) document.delete(key);
    else document.set(key, document.createNode(value, WRITING));
  }
  return differing.length > 0;
}

/** The options of `withDeskKeys`. */
interface DeskKeysOptions {
  /**
   * What happens to an exemption that the writer may not give: if true, the stored exemption stays; if false or
   * undefined, the save is refused.
   */
  lenient?: boolean;
  /** The marks of photos whose pictures are withdrawn under other file names, by file name. */
  related?: ReadonlyMap<string, unknown>;
}

/**
 * Returns the text to store for a file that an editor sent, and the marks of the photos that are withdrawn in the stored
 * versions, by file name. The fields that only the desk writes keep their published values, whatever the editor sent. A
 * photo is withdrawn if it is withdrawn in the published version or in the base, or if it is in `related`. The exemption
 * of a photo changes only if the writer may change it (`applyWaivers`). Fields are compared by value, not by YAML
 * notation. Each stored text is parsed only once.
 * @throws Refusal 403 if the writer may not give an exemption, 422 if its reason is too long.
 */
export function withDeskKeys(
  sent: ParsedFile,
  stored: StoredTexts,
  writer: Writer,
  { lenient = false, related = new Map() }: DeskKeysOptions = {},
): { text: string; withdrawn: ReadonlyMap<string, unknown> } {
  const published = fieldsOfText(sent.path, stored.published);
  const base = stored.base === stored.published ? published : fieldsOfText(sent.path, stored.base);
  const exemptions = photoValues(base, 'exemption');
  const withdrawn = new Map([...photoValues(base, 'withdrawn'), ...photoValues(published, 'withdrawn')]);
  const text = withChange(sent, (frontMatter) => {
    const settled = [
      settleDeskKeys(frontMatter, published),
      settleWithdrawn(frontMatter, new Map([...related, ...withdrawn])),
      settlePhotos(frontMatter, 'exemption', (photo) => {
        const [src, sentExemption] = [photo.get('src'), photo.get('exemption')];
        const before = typeof src === 'string' ? exemptions.get(src) : undefined;
        const asked = lenient && !hasRole(writer, 'reviewer') ? undefined : sentExemption;
        return applyWaivers(asked, before, writer);
      }),
    ];
    return settled.includes(true);
  });
  return { text, withdrawn };
}

/**
 * Returns the text of a file with new values of some fields. The value undefined deletes a field.
 * @param body the new Markdown; if undefined, the Markdown stays. Ignored for a YAML file.
 * @returns undefined if the Markdown cannot be replaced because the front matter has no end.
 */
export function withFields(file: ParsedFile, fields: ReadonlyMap<string, unknown>, body?: string): string | undefined {
  const text = withChange(file, ({ document }) => {
    for (const [key, value] of fields) {
      if (value === undefined) document.delete(key);
      else document.set(key, document.createNode(value, WRITING));
    }
    return fields.size > 0;
  });
  if (body === undefined || !file.path.endsWith('.md')) return text;
  const parts = partsOfFile(file.path, text);
  if (!parts) return undefined;
  return `${parts.opening}${parts.yaml}${parts.closing.trimEnd()}\n\n${body}\n`;
}

/** The inputs of `withPublication`, apart from the draft's text. */
export interface PublicationKeys {
  /**
   * The text that is published now; undefined if there is none. The fields that only the desk writes are taken from
   * this text, not from the draft's.
   */
  before: string | undefined;
  /** Date of the publication, YYYY-MM-DD. */
  today: string;
  /** Name of the editor who publishes. */
  by: string;
  /** The marks of photos whose pictures are withdrawn in `before` under other file names, by file name. */
  related?: ReadonlyMap<string, unknown>;
}

/**
 * Returns the text to publish. When an entry is published for the first time, `published` is set to today. When it is
 * published again, today and the editor's name are added to the list `edits`. The field `withdrawn` is deleted, so an
 * entry that was withdrawn is shown again. `generation` is set to the number of times that the entry or one of its
 * photos has been withdrawn. Photos that are withdrawn in the published text stay withdrawn, and so do their pictures
 * under other file names.
 */
export function withPublication(
  path: string,
  source: string,
  { before, today, by, related = new Map() }: PublicationKeys,
): string {
  return withChangeIn(path, source, (frontMatter) => {
    const { document } = frontMatter;
    const published = fieldsOfText(path, before);
    settleDeskKeys(frontMatter, published);
    const withdrawn = photoValues(published, 'withdrawn');
    // The desk has given the draft these marks too: they count even if a turn is no longer known, because the database
    // is older than the repository.
    const own = [...photoValues(frontMatter.fields, 'withdrawn')].filter(([, mark]) =>
      withdrawn.values().some((known) => isSame(known, mark)),
    );
    settleWithdrawn(frontMatter, new Map([...own, ...related, ...withdrawn]));
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

/** When and why something is withdrawn. */
export interface WithdrawalFacts {
  /** Date of the withdrawal, YYYY-MM-DD. */
  today: string;
  reason: string;
}

/**
 * Returns the text of an entry with the fields that withdraw it. The entry's page stays, and shows the reason.
 * @param facts.hideTitle whether the title is withdrawn too: the page then shows neither title nor reason.
 */
export function withWithdrawal(
  path: string,
  source: string,
  { today, reason, hideTitle = false }: WithdrawalFacts & { hideTitle?: boolean | undefined },
): string {
  return withChangeIn(path, source, ({ document }) => {
    document.set('generation', withdrawalsOf(document) + 1);
    document.set('withdrawn', document.createNode({ date: today, reason, ...(hideTitle ? { hideTitle } : {}) }));
    return true;
  });
}

/**
 * Returns the file names of the photos that a text names and that are not withdrawn; none if the text cannot be parsed.
 */
export function shownPhotosIn(path: string, source: string): string[] {
  return photosOf(fieldsOfText(path, source)).flatMap((photo) => {
    const src = photo?.get('src');
    return typeof src === 'string' && photo?.get('withdrawn') === undefined ? [src] : [];
  });
}

/** Returns the marks of the photos that a text marks as withdrawn, by file name; none if the text cannot be parsed. */
export function withdrawnIn(path: string, source: string): ReadonlyMap<string, unknown> {
  return photoValues(fieldsOfText(path, source), 'withdrawn');
}

/**
 * Returns a text without the photos that it marks as withdrawn, and their number. A mark that is wrong counts too. The
 * text is unchanged if there are none, or if it cannot be parsed.
 */
export function withoutWithdrawnIn(path: string, source: string): { text: string; photos: number } {
  const marked = withdrawnIn(path, source);
  if (marked.size === 0) return { text: source, photos: 0 };
  return { text: withoutPhotosIn(path, source, new Set(marked.keys())), photos: marked.size };
}

/** Returns a text that names no photos with these file names; the same text if it names none or cannot be parsed. */
export function withoutPhotosIn(path: string, source: string, srcs: ReadonlySet<string>): string {
  return withChangeIn(path, source, ({ document }) => {
    const photos = document.get('photos');
    if (!isSeq(photos)) return false;
    const before = photos.items.length;
    photos.items = photos.items.filter((item) => !isMap(item) || !srcs.has(String(item.get('src'))));
    return photos.items.length < before;
  });
}

/**
 * Returns the text of an entry after some of its photos are withdrawn. The entry stays published. Photos that are
 * withdrawn already stay as they are.
 * @param srcs file names of the photos.
 * @param facts.published whether the text is the published one: then `generation` is raised, so that all photos of the
 * entry get new URL paths.
 */
export function withPhotoWithdrawal(
  path: string,
  source: string,
  srcs: ReadonlySet<string>,
  { today, reason, published }: WithdrawalFacts & { published: boolean },
): string {
  return withChangeIn(path, source, (frontMatter) => {
    const { document } = frontMatter;
    const changed = settlePhotos(frontMatter, 'withdrawn', (photo) => {
      const [src, before] = [photo.get('src'), photo.get('withdrawn')];
      return before === undefined && typeof src === 'string' && srcs.has(src) ? { date: today, reason } : before;
    });
    if (changed && published) document.set('generation', withdrawalsOf(document) + 1);
    return changed;
  });
}

/**
 * Returns how often an entry has been withdrawn, according to `generation`. An entry that was withdrawn before the desk
 * counted this has only `withdrawn`, and counts as withdrawn once.
 */
function withdrawalsOf(document: Document): number {
  const counted = document.get('generation');
  if (typeof counted === 'number') return counted;
  return document.has('withdrawn') ? 1 : 0;
}

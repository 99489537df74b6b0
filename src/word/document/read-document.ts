// Runs in browser and Node: pure.
import { fileRefusal, zipRefusal } from '../package/file-kind.ts';
import { damaged, WordRefused } from '../package/refusal.ts';
import { partOfType, relationsOf, type Relation } from '../package/relations.ts';
import { descendants, elementAt, parseXml, type XmlElement } from '../package/xml.ts';
import { ZipPackage } from '../package/zip.ts';
import { BlockReader } from './block-reader.ts';
import type { Block, Losses } from './blocks.ts';
import { Numbering } from './numbering.ts';
import { Styles } from './styles.ts';

/** A Word document as blocks. */
export interface WordDocument {
  blocks: Block[];
  losses: Losses;
  /** Dates of the document's properties, ISO 8601; undefined if it states none. */
  created: string | undefined;
  modified: string | undefined;
  /**
   * Returns the bytes of a picture's part; undefined if there is no such part.
   * @throws WordRefused if the part is damaged or larger than a photo may be.
   */
  photo(part: string): Uint8Array | undefined;
}

/** Types of the parts with notes, and the elements that refer to the notes. */
const NOTE_PARTS = { footnotes: 'w:footnoteReference', endnotes: 'w:endnoteReference' } as const;

/** Returns the root of the XML part that a relation of a type leads to; undefined if there is none. */
function partRoot(pack: ZipPackage, relations: ReadonlyMap<string, Relation>, type: string): XmlElement | undefined {
  const part = partOfType(relations, type);
  const source = part === undefined ? undefined : pack.text(part);
  return source === undefined ? undefined : parseXml(source);
}

/** Returns the texts of footnotes and endnotes, by reference element and id. */
function notesOf(pack: ZipPackage, relations: ReadonlyMap<string, Relation>): Map<string, string> {
  const notes = new Map<string, string>();
  for (const [type, reference] of Object.entries(NOTE_PARTS)) {
    for (const note of partRoot(pack, relations, type)?.children ?? []) {
      const texts = [...descendants(note)].filter(({ name }) => name === 'w:t').map(({ text }) => text);
      const text = texts.join('').trim();
      if (text !== '') notes.set(`${reference}:${note.attributes.get('w:id') ?? ''}`, text);
    }
  }
  return notes;
}

/**
 * Returns the texts of headers and footers, each once. Page numbers are left out: text of digits, dashes and 第…页
 * says nothing about the story.
 */
function marginsOf(pack: ZipPackage, relations: ReadonlyMap<string, Relation>): string[] {
  const texts = [...relations.values()].flatMap(({ type, target, external }) => {
    if (external || !/\/(?:header|footer)$/u.test(type)) return [];
    const source = pack.text(target);
    if (source === undefined) return [];
    const words = [...descendants(parseXml(source))].filter(({ name }) => name === 'w:t').map(({ text }) => text);
    const text = words.join('').trim();
    return /^[\d\s\-—–/.·第页共]*$/u.test(text) ? [] : [text];
  });
  return [...new Set(texts)];
}

/** Returns the text of a property in `docProps/core.xml`; undefined if it is absent or empty. */
function propertyOf(core: XmlElement | undefined, name: string): string | undefined {
  const text = elementAt(core, name)?.text.trim() ?? '';
  return text === '' ? undefined : text;
}

/** Returns the properties of a document; undefined if it has none. */
function coreProperties(pack: ZipPackage): XmlElement | undefined {
  const source = pack.text('docProps/core.xml');
  return source === undefined ? undefined : parseXml(source);
}

/**
 * Reads a .docx. `name` is the name of the file.
 * @throws WordRefused if the file is no .docx, is damaged or encrypted, or breaks the limits.
 */
export function readDocument(bytes: Uint8Array, name: string): WordDocument {
  const refusal = fileRefusal(bytes, name);
  if (refusal) throw new WordRefused(refusal);
  const pack = new ZipPackage(bytes);
  const main = partOfType(relationsOf(pack, ''), 'officeDocument') ?? 'word/document.xml';
  const source = pack.text(main);
  if (source === undefined) throw new WordRefused(zipRefusal(pack.names));
  const body = elementAt(parseXml(source), 'w:body');
  // The main part of a workbook or of slides.
  if (!body)
    throw pack.names.some((part) => /^(?:xl|ppt)\//iu.test(part)) ? new WordRefused(zipRefusal(pack.names)) : damaged();
  const relations = relationsOf(pack, main);
  const reader = new BlockReader({
    styles: new Styles(partRoot(pack, relations, 'styles')),
    numbering: new Numbering(partRoot(pack, relations, 'numbering')),
    relations,
    notes: notesOf(pack, relations),
    hasPart: (part) => pack.has(part),
  });
  const blocks = reader.read(body);
  const { losses } = reader;
  losses.comments = partRoot(pack, relations, 'comments')?.children.length ?? 0;
  losses.margins = marginsOf(pack, relations);
  const core = coreProperties(pack);
  return {
    blocks,
    losses,
    created: propertyOf(core, 'created'),
    modified: propertyOf(core, 'modified'),
    photo: (part) => pack.photo(part),
  };
}

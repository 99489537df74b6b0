// What is done with texts that people send, in threads of a TextRoom: pure, every argument and answer a plain value.
import { photoNames } from '../../library/reading.ts';
import { spokenDraft, type SpokenDraft } from '../../library/draft.ts';
import { z } from 'zod';
import { parseDocumentFile, parseSentFile, type UnparsableDocument } from '../../model/document.ts';
import { entryFacts, type EntryFacts } from '../entry-title.ts';
import type { EntryName } from '../entry-name.ts';
import type { Writer } from '../exemptions.ts';
import { withDeskKeys, withFields, type Standing } from '../front-matter.ts';
import { BODY, compareVersions, differingFields, WHOLE, type DifferingField } from '../history/comparison.ts';
import type { Chapter } from '../history/chronicle.ts';
import type { Conflict } from '../history/conflicts.ts';
import { readVersion, type EntryVersion } from '../history/version.ts';
import { namesAskedBy, nameIn, type KnownNames, type NamedEntry } from '../history/words.ts';
import type { Told } from '../office/history-page.ts';
import type { Message } from '../office/page.ts';
import type { Editor } from '../people/editor.ts';
import { Refusal } from '../refusal.ts';

/** A text that somebody sends for an entry's file. */
export interface SentText {
  file: string;
  raw: string;
}

/** What a text says that the desk has to know before it is saved. */
export interface SentFacts {
  /** The unit it names; undefined: none. */
  unit: string | undefined;
  /** The photos it names. */
  photos: string[];
}

const belonging = z.object({ unit: z.string() });

/** The unit that an entry's text names; undefined: none. */
function unitIn(data: unknown): string | undefined {
  return belonging.safeParse(data).data?.unit;
}

/** What a text that somebody sends says, or why it cannot be taken. */
export function sentFacts({ file, raw }: SentText): SentFacts | UnparsableDocument {
  const document = parseSentFile(file, raw);
  if ('what' in document) return document;
  return { unit: unitIn(document.data), photos: photoNames(document.data) };
}

/** A refusal on its way out of a thread. */
export interface Refused {
  status: number;
  sentence: string;
}

/** The text that is stored for a text that was sent: see withDeskKeys. */
export function settledText({
  file,
  raw,
  standing,
  writer,
}: SentText & { standing: Standing; writer: Writer }): { text: string } | Refused {
  try {
    return { text: withDeskKeys(file, raw, standing, writer) };
  } catch (error) {
    if (error instanceof Refusal) return { status: error.status, sentence: error.message };
    throw error;
  }
}

/** What the text of a draft says; `sent`: it comes from outside, and is no version that is stored. */
export function draft({
  file,
  raw,
  today,
  sent,
}: SentText & { today: string; sent: boolean }):
  (SpokenDraft & Pick<SentFacts, 'unit'>) | UnparsableDocument | undefined {
  const document = (sent ? parseSentFile : parseDocumentFile)(file, raw);
  if ('what' in document) return document;
  const spoken = spokenDraft(file, raw, document, today);
  return spoken && { ...spoken, unit: unitIn(document.data) };
}

/** What a version's text says of itself. */
export function facts({ file, text }: { file: string; text: string }): EntryFacts {
  return entryFacts(file, text);
}

/** Two versions of an entry, of which one may be missing. */
export interface TwoVersions {
  name: EntryName;
  before: EntryVersion | undefined;
  after: EntryVersion | undefined;
}

/** The fields in which two versions differ. */
export function differing({ name, before, after }: TwoVersions): DifferingField[] {
  return differingFields(name.collection, readVersion(name, before), readVersion(name, after)).map(
    ({ key, label }) => ({
      key,
      label,
    }),
  );
}

/** The entries that some versions refer to, so that somebody who knows them can say what they are called. */
export function namedEntries({
  name,
  versions,
}: {
  name: EntryName;
  versions: readonly (EntryVersion | undefined)[];
}): NamedEntry[] {
  return namesAskedBy(
    name.collection,
    versions.flatMap((version) => readVersion(name, version)?.fields ?? []),
  );
}

/**
 * What stands, with some fields of another version; `keys` name them. Undefined: what stands cannot be taken apart.
 */
export function mergedText({
  name,
  now,
  kept,
  keys,
}: {
  name: EntryName;
  now: EntryVersion | undefined;
  kept: EntryVersion;
  keys: readonly string[];
}): { text: string; whole: boolean } | undefined {
  const stands = readVersion(name, now);
  const other = readVersion(name, kept);
  if (!now || !stands?.fields || keys.includes(WHOLE)) return { text: kept.text, whole: true };
  const fields = new Map(keys.filter((key) => key !== BODY).map((key) => [key, other?.fields?.get(key)]));
  const text = withFields(name.file, now.text, fields, keys.includes(BODY) ? other?.body : undefined);
  return text === undefined ? undefined : { text, whole: false };
}

/** The page of one version. */
export async function versionHtml({
  editor,
  told,
  chapter,
  version,
  names,
}: {
  editor: Editor;
  told: Told;
  chapter: Chapter;
  version: EntryVersion;
  names: KnownNames;
}): Promise<string> {
  const { versionPage } = await import('../office/history-page.ts');
  const { name } = told;
  const fields = compareVersions(name.collection, undefined, readVersion(name, version), nameIn(names));
  return versionPage(editor, told, chapter, fields);
}

/** The page of two versions side by side. */
export async function comparisonHtml({
  editor,
  told,
  chapters,
  versions,
  names,
}: {
  editor: Editor;
  told: Told;
  chapters: { from: Chapter; to: Chapter };
  versions: { from: EntryVersion; to: EntryVersion };
  names: KnownNames;
}): Promise<string> {
  const { comparisonPage } = await import('../office/history-page.ts');
  const { name } = told;
  const [from, to] = [readVersion(name, versions.from), readVersion(name, versions.to)];
  return comparisonPage(editor, told, chapters, compareVersions(name.collection, from, to, nameIn(names)));
}

/** A refused text and what it is shown beside. */
export interface Meeting {
  name: EntryName;
  conflict: Conflict;
  /** The commit that stands, and the id of its content. */
  stands: { commit: string; content: string };
  /** The refused text, what stands, and what both began with; undefined: there is none. */
  kept: EntryVersion;
  now: EntryVersion | undefined;
  base: EntryVersion | undefined;
}

/** The page of a refused text beside what stands. */
export async function conflictHtml({
  editor,
  meeting,
  names,
  message,
}: {
  editor: Editor;
  meeting: Meeting;
  names: KnownNames;
  message: Message | undefined;
}): Promise<string> {
  const [{ conflictPage }, { writtenDifferences }] = await Promise.all([
    import('../office/conflict-page.ts'),
    import('../history/written.ts'),
  ]);
  const { name, conflict, stands } = meeting;
  const [kept, now, base] = [meeting.kept, meeting.now, meeting.base].map((version) => readVersion(name, version));
  const keysTo = (other: typeof base): Set<string> =>
    new Set(differingFields(name.collection, base, other).map(({ key }) => key));
  const opposed = {
    name,
    title: entryFacts(name.file, (meeting.now ?? meeting.kept).text).title,
    conflict,
    stands,
    differences: writtenDifferences(name, compareVersions(name.collection, now, kept, nameIn(names))),
    changed: base && { mine: keysTo(kept), theirs: keysTo(now) },
  };
  return conflictPage(editor, opposed, message);
}

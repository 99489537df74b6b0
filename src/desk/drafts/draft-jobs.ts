// What is done with the texts of drafts, in threads of a TextRoom: pure, every argument and answer a plain value.
import '../texts/thread-priority.ts';
import { z } from 'zod';
import { parseDraft, type ParsedDraft } from '../../library/content/draft.ts';
import { photoNames } from '../../library/content/read-entry.ts';
import { parseDocumentFile, parseSentFile, type UnparsableDocument } from '../../model/document.ts';
import { entryFacts, type EntryFacts } from './entry-title.ts';
import type { Writer } from './photo-waivers.ts';
import { withDeskKeys, type PublishedKeys } from './front-matter.ts';
import { Refusal } from '../domain/refusal.ts';

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
}: SentText & { standing: PublishedKeys; writer: Writer }): { text: string } | Refused {
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
  (ParsedDraft & Pick<SentFacts, 'unit'>) | UnparsableDocument | undefined {
  const document = (sent ? parseSentFile : parseDocumentFile)(file, raw);
  if ('what' in document) return document;
  const spoken = parseDraft(file, raw, document, today);
  return spoken && { ...spoken, unit: unitIn(document.data) };
}

/** What a version's text says of itself. */
export function facts({ file, text }: { file: string; text: string }): EntryFacts {
  return entryFacts(file, text);
}

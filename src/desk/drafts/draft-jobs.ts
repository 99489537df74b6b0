// Jobs on the texts of drafts, run in TextThreads: pure functions of plain values.
import '../texts/thread-priority.ts';
import { z } from 'zod';
import { parseDraft, type ParsedDraft } from '../../library/content/draft.ts';
import { photoNames } from '../../library/content/read-entry.ts';
import { parseFile, parseSentFile, type ParsedFile, type UnparsableDocument } from '../../model/document.ts';
import { entryFacts, type EntryFacts } from './entry-title.ts';
import type { Writer } from './photo-waivers.ts';
import { withDeskKeys, type StoredTexts } from './front-matter.ts';
import { Refusal } from '../domain/refusal.ts';

/** A text that somebody sends for an entry's file. */
export interface SentText {
  file: string;
  raw: string;
}

/** A refusal as a plain value, which can leave a thread. */
export interface Refused {
  status: number;
  sentence: string;
}

/** What a sent text says, as far as the desk must know to save it. */
export interface SentDocument {
  /** The unit that it names, or undefined. */
  unit: string | undefined;
  /** The file names of its photos. */
  photos: string[];
  /** The text to store (`withDeskKeys`), or why the writer may not save it. */
  settled: { text: string } | Refused;
}

const belonging = z.object({ unit: z.string() });

/** Returns the unit that an entry's data names, or undefined. */
function unitIn(data: unknown): string | undefined {
  return belonging.safeParse(data).data?.unit;
}

/** Parses a sent text and returns all that a save needs of it, or why it cannot be parsed. */
export function sentDocument({
  file,
  raw,
  stored,
  writer,
  lenient,
}: SentText & { stored: StoredTexts; writer: Writer; lenient: boolean }): SentDocument | UnparsableDocument {
  const sent = parseSentFile(file, raw);
  if ('what' in sent) return sent;
  return {
    unit: unitIn(sent.data),
    photos: photoNames(sent.data),
    settled: settledText(sent, stored, writer, lenient),
  };
}

function settledText(
  sent: ParsedFile,
  stored: StoredTexts,
  writer: Writer,
  lenient: boolean,
): { text: string } | Refused {
  try {
    return { text: withDeskKeys(sent, stored, writer, { lenient }) };
  } catch (error) {
    if (error instanceof Refusal) return { status: error.status, sentence: error.message };
    throw error;
  }
}

/**
 * Parses the text of a draft for its preview.
 * @param input.today YYYY-MM-DD
 * @param input.sent whether the text comes from outside, where anchors and aliases are faults, or is a stored version.
 * @returns undefined if `file` belongs to no entry.
 */
export function draft({
  file,
  raw,
  today,
  sent,
}: SentText & { today: string; sent: boolean }):
  (ParsedDraft & Pick<SentDocument, 'unit'>) | UnparsableDocument | undefined {
  const document = parseFile(file, raw, { plain: sent });
  if ('what' in document) return document;
  const parsed = parseDraft(file, raw, document, today);
  return parsed && { ...parsed, unit: unitIn(document.data) };
}

/** Returns title, unit and period that a version's text names. */
export function facts({ file, text }: { file: string; text: string }): EntryFacts {
  return entryFacts(file, text);
}

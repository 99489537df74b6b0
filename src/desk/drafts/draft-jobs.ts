// Jobs on the texts of drafts, which TextThreads runs in worker threads. They are pure functions; arguments and results
// are plain values, because these are copied between threads.
import '../texts/thread-priority.ts';
import { z } from 'zod';
import { parseDraft, type ParsedDraft } from '../../library/content/draft.ts';
import { photoNames } from '../../library/content/read-entry.ts';
import { parseFile, parseSentFile, type ParsedFile, type UnparsableDocument } from '../../model/document.ts';
import { entryFacts, type EntryFacts } from './entry-title.ts';
import type { Writer } from './photo-waivers.ts';
import { withDeskKeys, withoutPhotosIn, withoutWithdrawnIn, type StoredTexts } from './front-matter.ts';
import { Refusal } from '../domain/refusal.ts';

/** A text that somebody sends as the content of an entry's file. `file` is the path of the file. */
export interface SentText {
  file: string;
  raw: string;
}

/** A Refusal as a plain value, which can be sent from one thread to another. */
export interface Refused {
  status: number;
  sentence: string;
}

/** What the desk must know about a sent text to save it. */
export interface SentDocument {
  /** The code of the unit that the text names, or undefined. */
  unit: string | undefined;
  /** The file names of the photos that the text names. */
  photos: string[];
  /** What `withDeskKeys` returns: the text to store; or the reason why the writer may not save it. */
  settled: ReturnType<typeof withDeskKeys> | Refused;
}

const belonging = z.object({ unit: z.string() });

/** Returns the code of the unit that an entry's data names, or undefined. */
function unitIn(data: unknown): string | undefined {
  return belonging.safeParse(data).data?.unit;
}

/**
 * Parses a sent text. Returns what a save needs to know about the text, or the reason why it cannot be parsed.
 * @param input.lenient see `withDeskKeys`, like `input.related`.
 */
export function sentDocument({
  file,
  raw,
  stored,
  writer,
  lenient,
  related,
}: SentText & {
  stored: StoredTexts;
  writer: Writer;
  lenient: boolean;
  related?: ReadonlyMap<string, unknown>;
}): SentDocument | UnparsableDocument {
  const sent = parseSentFile(file, raw);
  if ('what' in sent) return sent;
  return {
    unit: unitIn(sent.data),
    photos: photoNames(sent.data),
    settled: settledText(sent, stored, writer, { lenient, ...(related ? { related } : {}) }),
  };
}

function settledText(
  sent: ParsedFile,
  stored: StoredTexts,
  writer: Writer,
  options: Parameters<typeof withDeskKeys>[3],
): SentDocument['settled'] {
  try {
    return withDeskKeys(sent, stored, writer, options);
  } catch (error) {
    if (error instanceof Refusal) return { status: error.status, sentence: error.message };
    throw error;
  }
}

/**
 * Parses the text of a draft for its preview. Returns the parsed draft and its unit, or the reason why the text cannot
 * be parsed.
 * @param input.today today's date, YYYY-MM-DD.
 * @param input.sent whether the text comes from outside. Anchors and aliases in its YAML are then faults; in a stored
 * version they are not.
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

/** Returns the title, unit and period that the text of an entry's file names (`entryFacts`). */
export function facts({ file, text }: { file: string; text: string }): EntryFacts {
  return entryFacts(file, text);
}

/** Returns the text of an entry's file without the photos that it marks as withdrawn, and their number. */
export function withoutWithdrawn({ file, text }: { file: string; text: string }): { text: string; photos: number } {
  return withoutWithdrawnIn(file, text);
}

/** Returns the text of an entry's file without the photos with these file names. */
export function withoutPhotos({ file, text, srcs }: { file: string; text: string; srcs: readonly string[] }): string {
  return withoutPhotosIn(file, text, new Set(srcs));
}

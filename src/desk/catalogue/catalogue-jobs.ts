// Jobs of the catalogue, run in TextThreads: pure functions of plain values.
import '../texts/thread-priority.ts';
import { describeEntry, type EntryDescription, type EntryText } from './entry-description.ts';

/** Describes some entries. */
export function descriptions(texts: readonly EntryText[]): EntryDescription[] {
  return texts.map(describeEntry);
}

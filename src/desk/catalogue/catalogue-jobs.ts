// The jobs of the catalogue: pure functions of plain values, which run in TextThreads.
import '../texts/thread-priority.ts';
import { describeEntry, type EntryDescription, type EntryText } from './entry-description.ts';

/** Returns the description of each text, in the same order. */
export function descriptions(texts: readonly EntryText[]): EntryDescription[] {
  return texts.map(describeEntry);
}

/** What a writer has to know about something that was pasted or dropped. */
export interface Notice {
  /** Chinese sentences. */
  sentences: readonly string[];
  /** Whether pictures were left out, which belong into the photo field. */
  hasPictures: boolean;
  /** Number of lines that can be made headings. */
  headings: number;
}

/** Returns whether a notice says nothing. */
export function isEmpty({ sentences, headings }: Notice): boolean {
  return sentences.length === 0 && headings === 0;
}

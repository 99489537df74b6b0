import { z } from 'zod';

/** A story as every contender gets it. */
export const entry = z.object({
  /** `/stories/20210319-093000ab/`: the address by which results name it. */
  url: z.string(),
  title: z.string(),
  /** `2021-03-19`. */
  date: z.string(),
  unit: z.string(),
  activity: z.string(),
  /** Address of its photo without width and extension; no file is there, and no figure counts it. */
  photo: z.string(),
  paragraphs: z.array(z.string()),
});
export type Entry = z.output<typeof entry>;

/** Returns the text of an entry, each part on its own line. */
export function textOf({ title, paragraphs }: Entry): string {
  return [title, ...paragraphs].join('\n');
}

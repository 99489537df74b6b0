import { z } from 'zod';

/** A story in the form that every indexer gets. */
export const entry = z.object({
  /** Path of the story's page, by which results name it, such as `/stories/20210319-093000ab/`. */
  url: z.string(),
  title: z.string(),
  /** Date of the story, such as `2021-03-19`. */
  date: z.string(),
  unit: z.string(),
  activity: z.string(),
  /**
   * Path of the story's photo, without width and extension. The file does not exist, and no measurement counts its
   * bytes.
   */
  photo: z.string(),
  paragraphs: z.array(z.string()),
});
export type Entry = z.output<typeof entry>;

/** Returns the text of an entry: the title and each paragraph on a separate line. */
export function textOf({ title, paragraphs }: Entry): string {
  return [title, ...paragraphs].join('\n');
}

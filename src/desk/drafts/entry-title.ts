import { z } from 'zod';
import { parseDocumentFile } from '../../model/document.ts';

const line = z.string().min(1).optional().catch(undefined);
const named = z.object({
  title: line,
  name: line,
  wish: line,
  unit: line,
  period: line,
  year: z.number().optional().catch(undefined),
});

/** The facts about an entry that lists show. An incomplete draft may have no unit and no period. */
export interface EntryFacts {
  title: string;
  unit: string | undefined;
  period: string | undefined;
}

/**
 * Returns the facts about an entry, given the data of its front matter. The title is the field `title`, `name` or
 * `wish`, or is made of `year`; without any of these it is a placeholder.
 */
export function factsOf(data: unknown): EntryFacts {
  const { title, name, wish, unit, period, year } = named.catch({}).parse(data);
  return { title: title ?? name ?? wish ?? (year === undefined ? '还没有标题' : `${year}年总结`), unit, period };
}

/**
 * Returns the facts about an entry, given the text of its file. A text that cannot be parsed counts as an entry without
 * fields.
 */
export function entryFacts(file: string, text: string): EntryFacts {
  const document = parseDocumentFile(file, text);
  return factsOf('what' in document ? {} : document.data);
}

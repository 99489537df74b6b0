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

/** What an entry says of itself in lists; incomplete drafts lack some of it. */
export interface EntryFacts {
  title: string;
  unit: string | undefined;
  period: string | undefined;
}

/** Returns the facts of an entry's data; a placeholder if it has no title. */
export function factsOf(data: unknown): EntryFacts {
  const { title, name, wish, unit, period, year } = named.catch({}).parse(data);
  return { title: title ?? name ?? wish ?? (year === undefined ? '还没有标题' : `${year}年总结`), unit, period };
}

/** Returns the facts of an entry's text; those of an empty entry if it cannot be parsed. */
export function entryFacts(file: string, text: string): EntryFacts {
  const document = parseDocumentFile(file, text);
  return factsOf('what' in document ? {} : document.data);
}

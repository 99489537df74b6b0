import { z } from 'zod';
import { parseDocumentFile } from '../../model/document.ts';

const line = z.string().min(1).optional().catch(undefined);
const spoken = z.object({
  title: line,
  name: line,
  wish: line,
  unit: line,
  period: line,
  year: z.number().optional().catch(undefined),
});

/** What an entry's text says of itself, as far as it says it: half-finished drafts do not say all. */
export interface EntryFacts {
  /** What it is called in lists. */
  title: string;
  unit: string | undefined;
  period: string | undefined;
}

/** The facts of an entry's file, for lists at the desk. */
export function entryFacts(file: string, text: string): EntryFacts {
  const document = parseDocumentFile(file, text);
  const { title, name, wish, unit, period, year } = spoken.catch({}).parse('what' in document ? {} : document.data);
  return { title: title ?? name ?? wish ?? (year === undefined ? '还没有标题' : `${year}年总结`), unit, period };
}

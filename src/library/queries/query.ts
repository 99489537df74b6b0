import type { z } from 'zod';
import type { EntryStoreView } from '../store/entry-store.ts';

/** What surrounds the content and may stand in answers. */
export interface QueryContext {
  /** Where the site is published, without a slash at the end. */
  readonly origin: string;
  /** Names of the pages that are code (`about`), in order. */
  readonly ownPages: readonly string[];
}

/** What a query reads: the shelf, its surroundings, and the answers of other queries. */
export interface View extends EntryStoreView, QueryContext {
  ask<Arguments extends readonly unknown[], Answer>(query: Query<Arguments, Answer>, ...args: Arguments): Answer;
}

/** A query by its name, for arguments that come from the journal. */
export interface NamedQuery {
  readonly name: string;
  /** Throws a ZodError when the arguments are not this query's. */
  answerTo(view: View, args: unknown): unknown;
}

/** A named question to the library. Its answer is a pure function of what it reads from the view. */
export interface Query<Arguments extends readonly unknown[], Answer> extends NamedQuery {
  /** Where answers stay in memory, by owner and question: for small ones that many others contain. */
  readonly kept: WeakMap<object, Map<string, Answer>> | undefined;
  answer(view: View, ...args: Arguments): Answer;
}

/** Declares a query; `parameters` is the schema of its arguments, a tuple of what survives JSON. */
export function query<Arguments extends readonly unknown[], Answer>(
  name: string,
  parameters: z.ZodType<Arguments>,
  answer: (view: View, ...args: Arguments) => Answer,
  { keep = false }: { keep?: boolean } = {},
): Query<Arguments, Answer> {
  return {
    name,
    kept: keep ? new WeakMap() : undefined,
    answer,
    answerTo: (view, args) => answer(view, ...parameters.parse(args)),
  };
}

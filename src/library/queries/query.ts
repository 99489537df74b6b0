import type { z } from 'zod';
import type { EntryStoreView } from '../store/entry-store.ts';

/** Values from outside the content that results may contain. */
export interface QueryContext {
  /** Where the site is published, without a slash at the end. */
  readonly origin: string;
  /** Names of the pages that are code (`about`), in order. */
  readonly ownPages: readonly string[];
}

/** What a query reads: the store, the context, and the results of other queries. */
export interface View extends EntryStoreView, QueryContext {
  ask<Arguments extends readonly unknown[], Result>(query: Query<Arguments, Result>, ...args: Arguments): Result;
}

/** A query whose arguments come from the journal and are not typed. */
export interface NamedQuery {
  readonly name: string;
  /** @throws ZodError if the arguments do not fit the query. */
  runWith(view: View, args: unknown): unknown;
}

/** A named query of the library. Its result is a pure function of what it reads from the view. */
export interface Query<Arguments extends readonly unknown[], Result> extends NamedQuery {
  /** Cached results by owner and query key: for small results that many others contain. */
  readonly kept: WeakMap<object, Map<string, Result>> | undefined;
  run(view: View, ...args: Arguments): Result;
}

/** Declares a query. `parameters` is the schema of its arguments, a tuple of values that survive JSON. */
export function query<Arguments extends readonly unknown[], Result>(
  name: string,
  parameters: z.ZodType<Arguments>,
  run: (view: View, ...args: Arguments) => Result,
  { keep = false }: { keep?: boolean } = {},
): Query<Arguments, Result> {
  return {
    name,
    kept: keep ? new WeakMap() : undefined,
    run,
    runWith: (view, args) => run(view, ...parameters.parse(args)),
  };
}

import type { z } from 'zod';
import type { EntryStoreView } from '../store/entry-store.ts';

/** Values from outside the content that query results may contain. */
export interface QueryContext {
  /** Origin of the published site, without a slash at the end, for example `https://example.org`. */
  readonly origin: string;
  /** Names of the pages that are written as code, for example `about`, in order. */
  readonly ownPages: readonly string[];
}

/** What a query can read: the store, the context and the results of other queries. */
export interface View extends EntryStoreView, QueryContext {
  ask<Arguments extends readonly unknown[], Result>(query: Query<Arguments, Result>, ...args: Arguments): Result;
}

/** A query whose arguments come from the journal, so that their types are not known. */
export interface NamedQuery {
  readonly name: string;
  /** Runs the query. @throws ZodError if `args` do not match the schema of the query's arguments. */
  runWith(view: View, args: unknown): unknown;
}

/** A named query of the library. Its result depends only on its arguments and on what it reads from the view. */
export interface Query<Arguments extends readonly unknown[], Result> extends NamedQuery {
  /**
   * Cached results: one map by query key for each DependencyTracking. Undefined if the results of this query are not
   * cached. Results are cached only if they are small and many other results contain them.
   */
  readonly kept: WeakMap<object, Map<string, Result>> | undefined;
  run(view: View, ...args: Arguments): Result;
}

/**
 * Declares a query. `parameters` is the schema of the arguments, a tuple of values that JSON can represent. `keep` says
 * whether results are cached.
 */
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

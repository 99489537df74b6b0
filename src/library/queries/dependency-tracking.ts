import { fingerprint } from '../content/fingerprint.ts';
import type { NamedQuery, Query, QueryContext, View } from './query.ts';
import { nearKey, type EntryStoreView } from '../store/entry-store.ts';

/**
 * A query and its arguments as one text, as the journal stores it: a JSON array of the query's name and the arguments.
 */
export type QueryKey = string;

/** The fingerprint of a query's result, and the dependency keys that the query read for it. */
export interface ResultFingerprint {
  fingerprint: string;
  dependencies: readonly string[];
}

/**
 * Runs queries and records, for each result, the dependency keys that the query read. If dependency keys change, only
 * the queries that read them are run again, and the new fingerprints show which results really changed. There are no
 * hand-written invalidation rules: everything that a query reads is recorded.
 */
export class DependencyTracking {
  readonly #store: EntryStoreView;
  readonly #context: QueryContext;
  readonly #queries: ReadonlyMap<string, NamedQuery>;
  /**
   * Names of queries that are not recorded. Only tests of the tracking use this set: a page that runs such a query
   * becomes outdated, because a change of the query's result does not cause the page to be rendered again.
   */
  readonly #untracked: ReadonlySet<string>;
  readonly #fingerprints = new Map<QueryKey, ResultFingerprint>();
  readonly #queriesByDependency = new Map<string, Set<QueryKey>>();
  /** Functions that delete the cached result of a query, by query key. */
  readonly #forgetKept = new Map<QueryKey, () => void>();
  /**
   * Fingerprints of cached results, by the result object. A larger result may contain a cached result. Then the
   * fingerprint of the larger result is computed from the fingerprint of the cached result, not from its content.
   */
  readonly #fingerprintByResult = new WeakMap<object, string>();

  constructor(
    store: EntryStoreView,
    context: QueryContext,
    queries: ReadonlyMap<string, NamedQuery>,
    untracked: ReadonlySet<string> = new Set(),
  ) {
    this.#store = store;
    this.#context = context;
    this.#queries = queries;
    this.#untracked = untracked;
  }

  /**
   * Returns the result of a query. Calls `noteTo` with the query's key and the fingerprint of its result, unless the
   * query is untracked.
   */
  ask<Arguments extends readonly unknown[], Result>(
    query: Query<Arguments, Result>,
    args: Arguments,
    noteTo: (queryKey: QueryKey, resultFingerprint: ResultFingerprint) => void,
  ): Result {
    const note = this.#untracked.has(query.name) ? () => undefined : noteTo;
    const queryKey = JSON.stringify([query.name, ...args]);
    const kept = this.#keptOf(query);
    const known = this.#fingerprints.get(queryKey);
    if (known && kept?.has(queryKey)) {
      const result = kept.get(queryKey);
      if (result !== undefined) {
        note(queryKey, known);
        return result;
      }
    }
    const dependencies = new Set<string>();
    const result = query.run(this.#viewNoting(dependencies), ...args);
    const resultFingerprint = known ?? this.#remember(queryKey, result, dependencies);
    if (kept && typeof result === 'object' && result !== null) {
      kept.set(queryKey, result);
      this.#fingerprintByResult.set(result, resultFingerprint.fingerprint);
      this.#forgetKept.set(queryKey, () => kept.delete(queryKey));
    }
    note(queryKey, resultFingerprint);
    return result;
  }

  /**
   * Returns the keys of the queries whose results changed because the given dependency keys changed. To find them, runs
   * again every query that read one of the dependency keys.
   */
  changedBy(dependencies: Iterable<string>): Set<QueryKey> {
    const affected = new Set<QueryKey>();
    for (const dependency of dependencies)
      for (const queryKey of this.#queriesByDependency.get(dependency) ?? []) affected.add(queryKey);
    const before = new Map<QueryKey, string | undefined>();
    for (const queryKey of affected) {
      before.set(queryKey, this.#fingerprints.get(queryKey)?.fingerprint);
      this.forget(queryKey);
    }
    const changed = new Set<QueryKey>();
    for (const [queryKey, old] of before) {
      if (this.fingerprintOf(queryKey).fingerprint !== old) changed.add(queryKey);
    }
    return changed;
  }

  /**
   * Returns the fingerprint of a query's result. Runs the query if the fingerprint is not known.
   *
   * @throws Error if no query has the name in `queryKey`: the journal was written by another version of the code.
   * @throws ZodError if the arguments in `queryKey` do not match the query.
   */
  fingerprintOf(queryKey: QueryKey): ResultFingerprint {
    const known = this.#fingerprints.get(queryKey);
    if (known) return known;
    const [name, ...args]: unknown[] = JSON.parse(queryKey);
    const query = typeof name === 'string' ? this.#queries.get(name) : undefined;
    if (!query) throw new Error(`The journal asks ${queryKey}, which no query answers: it is of another code version.`);
    const dependencies = new Set<string>();
    return this.#remember(queryKey, query.runWith(this.#viewNoting(dependencies), args), dependencies);
  }

  /** Records a fingerprint without running the query, for example a fingerprint that was read from the journal. */
  restore(queryKey: QueryKey, resultFingerprint: ResultFingerprint): void {
    this.#fingerprints.set(queryKey, resultFingerprint);
    for (const dependency of resultFingerprint.dependencies) this.#queriesOf(dependency).add(queryKey);
  }

  /**
   * Deletes the fingerprint, the dependency keys and the cached result of a query, because its dependency keys changed
   * or no page runs it any longer.
   */
  forget(queryKey: QueryKey): void {
    const resultFingerprint = this.#fingerprints.get(queryKey);
    this.#fingerprints.delete(queryKey);
    this.#forgetKept.get(queryKey)?.();
    this.#forgetKept.delete(queryKey);
    for (const dependency of resultFingerprint?.dependencies ?? []) {
      const queryKeys = this.#queriesByDependency.get(dependency);
      queryKeys?.delete(queryKey);
      if (queryKeys?.size === 0) this.#queriesByDependency.delete(dependency);
    }
  }

  #keptOf<Arguments extends readonly unknown[], Result>(query: Query<Arguments, Result>) {
    if (!query.kept) return undefined;
    let kept = query.kept.get(this);
    if (!kept) query.kept.set(this, (kept = new Map<string, Result>()));
    return kept;
  }

  #remember(queryKey: QueryKey, result: unknown, dependencies: Set<string>): ResultFingerprint {
    const text = JSON.stringify(result, (_key, value: unknown) =>
      typeof value === 'object' && value !== null ? (this.#fingerprintByResult.get(value) ?? value) : value,
    );
    const resultFingerprint = { fingerprint: fingerprint(text ?? 'nothing'), dependencies: [...dependencies] };
    this.restore(queryKey, resultFingerprint);
    return resultFingerprint;
  }

  #queriesOf(dependency: string): Set<QueryKey> {
    let queryKeys = this.#queriesByDependency.get(dependency);
    if (!queryKeys) this.#queriesByDependency.set(dependency, (queryKeys = new Set()));
    return queryKeys;
  }

  #viewNoting(dependencies: Set<string>): View {
    const store = this.#store;
    return {
      ...this.#context,
      entry(collection, key) {
        dependencies.add(`${collection}/${key}`);
        return store.entry(collection, key);
      },
      list(name) {
        dependencies.add(`list:${name}`);
        return store.list(name);
      },
      near(name, member) {
        dependencies.add(nearKey(name, member.address.key));
        return store.near(name, member);
      },
      parts(name) {
        dependencies.add(`parts:${name}`);
        return store.parts(name);
      },
      sum(name) {
        dependencies.add(`sum:${name}`);
        return store.sum(name);
      },
      ask: (query, ...args) =>
        this.ask(query, args, (_queryKey, resultFingerprint) => {
          for (const dependency of resultFingerprint.dependencies) dependencies.add(dependency);
        }),
    };
  }
}

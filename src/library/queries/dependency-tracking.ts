import { fingerprint } from '../content/fingerprint.ts';
import { relatedKey } from '../store/related-stories.ts';
import type { NamedQuery, Query, QueryContext, View } from './query.ts';
import type { EntryStoreView } from '../store/entry-store.ts';

/** A query with its arguments, as the journal writes it: a JSON list of the query's name and its arguments. */
export type QueryKey = string;

/** The fingerprint of a query's result, and the dependency keys that were read for it. */
export interface ResultFingerprint {
  fingerprint: string;
  cells: readonly string[];
}

/**
 * Runs queries and records what each result was made from, so that a change of some dependency keys leads to the
 * queries whose results really changed. There are no hand-written invalidation rules: everything that a query reads is
 * recorded.
 */
export class DependencyTracking {
  readonly #shelf: EntryStoreView;
  readonly #surroundings: QueryContext;
  readonly #queries: ReadonlyMap<string, NamedQuery>;
  /** For tests of the tracking itself: queries that are not noted, so that pages which make them become stale. */
  readonly #untracked: ReadonlySet<string>;
  readonly #prints = new Map<QueryKey, ResultFingerprint>();
  readonly #questionsByCell = new Map<string, Set<QueryKey>>();
  /** Functions that drop the cached result of a query. */
  readonly #forgetKept = new Map<QueryKey, () => void>();
  /**
   * Fingerprints of cached results. Inside another result, a cached one is represented by its fingerprint instead of
   * being written out.
   */
  readonly #fingerprintOf = new WeakMap<object, string>();

  constructor(
    shelf: EntryStoreView,
    surroundings: QueryContext,
    queries: ReadonlyMap<string, NamedQuery>,
    untracked: ReadonlySet<string> = new Set(),
  ) {
    this.#shelf = shelf;
    this.#surroundings = surroundings;
    this.#queries = queries;
    this.#untracked = untracked;
  }

  /** Returns the result of a query. `noteTo` is called with the query's key and the fingerprint of its result. */
  ask<Arguments extends readonly unknown[], Answer>(
    query: Query<Arguments, Answer>,
    args: Arguments,
    noteTo: (question: QueryKey, print: ResultFingerprint) => void,
  ): Answer {
    const note = this.#untracked.has(query.name) ? () => undefined : noteTo;
    const question = JSON.stringify([query.name, ...args]);
    const kept = this.#keptOf(query);
    const known = this.#prints.get(question);
    if (known && kept?.has(question)) {
      const answer = kept.get(question);
      if (answer !== undefined) {
        note(question, known);
        return answer;
      }
    }
    const cells = new Set<string>();
    const answer = query.answer(this.#viewNoting(cells), ...args);
    const print = known ?? this.#remember(question, answer, cells);
    if (kept && typeof answer === 'object' && answer !== null) {
      kept.set(question, answer);
      this.#fingerprintOf.set(answer, print.fingerprint);
      this.#forgetKept.set(question, () => kept.delete(question));
    }
    note(question, print);
    return answer;
  }

  /** Returns the queries whose results changed, given the dependency keys that changed. */
  changedBy(cells: Iterable<string>): Set<QueryKey> {
    const affected = new Set<QueryKey>();
    for (const cell of cells) for (const question of this.#questionsByCell.get(cell) ?? []) affected.add(question);
    const before = new Map<QueryKey, string | undefined>();
    for (const question of affected) {
      before.set(question, this.#prints.get(question)?.fingerprint);
      this.forget(question);
    }
    const changed = new Set<QueryKey>();
    for (const [question, old] of before) {
      if (this.printOf(question).fingerprint !== old) changed.add(question);
    }
    return changed;
  }

  /**
   * Returns the fingerprint of a query's result; runs the query if the fingerprint is not known.
   *
   * @throws Error if no query has the name: the journal was written by another version of the code.
   */
  printOf(question: QueryKey): ResultFingerprint {
    const known = this.#prints.get(question);
    if (known) return known;
    const [name, ...args]: unknown[] = JSON.parse(question);
    const query = typeof name === 'string' ? this.#queries.get(name) : undefined;
    if (!query) throw new Error(`The journal asks ${question}, which no query answers: it is of another code version.`);
    const cells = new Set<string>();
    return this.#remember(question, query.answerTo(this.#viewNoting(cells), args), cells);
  }

  /** Takes over a fingerprint from the journal. */
  restore(question: QueryKey, print: ResultFingerprint): void {
    this.#prints.set(question, print);
    for (const cell of print.cells) this.#questionsAt(cell).add(question);
  }

  /** Drops what is known of a query, because its dependency keys changed or no page makes it any longer. */
  forget(question: QueryKey): void {
    const print = this.#prints.get(question);
    this.#prints.delete(question);
    this.#forgetKept.get(question)?.();
    this.#forgetKept.delete(question);
    for (const cell of print?.cells ?? []) {
      const questions = this.#questionsByCell.get(cell);
      questions?.delete(question);
      if (questions?.size === 0) this.#questionsByCell.delete(cell);
    }
  }

  #keptOf<Arguments extends readonly unknown[], Answer>(query: Query<Arguments, Answer>) {
    if (!query.kept) return undefined;
    let kept = query.kept.get(this);
    if (!kept) query.kept.set(this, (kept = new Map<string, Answer>()));
    return kept;
  }

  #remember(question: QueryKey, answer: unknown, cells: Set<string>): ResultFingerprint {
    const text = JSON.stringify(answer, (_key, value: unknown) =>
      typeof value === 'object' && value !== null ? (this.#fingerprintOf.get(value) ?? value) : value,
    );
    const print = { fingerprint: fingerprint(text ?? 'nothing'), cells: [...cells] };
    this.restore(question, print);
    return print;
  }

  #questionsAt(cell: string): Set<QueryKey> {
    let questions = this.#questionsByCell.get(cell);
    if (!questions) this.#questionsByCell.set(cell, (questions = new Set()));
    return questions;
  }

  #viewNoting(cells: Set<string>): View {
    const shelf = this.#shelf;
    return {
      ...this.#surroundings,
      entry(collection, key) {
        cells.add(`${collection}/${key}`);
        return shelf.entry(collection, key);
      },
      list(name) {
        cells.add(`list:${name}`);
        return shelf.list(name);
      },
      parts(name) {
        cells.add(`parts:${name}`);
        return shelf.parts(name);
      },
      sum(name) {
        cells.add(`sum:${name}`);
        return shelf.sum(name);
      },
      kin(id) {
        cells.add(relatedKey(id));
        return shelf.kin(id);
      },
      ask: (query, ...args) =>
        this.ask(query, args, (_question, print) => {
          for (const cell of print.cells) cells.add(cell);
        }),
    };
  }
}

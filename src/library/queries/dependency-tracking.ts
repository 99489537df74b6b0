import { fingerprint } from '../content/fingerprint.ts';
import { relatedKey } from '../store/related-stories.ts';
import type { NamedQuery, Query, QueryContext, View } from './query.ts';
import type { EntryStoreView } from '../store/entry-store.ts';

/** A question as the journal writes it: a JSON list of the query's name and its arguments. */
export type QueryKey = string;

/** The fingerprint of a question's answer, and the cells that were read for it. */
export interface ResultFingerprint {
  fingerprint: string;
  cells: readonly string[];
}

/**
 * Answers questions and remembers what each answer was made from, so that a change of some cells leads to the
 * questions whose answers really changed. There are no hand-written invalidation rules: whatever a query reads is noted.
 */
export class DependencyTracking {
  readonly #shelf: EntryStoreView;
  readonly #surroundings: QueryContext;
  readonly #queries: ReadonlyMap<string, NamedQuery>;
  /** For tests of the tracking itself: queries that nobody hears of being asked, so that pages must go stale. */
  readonly #untracked: ReadonlySet<string>;
  readonly #prints = new Map<QueryKey, ResultFingerprint>();
  readonly #questionsByCell = new Map<string, Set<QueryKey>>();
  /** How to forget the kept answer of a question. */
  readonly #forgetKept = new Map<QueryKey, () => void>();
  /** Fingerprints of kept answers: one inside another answer is compared by it instead of being written out. */
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

  /** The answer to a question; `noteTo` is told the question and its print. */
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

  /** The questions whose answers are no longer what they were, now that these cells have changed. */
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

  /** The print of a question, answered anew if it is not known. */
  printOf(question: QueryKey): ResultFingerprint {
    const known = this.#prints.get(question);
    if (known) return known;
    const [name, ...args]: unknown[] = JSON.parse(question);
    const query = typeof name === 'string' ? this.#queries.get(name) : undefined;
    if (!query) throw new Error(`The journal asks ${question}, which no query answers: it is of another code version.`);
    const cells = new Set<string>();
    return this.#remember(question, query.answerTo(this.#viewNoting(cells), args), cells);
  }

  /** Takes over a print from the journal. */
  restore(question: QueryKey, print: ResultFingerprint): void {
    this.#prints.set(question, print);
    for (const cell of print.cells) this.#questionsAt(cell).add(question);
  }

  /** Drops what is known of a question, because its cells changed or no page asks it any longer. */
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

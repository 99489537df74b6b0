import { KINDS, type Kind } from './queries.ts';
import { MOST, SHOWN, type QueryResult, type Contestant } from './search-trial.ts';
import { aligned, median } from './table.ts';

/** Computes a figure of a contender from its query results; undefined if there is no such figure. */
type Measure = (contestant: Contestant, answers: readonly QueryResult[]) => number | undefined;

interface Row {
  name: string;
  measure: Measure;
  /** Number of digits after the decimal point. */
  digits: number;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

function percent(part: number, whole: number): number | undefined {
  return whole > 0 ? (100 * part) / whole : undefined;
}

function correct({ query }: QueryResult, urls: readonly string[]): number {
  return urls.filter((url) => query.truth.has(url)).length;
}

/** Returns the number of entries that a query should find, at most `MOST`. */
function due({ query }: QueryResult): number {
  return Math.min(query.truth.size, MOST);
}

/** Returns which percentage of the entries that should be found was found; undefined if no entry should be found. */
function recall(answers: readonly QueryResult[]): number | undefined {
  return percent(
    sum(answers.map((answer) => Math.min(correct(answer, answer.found), due(answer)))),
    sum(answers.map(due)),
  );
}

/** Returns which percentage of the results on the first pages contains the query; undefined if there are no results. */
function precision(answers: readonly QueryResult[]): number | undefined {
  return percent(
    sum(answers.map((answer) => correct(answer, answer.shown))),
    sum(answers.map(({ shown }) => shown.length)),
  );
}

/** Returns the percentage of queries for which every entry that should be found was found. */
function complete(answers: readonly QueryResult[]): number | undefined {
  return percent(answers.filter((answer) => correct(answer, answer.found) >= due(answer)).length, answers.length);
}

/** Returns the percentage of queries from titles whose first result is the entry with that title. */
function titleFirst(answers: readonly QueryResult[]): number | undefined {
  const titled = answers.filter(({ query }) => query.titled !== undefined);
  return percent(titled.filter(({ query, shown }) => shown[0] === query.titled).length, titled.length);
}

const costs =
  (visit: QueryResult['visit'], of: 'bytes' | 'milliseconds', pick: (values: number[]) => number): Measure =>
  (_, answers) =>
    pick(answers.filter((one) => one.visit === visit).map(({ cost }) => cost[of])) / (of === 'bytes' ? 1000 : 1);
const most = (values: readonly number[]): number => Math.max(...values);

const ROWS: readonly Row[] = [
  { name: 'recall, %', measure: (_, answers) => recall(answers), digits: 1 },
  { name: 'queries with every entry found, %', measure: (_, answers) => complete(answers), digits: 1 },
  { name: `precision of the first ${SHOWN}, %`, measure: (_, answers) => precision(answers), digits: 1 },
  {
    name: 'entry with it in its title comes first, %',
    measure: (_, answers) => titleFirst(answers),
    digits: 1,
  },
  { name: 'first query, kB, median', measure: costs('first', 'bytes', median), digits: 1 },
  { name: '  most', measure: costs('first', 'bytes', most), digits: 1 },
  { name: 'later query, kB, median', measure: costs('later', 'bytes', median), digits: 1 },
  { name: '  most', measure: costs('later', 'bytes', most), digits: 1 },
  { name: 'first query, ms, median', measure: costs('first', 'milliseconds', median), digits: 0 },
  { name: 'later query, ms, median', measure: costs('later', 'milliseconds', median), digits: 0 },
  { name: 'index as sent, MB', measure: ({ index }) => index.size / 1e6, digits: 2 },
  { name: 'indexing, s', measure: ({ index }) => index.indexing / 1000, digits: 1 },
  {
    name: '  of processors, including one more story',
    measure: ({ index }) => index.taken?.processorSeconds,
    digits: 1,
  },
  { name: 'Brotli copies afterwards, s', measure: ({ index }) => index.compressing / 1000, digits: 1 },
  {
    name: 'one more story, s',
    measure: ({ index }) => (index.oneMore ?? index.indexing) / 1000,
    digits: 2,
  },
  {
    name: 'memory while indexing, MB',
    measure: ({ index }) => index.taken && index.taken.memory / 2 ** 20,
    digits: 0,
  },
];

function figure(value: number | undefined, digits: number): string {
  if (value === undefined || Number.isNaN(value)) return '–';
  return value.toLocaleString('en', { minimumFractionDigits: digits, maximumFractionDigits: digits });
}

function times(value: number | undefined, own: number | undefined): string {
  if (value === undefined || own === undefined) return '';
  return `${(value / own).toLocaleString('en', { maximumSignificantDigits: 2 })}×`;
}

/** Returns a table of every figure of every contender, with ratios to the first contender, ours. */
export function searchTable(
  contestants: readonly Contestant[],
  answers: ReadonlyMap<string, readonly QueryResult[]>,
): string {
  const lines = ROWS.map(({ name, measure, digits }) => {
    const values = contestants.map((contestant) => measure(contestant, answers.get(contestant.name) ?? []));
    return [
      name,
      ...values.flatMap((value, at) => {
        const own = at === 0 ? [] : [times(value, values[0])];
        return [figure(value, digits), ...own];
      }),
    ];
  });
  const heads = contestants.flatMap(({ name }, at) => (at === 0 ? [name] : [name, '÷ ours']));
  return aligned([['', ...heads], ...lines]);
}

/** Returns a table of recall and precision for each kind of query. */
export function kindTable(
  contestants: readonly Contestant[],
  answers: ReadonlyMap<string, readonly QueryResult[]>,
): string {
  const of = (name: string, kind: Kind): QueryResult[] =>
    (answers.get(name) ?? []).filter(({ query }) => query.kind === kind);
  const [first] = contestants;
  const lines = KINDS.map((kind) => [
    `${kind} (${of(first?.name ?? '', kind).length})`,
    ...contestants.map(({ name }) => `${figure(recall(of(name, kind)), 0)} / ${figure(precision(of(name, kind)), 0)}`),
  ]);
  return aligned([['recall / precision, %', ...contestants.map(({ name }) => name)], ...lines]);
}

/** Returns lines with the query for which each contender had to load most bytes. */
export function costliestQueries(
  contestants: readonly Contestant[],
  answers: ReadonlyMap<string, readonly QueryResult[]>,
): string {
  const lines = contestants.map(({ name }) => {
    const [costliest] = (answers.get(name) ?? []).toSorted((one, other) => other.cost.bytes - one.cost.bytes);
    if (!costliest) return `  ${name}: –`;
    const { query, visit, cost } = costliest;
    return `  ${name}: ${figure(cost.bytes / 1000, 0)} kB for “${query.text}”, ${visit} of a visit, in ${query.truth.size} entries`;
  });
  return ['Most bytes were loaded by', ...lines].join('\n');
}

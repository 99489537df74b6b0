import { KINDS, type Kind } from './questions.ts';
import { MOST, SHOWN, type Answered, type Contestant } from './search-trial.ts';
import { aligned, median } from './table.ts';

/** A figure of a contender; undefined: there is none. */
type Measure = (contestant: Contestant, answers: readonly Answered[]) => number | undefined;

interface Row {
  name: string;
  measure: Measure;
  /** Digits after the point. */
  digits: number;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

function percent(part: number, whole: number): number | undefined {
  return whole > 0 ? (100 * part) / whole : undefined;
}

function right({ question }: Answered, urls: readonly string[]): number {
  return urls.filter((url) => question.truth.has(url)).length;
}

/** What should be found of an answer, which cannot have more than the most. */
function due({ question }: Answered): number {
  return Math.min(question.truth.size, MOST);
}

/** Of all entries that should be found, those that are. */
function recall(answers: readonly Answered[]): number | undefined {
  return percent(
    sum(answers.map((answer) => Math.min(right(answer, answer.found), due(answer)))),
    sum(answers.map(due)),
  );
}

/** Of all results on the first pages, those in which it stands. */
function precision(answers: readonly Answered[]): number | undefined {
  return percent(
    sum(answers.map((answer) => right(answer, answer.shown))),
    sum(answers.map(({ shown }) => shown.length)),
  );
}

function complete(answers: readonly Answered[]): number | undefined {
  return percent(answers.filter((answer) => right(answer, answer.found) >= due(answer)).length, answers.length);
}

function titleFirst(answers: readonly Answered[]): number | undefined {
  const titled = answers.filter(({ question }) => question.titled !== undefined);
  return percent(titled.filter(({ question, shown }) => shown[0] === question.titled).length, titled.length);
}

const costs =
  (visit: Answered['visit'], of: 'bytes' | 'milliseconds', pick: (values: number[]) => number): Measure =>
  (_, answers) =>
    pick(answers.filter((one) => one.visit === visit).map(({ cost }) => cost[of])) / (of === 'bytes' ? 1000 : 1);
const most = (values: readonly number[]): number => Math.max(...values);

const ROWS: readonly Row[] = [
  { name: 'recall, %', measure: (_, answers) => recall(answers), digits: 1 },
  { name: 'questions with every entry found, %', measure: (_, answers) => complete(answers), digits: 1 },
  { name: `precision of the first ${SHOWN}, %`, measure: (_, answers) => precision(answers), digits: 1 },
  {
    name: 'entry with it in its title comes first, %',
    measure: (_, answers) => titleFirst(answers),
    digits: 1,
  },
  { name: 'first question, kB, median', measure: costs('first', 'bytes', median), digits: 1 },
  { name: '  most', measure: costs('first', 'bytes', most), digits: 1 },
  { name: 'later question, kB, median', measure: costs('later', 'bytes', median), digits: 1 },
  { name: '  most', measure: costs('later', 'bytes', most), digits: 1 },
  { name: 'first question, ms, median', measure: costs('first', 'milliseconds', median), digits: 0 },
  { name: 'later question, ms, median', measure: costs('later', 'milliseconds', median), digits: 0 },
  { name: 'index as sent, MB', measure: ({ index }) => index.size / 1e6, digits: 2 },
  { name: 'indexing, s', measure: ({ index }) => index.indexing / 1000, digits: 1 },
  {
    name: '  of processors, one more story included',
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

/** Every figure of every contender, and how many times that of the first, ours, it is. */
export function searchTable(
  contestants: readonly Contestant[],
  answers: ReadonlyMap<string, readonly Answered[]>,
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

/** Recall and precision for each kind of question. */
export function kindTable(
  contestants: readonly Contestant[],
  answers: ReadonlyMap<string, readonly Answered[]>,
): string {
  const of = (name: string, kind: Kind): Answered[] =>
    (answers.get(name) ?? []).filter(({ question }) => question.kind === kind);
  const [first] = contestants;
  const lines = KINDS.map((kind) => [
    `${kind} (${of(first?.name ?? '', kind).length})`,
    ...contestants.map(({ name }) => `${figure(recall(of(name, kind)), 0)} / ${figure(precision(of(name, kind)), 0)}`),
  ]);
  return aligned([['recall / precision, %', ...contestants.map(({ name }) => name)], ...lines]);
}

/** Which question each contender had to fetch most for. */
export function dearestQuestions(
  contestants: readonly Contestant[],
  answers: ReadonlyMap<string, readonly Answered[]>,
): string {
  const lines = contestants.map(({ name }) => {
    const [dearest] = (answers.get(name) ?? []).toSorted((one, other) => other.cost.bytes - one.cost.bytes);
    if (!dearest) return `  ${name}: –`;
    const { question, visit, cost } = dearest;
    return `  ${name}: ${figure(cost.bytes / 1000, 0)} kB for “${question.text}”, ${visit} of a visit, in ${question.truth.size} entries`;
  });
  return ['Most was fetched by', ...lines].join('\n');
}

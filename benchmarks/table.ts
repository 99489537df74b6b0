import type { Sample } from './contender.ts';

/** The middle of some numbers; NaN where there are none. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((one, other) => one - other);
  const upper = sorted[sorted.length >> 1] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[(sorted.length >> 1) - 1] ?? Number.NaN) + upper) / 2;
}

/** Lines of equal columns: the first to the left, the others to the right. */
export function aligned(rows: readonly (readonly string[])[]): string {
  const widths: number[] = [];
  for (const row of rows) row.forEach((cell, at) => (widths[at] = Math.max(widths[at] ?? 0, cell.length)));
  const line = (row: readonly string[]): string =>
    row.map((cell, at) => (at === 0 ? cell.padEnd(widths[at] ?? 0) : cell.padStart(widths[at] ?? 0))).join('  ');
  return rows.map((row) => `  ${line(row)}`.trimEnd()).join('\n');
}

/** Milliseconds with as many digits as mean something. */
export function inMilliseconds(value: number): string {
  return value.toLocaleString(
    'en',
    value < 10 ? { minimumFractionDigits: 1, maximumFractionDigits: 1 } : { maximumFractionDigits: 0 },
  );
}

/** How many times as long; two digits mean something. */
function times(ratio: number): string {
  return `${ratio.toLocaleString('en', { maximumSignificantDigits: 2 })}×`;
}

/** The samples of each row, rows in the order they first came. */
function byRow(samples: readonly Sample[]): Map<string, Sample[]> {
  const rows = new Map<string, Sample[]>();
  for (const sample of samples) rows.set(sample.row, [...(rows.get(sample.row) ?? []), sample]);
  return rows;
}

function spread(samples: readonly Sample[]): string[] {
  const values = samples.map(({ milliseconds }) => milliseconds);
  return [
    inMilliseconds(median(values)),
    `${inMilliseconds(Math.min(...values))}–${inMilliseconds(Math.max(...values))}`,
    String(values.length),
  ];
}

/** Ours: median, min–max, runs, pages, memory of the process, and where the time went. */
export function ourTable(samples: readonly Sample[], rows: readonly string[]): string {
  const found = byRow(samples);
  const lines = rows.flatMap((row) => {
    const of = found.get(row);
    if (!of) return [];
    const pages = of.flatMap((sample) => sample.pages ?? []);
    return [
      [row, ...spread(of), pages.length > 0 ? median(pages).toLocaleString('en') : '', memoryOf(of), partsOf(of)],
    ];
  });
  return aligned([
    ['With You', 'median ms', 'min–max', 'runs', 'pages', 'MB', 'of it: look+plan+render+journal'],
    ...lines,
  ]);
}

function memoryOf(samples: readonly Sample[]): string {
  const bytes = samples.flatMap(({ memory }) => memory ?? []);
  return bytes.length > 0 ? String(Math.round(median(bytes) / 2 ** 20)) : '';
}

function partsOf(samples: readonly Sample[]): string {
  const names = ['look', 'plan', 'render', 'journal'];
  if (!samples[0]?.parts) return '';
  return names.map((name) => inMilliseconds(median(samples.flatMap(({ parts }) => parts?.[name] ?? [])))).join(' + ');
}

/** Peers: median, min–max, runs, and how many times as long as each of some rows of ours. */
export function peerTable(
  samples: readonly Sample[],
  peers: readonly string[],
  ours: Readonly<Record<string, string>>,
): string {
  const found = byRow(samples);
  const middle = (row: string): number => median((found.get(row) ?? []).map(({ milliseconds }) => milliseconds));
  const lines = peers.map((peer) => [
    peer,
    ...spread(found.get(peer) ?? []),
    ...Object.values(ours).map((row) => times(middle(peer) / middle(row))),
  ]);
  return aligned([
    [
      'Peers, rebuild after the same text edit',
      'median ms',
      'min–max',
      'runs',
      ...Object.keys(ours).map((name) => `÷ ${name}`),
    ],
    ...lines,
  ]);
}

import type { Sample } from './contender.ts';

/** Returns the median of some numbers; NaN if there are none. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((one, other) => one - other);
  const upper = sorted[sorted.length >> 1] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[(sorted.length >> 1) - 1] ?? Number.NaN) + upper) / 2;
}

/** Returns a text of rows with aligned columns: the first column to the left, the others to the right. */
export function aligned(rows: readonly (readonly string[])[]): string {
  const widths: number[] = [];
  for (const row of rows) row.forEach((cell, at) => (widths[at] = Math.max(widths[at] ?? 0, cell.length)));
  const line = (row: readonly string[]): string =>
    row.map((cell, at) => (at === 0 ? cell.padEnd(widths[at] ?? 0) : cell.padStart(widths[at] ?? 0))).join('  ');
  return rows.map((row) => `  ${line(row)}`.trimEnd()).join('\n');
}

/** Formats a number of milliseconds: with one decimal below 10, otherwise as an integer. */
export function inMilliseconds(value: number): string {
  return value.toLocaleString(
    'en',
    value < 10 ? { minimumFractionDigits: 1, maximumFractionDigits: 1 } : { maximumFractionDigits: 0 },
  );
}

/** Formats a ratio with at most two significant digits, such as “2.5×”. */
function times(ratio: number): string {
  return `${ratio.toLocaleString('en', { maximumSignificantDigits: 2 })}×`;
}

/** Returns the samples by row, in the order of each row's first sample. */
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

/**
 * Returns the table of our measurements. Columns: median, min–max, number of runs, pages, memory of the process, and
 * parts of the duration.
 */
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

/**
 * Returns the table of the peers' measurements: median, min–max, number of runs, and ratios to some rows of ours. The
 * keys of `ours` are the headings of the ratios, the values the names of our rows.
 */
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

// npm run bench:growth [-- --sizes 1000,5000] [--large] [--padding 0]: what a desk costs with archives of several sizes,
// and how much more with the largest than with the smallest. --large adds 20,000 stories; --padding adds bytes to each
// of the three originals of a story.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { GrowingDesk } from './growth/growing-desk.ts';
import { aligned } from './table.ts';

const LARGE = 20_000;

const { values } = parseArgs({
  options: {
    sizes: { type: 'string', default: '1000,5000' },
    large: { type: 'boolean', default: false },
    padding: { type: 'string', default: '0' },
  },
});
const sizes = [...values.sizes.split(',').map(Number), ...(values.large ? [LARGE] : [])];
if (sizes.some((size) => !Number.isSafeInteger(size) || size < 1)) throw new Error(`--sizes ${values.sizes}`);

const measured: (readonly [number, ReadonlyMap<string, number>])[] = [];
for (const size of sizes) {
  const root = await mkdtemp(join(tmpdir(), 'with-you-growth-'));
  try {
    const rows = new Map<string, number>();
    const note = (row: string, value: number): void => {
      rows.set(row, value);
      console.error(`${size.toLocaleString('en')} stories: ${row} ${value.toFixed(3)}`);
    };
    await new GrowingDesk(root, size, Number(values.padding), note).run();
    measured.push([size, rows]);
  } finally {
    await rm(root, { recursive: true, force: true });
  }
}

const [smallest] = measured;
const largest = measured.at(-1);
const digits = (value: number | undefined): string =>
  value === undefined ? '' : value.toLocaleString('en', { maximumSignificantDigits: 3 });
const names = [...(smallest?.[1].keys() ?? [])];
console.log(
  aligned([
    ['CPU seconds unless said', ...measured.map(([size]) => size.toLocaleString('en')), 'largest : smallest'],
    ...names.map((name) => {
      const [small, large] = [smallest?.[1].get(name), largest?.[1].get(name)];
      const ratio = small && large && measured.length > 1 ? `${(large / small).toFixed(2)}` : '';
      return [name, ...measured.map(([, rows]) => digits(rows.get(name))), ratio];
    }),
  ]),
);

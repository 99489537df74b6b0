// A search in the sample content finds every entry that contains a phrase, and no other entries.
import { expect } from 'vitest';
import { Random } from '../../fixtures/random.ts';
import { seedOf } from '../../run-size.ts';
import { test } from '../driving/reader.ts';
import { sampleEntries } from '../driving/sample-content.ts';
import { inTraditional, WrittenSite } from '../driving/written.ts';

const written = new WrittenSite(new Random(seedOf('recall of the sample', 20201217)));
for (const entry of sampleEntries()) written.set(entry);

function stretches(length: number): string[] {
  return Array.from({ length: 25 }, () => written.stretch(length, written.any()));
}

const cases: [string, () => string[], (phrase: string) => string][] = [
  ['2 characters', () => stretches(2), (phrase) => phrase],
  ['3 characters', () => stretches(3), (phrase) => phrase],
  ['4 characters', () => stretches(4), (phrase) => phrase],
  ['6 characters', () => stretches(6), (phrase) => phrase],
  ['traditional', () => stretches(4), inTraditional],
  ['numbers', () => ['29', '86', '2020', '12351', '60'], (phrase) => phrase],
];

test.for(cases)(
  'every entry in which it stands is found, nothing else, and in order: %s',
  async ([, phrases, typed], { site, page }) => {
    await page.goto(`${site.origin}/search/`);
    expect(await written.mistakes(page, phrases(), typed)).toEqual([]);
  },
);

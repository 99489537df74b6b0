// The entries for the search benchmarks: the same number of entries always consists of the same entries.
import type { Entry } from './entry.ts';
import { chanceFrom, type Chance } from './prose.ts';
import { Wording } from './wording.ts';

/** Least and greatest length of a text, in 字. */
const SHORTEST = 300;
const LONGEST = 2000;

function makeEntry(chance: Chance, wording: Wording, number: number): Entry {
  const two = (from: number, to: number): string => String(chance.whole(from, to)).padStart(2, '0');
  const day = `${chance.whole(2017, 2024)}-${two(1, 12)}-${two(1, 28)}`;
  const hexadecimal = Array.from({ length: 16 }, () => chance.whole(0, 15).toString(16)).join('');
  const titles = Array.from({ length: chance.whole(1, 2) }, () => wording.clause(chance.whole(4, 9)));
  return {
    url: `/stories/${day.replaceAll('-', '')}-${String(number).padStart(6, '0')}ab/`,
    title: titles.join('，'),
    date: day,
    unit: `unit-${two(1, 30)}`,
    activity: `activity-${chance.whole(1, 7)}`,
    photo: `/photos/${hexadecimal}`,
    paragraphs: wording.paragraphs(chance.whole(SHORTEST, LONGEST)),
  };
}

/** Returns `count` entries in the order of their dates. */
export function makeEntries(count: number): Entry[] {
  const chance = chanceFrom(20210319);
  const wording = new Wording(chance);
  const entries = Array.from({ length: count }, (_, number) => makeEntry(chance, wording, number));
  return entries.sort((one, other) => (one.url < other.url ? -1 : 1));
}

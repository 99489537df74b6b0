import { expect, test } from 'vitest';
import { areAlike, LikenessIndex, type Likeness } from '../../../src/photo/judging/likeness.ts';
import { Random } from '../../fixtures/random.ts';
import { seedsOf } from '../../run-size.ts';

test.each(seedsOf('likeness index', 7))(
  'An index finds what comparing every likeness finds, after any additions and deletions (seed %i)',
  (seed) => {
    const random = new Random(seed);
    const hash = (): string => Array.from({ length: 64 }, () => random.between(0, 15).toString(16)).join('');
    const near = ({ difference, frequency }: Likeness): Likeness => ({
      difference: hash().slice(0, random.between(1, 24)) + difference.slice(24),
      frequency,
    });
    const fit = (likeness: Likeness): Likeness => ({
      difference: likeness.difference.padEnd(64, '0').slice(0, 64),
      frequency: likeness.frequency,
    });
    const index = new LikenessIndex<number>();
    const kept = new Map<number, Likeness>();
    const first = { difference: hash(), frequency: hash() };
    for (let key = 0; key < 400; key += 1) {
      const likeness = key % 3 === 0 ? fit(near(first)) : { difference: hash(), frequency: hash() };
      index.set(key, likeness);
      kept.set(key, likeness);
      if (key % 5 !== 0) continue;
      const gone = random.between(0, key);
      index.delete(gone);
      kept.delete(gone);
    }
    const expected = [...kept].filter(([, likeness]) => areAlike(likeness, first)).map(([key]) => key);
    expect(expected.length).toBeGreaterThan(20);
    expect(index.near(first).sort((one, other) => one - other)).toEqual(expected);
  },
);

import { expect, test } from 'vitest';
import { addressWithFacts, readAddress, type ResultFacts } from '../../../src/search/shared/result-url.ts';

const date = '2021-03-19';

test.each<[ResultFacts, string]>([
  [{ url: '/stories/a/', date }, '/stories/a/?date=2021-03-19'],
  [{ url: '/wishes/#w-1', date }, '/wishes/?date=2021-03-19#w-1'],
  [
    { url: '/stories/a/', date, photo: { src: '/p/1.jpg', srcset: '/p/1.avif 480w, /p/2.avif 960w' } },
    '/stories/a/?date=2021-03-19&src=%2Fp%2F1.jpg&srcset=%2Fp%2F1.avif+480w%2C+%2Fp%2F2.avif+960w',
  ],
  [
    { url: '/stories/a/', date, photo: { src: '/p/1.jpg', srcset: '' } },
    '/stories/a/?date=2021-03-19&src=%2Fp%2F1.jpg&srcset=',
  ],
])('What a result shows is written into its address and read back: %j', (facts, address) => {
  expect(addressWithFacts(facts)).toBe(address);
  expect(readAddress(address)).toEqual(facts);
});

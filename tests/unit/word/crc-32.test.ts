// The checksum of zip files, against zlib's.
import { crc32 as expected } from 'node:zlib';
import { expect, test } from 'vitest';
import { crc32 } from '../../../src/word/package/crc-32.ts';
import { Random } from '../../fixtures/random.ts';

test.each([0, 1, 2, 3, 4, 5, 7, 8, 1000, 4099])('%i bytes', (length) => {
  const random = new Random(length);
  const bytes = Uint8Array.from({ length: length + 1 }, () => random.between(0, 255)).subarray(1);
  expect(crc32(bytes)).toBe(expected(bytes));
});

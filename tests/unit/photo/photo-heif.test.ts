import { expect, test } from 'vitest';
import { isDisplayP3 } from '../../../src/photo/rules/heif-colour.ts';
import { heic, picture } from '../../fixtures/photos/samples.ts';

/** Resolves to an AVIF with a colour profile. An AVIF describes its colours in the same boxes as a HEIC. */
async function avif(profile: string): Promise<Buffer> {
  return picture(64, 64).withIccProfile(profile).avif().toBuffer();
}

/** Returns a `colr` box that contains the colour primaries as a number. */
function numbers(primaries: number): Buffer {
  return Buffer.concat([Buffer.from('\0\0\0\x13colrnclx', 'latin1'), Buffer.from([0, primaries, 0, 13, 0, 6, 128])]);
}

test('Display P3 is recognised by its profile or its number, and no other colour space is taken for it', async () => {
  expect(isDisplayP3(heic())).toBe(true);
  expect(isDisplayP3(await avif('p3'))).toBe(true);
  expect(isDisplayP3(numbers(12))).toBe(true);
  expect(isDisplayP3(await avif('srgb'))).toBe(false);
  expect(isDisplayP3(await picture(64, 64).jpeg().toBuffer())).toBe(false);
  expect(isDisplayP3(numbers(1))).toBe(false);
});

test('A truncated file does not throw, wherever it ends', () => {
  const bytes = heic().subarray(0, 2000);
  for (let length = 0; length < bytes.length; length += 7)
    expect(() => isDisplayP3(bytes.subarray(0, length))).not.toThrow();
});

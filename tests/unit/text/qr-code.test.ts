import jsQR from 'jsqr';
import sharp from 'sharp';
import { expect, test } from 'vitest';
import { QUIET_ZONE, qrPath } from '../../../src/text/qr-code.ts';

/**
 * Draws a QR code with `scale` pixels per module and reads it. Resolves to the code's text, or to undefined if it
 * cannot be read.
 */
async function read({ size, path }: { size: number; path: string }, scale: number): Promise<string | undefined> {
  const side = size + 2 * QUIET_ZONE;
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${side * scale}" height="${side * scale}" viewBox="${-QUIET_ZONE} ${-QUIET_ZONE} ${side} ${side}"><path d="${path}"/></svg>`;
  const { data, info } = await sharp(Buffer.from(svg))
    .flatten({ background: '#ffffff' })
    .ensureAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true });
  return jsQR(new Uint8ClampedArray(data), info.width, info.height)?.data;
}

test.each([
  'https://example.org/stories/20210319-213000ef/',
  'http://127.0.0.1:4321/examples/20210319-213000ef/',
  'https://和你在一起.example/故事/?a=1&b=“二”#三',
  `https://example.org/${'very-long/'.repeat(40)}`,
])('The code of %s is read back unchanged', async (address) => {
  expect(await read(qrPath(address), 4)).toBe(address);
});

test('The path fills its square and nothing beyond, in few pieces', () => {
  const { size, path } = qrPath('https://example.org/stories/20210319-213000ef/');
  expect(size).toBe(33);
  expect(path).toMatch(/^(?:M\d+ \d+h\d+v1h-\d+z)+$/u);
  // The first row contains two finder patterns: it starts and ends with seven dark modules.
  expect(path.startsWith('M0 0h7v1h-7z')).toBe(true);
  expect(path).toContain(`M${size - 7} 0h7v1h-7z`);
  expect(path.length).toBeLessThan(size * size * 8);
});

test('A code that has one module damaged in each of ten rows can still be read, at level M', async () => {
  const address = 'https://example.org/stories/20210319-213000ef/';
  const { size, path } = qrPath(address);
  const spots = Array.from({ length: 10 }, (_, n) => `M${12 + n} ${12 + n}h1v1h-1z`).join('');
  expect(await read({ size, path: path + spots }, 4)).toBe(address);
});

test('An address too long for a code is refused', () => {
  expect(() => qrPath('x'.repeat(2332))).toThrow(RangeError);
});

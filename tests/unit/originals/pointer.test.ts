// Pointers to originals are the canonical text of git-lfs, and nothing else is taken for one.
import { expect, test } from 'vitest';
import { formatPointer, parsePointer } from '../../../src/desk/originals/pointer.ts';

const HASH = '4d7a214614ab2935c943f9e0ff69d22eadbb8f32b1258daaa5e2ca24d17e2393';
/** The example in the specification of git-lfs. */
const EXAMPLE = `version https://git-lfs.github.com/spec/v1\noid sha256:${HASH}\nsize 12345\n`;

test('The example of the specification is read and written', () => {
  expect(parsePointer(Buffer.from(EXAMPLE))).toEqual({ hash: HASH, size: 12345 });
  expect(formatPointer({ hash: HASH, size: 12345 })).toBe(EXAMPLE);
});

test.for([1, 9, 10, 40 * 2 ** 20, 2 ** 40, Number.MAX_SAFE_INTEGER])(
  'A size of %i is read as it was written',
  (size) => {
    expect(parsePointer(Buffer.from(formatPointer({ hash: HASH, size })))).toEqual({ hash: HASH, size });
  },
);

test.for<[string, string | Uint8Array]>([
  ['nothing', ''],
  ['a photo', Uint8Array.of(0xff, 0xd8, 0xff, 0xe0, 0x00, 0x10)],
  ['no line end at the end', EXAMPLE.slice(0, -1)],
  ['something behind it', `${EXAMPLE}\n`],
  ['a fourth line', `${EXAMPLE}x-note yes\n`],
  ['an extension', EXAMPLE.replace('oid ', `ext-0-foo sha256:${HASH}\noid `)],
  ['something before it', ` ${EXAMPLE}`],
  ['a byte order mark', `\uFEFF${EXAMPLE}`],
  ['Windows line ends', EXAMPLE.replaceAll('\n', '\r\n')],
  ['another version', EXAMPLE.replace('v1', 'v2')],
  ['the address before the first release', EXAMPLE.replace('git-lfs.github.com', 'hawser.github.com')],
  ['without TLS', EXAMPLE.replace('https:', 'http:')],
  ['another order', `version https://git-lfs.github.com/spec/v1\nsize 12345\noid sha256:${HASH}\n`],
  ['no version', EXAMPLE.slice(EXAMPLE.indexOf('oid'))],
  ['no size', EXAMPLE.slice(0, EXAMPLE.indexOf('size'))],
  ['two sizes', `${EXAMPLE}size 12345\n`],
  ['another hash', EXAMPLE.replace('sha256', 'sha512')],
  ['a hash that is too short', EXAMPLE.replace(HASH, HASH.slice(1))],
  ['a hash that is too long', EXAMPLE.replace(HASH, `${HASH}0`)],
  ['a hash in capitals', EXAMPLE.replace(HASH, HASH.toUpperCase())],
  ['a hash with another letter', EXAMPLE.replace(HASH, `g${HASH.slice(1)}`)],
  ['two spaces', EXAMPLE.replace('size ', 'size  ')],
  ['a tab', EXAMPLE.replace('size ', 'size\t')],
  ['a space at the end of a line', EXAMPLE.replace('12345', '12345 ')],
  ['a negative size', EXAMPLE.replace('12345', '-1')],
  ['a sign', EXAMPLE.replace('12345', '+12345')],
  ['a fraction', EXAMPLE.replace('12345', '1.5')],
  ['an exponent', EXAMPLE.replace('12345', '1e5')],
  ['a leading zero', EXAMPLE.replace('12345', '012345')],
  ['an empty file, which has no pointer', EXAMPLE.replace('12345', '0')],
  ['a size beyond exact numbers', EXAMPLE.replace('12345', '9007199254740993')],
  ['a size without end', EXAMPLE.replace('12345', '9'.repeat(30))],
  ['full-width digits', EXAMPLE.replace('12345', '１２３４５')],
  ['a NUL', `${EXAMPLE}\0`],
  ['as many bytes as a pointer never has', EXAMPLE + ' '.repeat(1024)],
])('No pointer: %s', ([, text]) => {
  expect(parsePointer(typeof text === 'string' ? Buffer.from(text) : text)).toBeUndefined();
});

test.for([
  { hash: HASH, size: 0 },
  { hash: HASH, size: -1 },
  { hash: HASH, size: 1.5 },
  { hash: HASH, size: Number.NaN },
  { hash: HASH, size: 2 ** 53 },
  { hash: HASH.toUpperCase(), size: 1 },
  { hash: `${HASH}\nsize 1`, size: 1 },
])('No pointer is written to %o', (name) => {
  expect(() => formatPointer(name)).toThrow(TypeError);
});

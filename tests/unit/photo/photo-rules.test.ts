import { describe, expect, test } from 'vitest';
import { animatedPng, bitmap, isoMedia } from '../../fixtures/photos/samples.ts';
import { kindOf } from '../../../src/photo/rules/file-kind.ts';
import { FILE_LIMITS, judgeFile, judgePixels } from '../../../src/photo/rules/file-rule.ts';
import { findingLine, levelOf, type Finding } from '../../../src/photo/rules/finding.ts';
import { judgeSize } from '../../../src/photo/rules/size-rule.ts';
import { ENCODING, settingsKey, variantsOf } from '../../../src/photo/encode/variants.ts';

const limits = { longSide: 1920, shortSide: 1080 };
const bytesOf = (text: string) => Buffer.from(text);

describe('The size rule', () => {
  test.each([
    [1920, 1080],
    [1080, 1920],
    [1920, 1920],
    [4000, 1080],
  ])('accepts %i×%i', (width, height) => expect(judgeSize({ width, height }, limits)).toBeUndefined());

  test.each([
    [1919, 1080],
    [1920, 1079],
    [1080, 1919],
    [1079, 1920],
    [1900, 1900],
    [8000, 600],
  ])('refuses %i×%i', (width, height) => {
    const finding = judgeSize({ width, height }, limits);
    expect(finding).toMatchObject({ code: 'too-small', level: 'error' });
    expect(finding?.message).toBe(`照片只有 ${width}×${height} 像素，需要至少 1920×1080`);
    expect(finding?.remedy).toBe('请上传原图；经微信发送时请勾选“原图”。');
  });

  test('uses the limits of the settings', () => {
    expect(judgeSize({ width: 1000, height: 800 }, { longSide: 1000, shortSide: 800 })).toBeUndefined();
    expect(judgeSize({ width: 1920, height: 1080 }, { longSide: 2400, shortSide: 1600 })?.message).toContain(
      '2400×1600',
    );
  });
});

describe('The file rule', () => {
  test.each([
    ['nothing', '', '空的'],
    ['SVG', '<?xml version="1.0"?>\n<svg xmlns="http://www.w3.org/2000/svg"/>', 'SVG'],
    ['a web page', '\ufeff <!DOCTYPE html><title>照片</title><svg/>', '网页'],
    ['a PDF', '%PDF-1.7\n', 'PDF'],
    ['a Word file', 'PK\x03\x04\x14\0', 'Office'],
    ['a text', '照片在附件里', '文本'],
  ])('calls %s by its name', (_, text, word) => {
    const finding = judgeFile(bytesOf(text));
    expect(finding).toMatchObject({ code: 'not-an-image', level: 'error' });
    expect(finding?.message).toContain(word);
  });

  test('distinguishes bytes of an unknown kind from a text', () => {
    expect(kindOf(new Uint8Array([1, 2, 3, 0, 5]))).toEqual({ is: 'other', what: '其他文件' });
    expect(kindOf(isoMedia('isom', 'mp42'))).toMatchObject({ is: 'other' });
  });

  test.each([
    ['HEIC', isoMedia('heic', 'mif1')],
    ['HEIC', isoMedia('mif1', 'heic')],
    ['TIFF', bytesOf('II*\0....')],
    ['TIFF', bytesOf('MM\0*....')],
    ['BMP', bytesOf('BM....\0\0\0\0')],
    ['GIF', bytesOf('GIF89a....')],
    ['PSD', bytesOf('8BPS')],
  ])('names %s as unsupported and says how to export JPG', (name, bytes) => {
    const finding = judgeFile(bytes);
    expect(finding).toMatchObject({ code: 'unsupported', level: 'error' });
    expect(finding?.message).toContain(name);
    expect(finding?.remedy).toContain('JPG');
  });

  test('recognises AVIF under either major brand, and AVIF sequences', () => {
    expect(kindOf(isoMedia('avif', 'mif1', 'miaf'))).toEqual({ is: 'photo', format: 'avif', animated: false });
    expect(kindOf(isoMedia('mif1', 'avif'))).toEqual({ is: 'photo', format: 'avif', animated: false });
    expect(judgeFile(isoMedia('avis', 'avif'))?.code).toBe('animated');
  });

  test('recognises an animated PNG, and a PNG truncated in its header', () => {
    expect(judgeFile(animatedPng())?.code).toBe('animated');
    expect(judgeFile(animatedPng().subarray(0, 20))).toBeUndefined();
  });

  test('refuses more than 40 MB', () => {
    const heavy = (bytes: number) => {
      const file = Buffer.alloc(bytes);
      file.set([0xff, 0xd8, 0xff]);
      return judgeFile(file);
    };
    expect(heavy(FILE_LIMITS.bytes)).toBeUndefined();
    expect(heavy(FILE_LIMITS.bytes + 1)).toMatchObject({ code: 'too-heavy', level: 'error' });
  });

  test.each([
    [10_000, 6000, undefined],
    [10_001, 6000, 'too-many-pixels'],
    [16_000, 1080, undefined],
    [1080, 16_001, 'too-many-pixels'],
  ])('judges %i×%i pixels: %s', (width, height, code) => expect(judgePixels({ width, height })?.code).toBe(code));

  test('judges a file by its bytes alone', () => expect(judgeFile(bitmap(8, 8))).toBeUndefined());
});

describe('Findings', () => {
  const finding = (level: Finding['level']): Finding => ({
    code: 'soft',
    level,
    message: '细节偏少',
    remedy: '请换一张。',
  });

  test('have the level of the most serious one', () => {
    expect(levelOf([])).toBe('ok');
    expect(levelOf([finding('warning')])).toBe('warning');
    expect(levelOf([finding('warning'), finding('error')])).toBe('error');
  });

  test('are written as one line', () => expect(findingLine(finding('error'))).toBe('细节偏少。请换一张。'));
});

describe('Variants', () => {
  const names = (width: number, height: number) => variantsOf({ width, height }).map(({ name }) => name);

  test.each([
    [4000, 3000, ['480.avif', '800.avif', '1200.avif', '1920.avif', '1200.jpg']],
    [1920, 1080, ['480.avif', '800.avif', '1200.avif', '1920.avif', '1200.jpg']],
    [1080, 1920, ['480.avif', '800.avif', '1080.avif', '1080.jpg']],
    [1600, 1200, ['480.avif', '800.avif', '1200.avif', '1600.avif', '1200.jpg']],
    [300, 200, ['300.avif', '300.jpg']],
    [0, 0, []],
  ])('of %i×%i are never wider than the original', (width, height, expected) => {
    expect(names(width, height)).toEqual(expected);
  });

  test('keep the proportions', () => {
    expect(variantsOf({ width: 3000, height: 2001 })[0]).toEqual({
      format: 'avif',
      width: 480,
      height: 320,
      name: '480.avif',
    });
    expect(variantsOf({ width: 9000, height: 1 })[0]?.height).toBe(1);
  });
});

describe('The key of the encoder settings', () => {
  test('stays the same for the same settings', () => {
    expect(settingsKey()).toBe(settingsKey(structuredClone(ENCODING)));
    expect(settingsKey()).toMatch(/^\d+-[0-9a-f]{8}$/u);
  });

  test('differs when any setting differs', () => {
    const changed = [
      ENCODING,
      { ...ENCODING, version: ENCODING.version + 1 },
      { ...ENCODING, widths: [480, 800, 1200] },
      { ...ENCODING, avif: { ...ENCODING.avif, quality: 55 } },
      { ...ENCODING, avif: { ...ENCODING.avif, effort: 4 } },
      { ...ENCODING, jpeg: { ...ENCODING.jpeg, width: 1000 } },
      { ...ENCODING, jpeg: { ...ENCODING.jpeg, options: { ...ENCODING.jpeg.options, progressive: false } } },
    ];
    expect(new Set(changed.map((settings) => settingsKey(settings))).size).toBe(changed.length);
  });
});

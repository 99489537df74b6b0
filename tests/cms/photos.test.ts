// What the editor does with photos before and after the desk has checked them.
import { Map } from 'immutable';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { isRefused, isWaivableInAll, mergeFindings, photoAddress } from '../../src/cms/photos/finding-schema.ts';
import { jpegName } from '../../src/cms/photos/heic.ts';
import { asksForOriginal } from '../../src/cms/photos/copy-request.ts';
import { checkPhotoFile } from '../../src/cms/photos/check-file.ts';
import { withExemption, exemptionFault, exemptionOf } from '../../src/cms/photos/photo-exemption.ts';
import { FINDING_CODES, isWaivable, type Finding, type FindingCode } from '../../src/photo/rules/finding.ts';
import { canBeJudged } from '../../src/photo/judging/judgeable-size.ts';
import { judgeSize, type Size } from '../../src/photo/rules/size-rule.ts';
import { bitmap, heic, picture, sideways } from '../fixtures/photos/samples.ts';

const LIMITS = { longSide: 1920, shortSide: 1080 };

function found(code: FindingCode, level: Finding['level'] = 'error', message: string = code): Finding {
  return { code, level, message, remedy: '。' };
}

afterEach(() => {
  vi.unstubAllGlobals();
});

describe('A checked file', () => {
  const judged = found('soft', 'warning');

  /**
   * Checks a file in a simulated browser that decodes every file to a picture of `size`. Resolves to the codes of the
   * findings and the number of decodings.
   */
  async function examined(bytes: Uint8Array, size: Size): Promise<{ codes: FindingCode[]; decoded: number }> {
    const decode = vi.fn(async () => ({ ...size, close: () => undefined }));
    vi.stubGlobal('createImageBitmap', decode);
    const findings = await checkPhotoFile(new Blob([Buffer.from(bytes)]), LIMITS, () => [judged]);
    return { codes: findings.map(({ code }) => code), decoded: decode.mock.calls.length };
  }

  test('is judged at its own size, upright or turned', async () => {
    const upright = await picture(1920, 1080).jpeg().toBuffer();
    expect(await examined(upright, { width: 1920, height: 1080 })).toEqual({ codes: ['soft'], decoded: 1 });
    expect((await examined(await sideways(1920, 1080), { width: 1080, height: 1920 })).codes).toEqual(['soft']);
  });

  test('is left to the desk if the browser has reduced it, and its size is taken from the file', async () => {
    const large = await picture(4000, 3000).jpeg().toBuffer();
    expect((await examined(large, { width: 2000, height: 1500 })).codes).toEqual([]);
    expect((await examined(large, { width: 1000, height: 750 })).codes).toEqual([]);
  });

  test('is refused for its size before it is judged', async () => {
    const small = await picture(1280, 720).jpeg().toBuffer();
    expect((await examined(small, { width: 1280, height: 720 })).codes).toEqual(['too-small']);
  });

  test('is refused before it is decoded if its first bytes are enough for that', async () => {
    const huge = await picture(16, 16).jpeg().toBuffer();
    // The size is in the frame header, after the segment's length and the precision (ITU-T T.81, B.2.2).
    const frame = huge.indexOf(Buffer.from([0xff, 0xc0]));
    huge.writeUInt16BE(9000, frame + 5);
    huge.writeUInt16BE(9000, frame + 7);
    expect(await examined(huge, { width: 1, height: 1 })).toEqual({ codes: ['too-many-pixels'], decoded: 0 });
    const png = bitmap(16_000, 16_000).subarray(0, 1000);
    expect(await examined(png, { width: 1, height: 1 })).toEqual({ codes: ['too-many-pixels'], decoded: 0 });
    expect(await examined(heic(), { width: 1, height: 1 })).toEqual({ codes: ['unsupported'], decoded: 0 });
  });

  test('is left to the desk if the browser cannot decode it', async () => {
    vi.stubGlobal('createImageBitmap', async () => Promise.reject(new Error('no')));
    const bytes = await picture(1920, 1080).jpeg().toBuffer();
    expect(await checkPhotoFile(new Blob([new Uint8Array(bytes)]), LIMITS)).toEqual([]);
  });
});

test('Pictures are judged only from the size for which the rules were measured, in either orientation', () => {
  expect(canBeJudged({ width: 1920, height: 1080 })).toBe(true);
  expect(canBeJudged({ width: 1080, height: 1920 })).toBe(true);
  expect(canBeJudged({ width: 1919, height: 1080 })).toBe(false);
  expect(canBeJudged({ width: 4000, height: 1079 })).toBe(false);
});

test('A reviewer can be asked for a waiver only if every error can be waived', () => {
  const [warning, small] = [found('soft', 'warning'), found('too-small')];
  expect(isWaivableInAll([small, warning, found('enlarged')])).toBe(true);
  expect(isWaivableInAll([small, found('damaged')])).toBe(false);
  expect(isWaivableInAll([warning])).toBe(false);
  expect([isRefused([warning]), isRefused([warning, small])]).toEqual([false, true]);
  for (const code of FINDING_CODES) expect(isWaivableInAll([found(code)])).toBe(isWaivable({ code }));
});

test('If the browser and the desk have the same finding, the desk’s is shown', () => {
  const here = [found('soft', 'warning', '这里'), found('over-compressed', 'warning')];
  const desk = [found('soft', 'warning', '编辑台')];
  expect(mergeFindings(here, desk).map(({ message }) => message)).toEqual(['编辑台', 'over-compressed']);
});

test('The advice about originals in WeChat can be copied, other advice cannot', () => {
  const small = judgeSize({ width: 1280, height: 720 }, LIMITS);
  expect(small && asksForOriginal(small)).toBe(true);
  expect(asksForOriginal(found('flat', 'warning'))).toBe(false);
});

test('A photo is shown from its entry, or from the uploads', () => {
  expect(photoAddress('stories/jiefang/x', 'a b.jpg')).toBe('/api/photos/stories/jiefang/x/a%20b.jpg?as=light');
  expect(photoAddress('', 'a.jpg')).toBe('/api/photos/a.jpg?as=light');
});

test('A HEIC file gets a name in .jpg', () => {
  expect(['IMG_1.HEIC', '照片.heif', '改过名.jpg'].map(jpegName)).toEqual(['IMG_1.jpg', '照片.jpg', '改过名.jpg']);
});

test('An exemption has a reason and a name, and an empty reason removes it', () => {
  const photo = Map<string, unknown>({ src: 'a.jpg' });
  const waived = withExemption(photo, { reason: '唯一的现场照片', by: '李审核' });
  expect(waived.toJS()).toEqual({ src: 'a.jpg', exemption: { reason: '唯一的现场照片', by: '李审核' } });
  expect(exemptionOf(waived)).toEqual({ reason: '唯一的现场照片', by: '李审核' });
  expect(withExemption(waived, { reason: '', by: '李审核' })).toEqual(photo);
  expect(exemptionOf(photo)).toBeUndefined();
  expect(exemptionFault(waived)).toBeUndefined();
  expect(exemptionFault(withExemption(photo, { reason: '字'.repeat(121), by: '' }))).toBe(
    '豁免理由有 121 字，最多 120 字',
  );
});

import { describe, expect, test } from 'vitest';
import { judgePhotoFiles, namedPhotos } from '../../../src/model/photo-faults.ts';
import { noticeLimits } from '../../../src/model/rules.ts';
import type { Finding } from '../../../src/photo/rules/finding.ts';

const STORY = 'stories/jiefang/20210319-213000ef/index.md';

describe('Photo files', () => {
  const facts =
    (width: number, height: number, findings: Finding[] = []) =>
    () => {
      return { width, height, colour: '#000000', placeholder: '', findings };
    };
  const named = (src: string, exemption?: { reason: string; by: string }) => ({ src, exemption });
  const judge = (width: number, height: number) =>
    judgePhotoFiles(STORY, [named('a.jpg')], facts(width, height), noticeLimits).faults.map(({ what }) => what);

  test.each([
    [1920, 1080, []],
    [1080, 1920, []],
    [1919, 1080, ['照片只有 1919×1080 像素，需要至少 1920×1080']],
    [1920, 1079, ['照片只有 1920×1079 像素，需要至少 1920×1080']],
    [1280, 720, ['照片只有 1280×720 像素，需要至少 1920×1080']],
    [1080, 1919, ['照片只有 1080×1919 像素，需要至少 1920×1080']],
  ])('%i × %i', (width, height, expected) => expect(judge(width, height)).toEqual(expected));

  test('A missing photo is named, with its place in the list', () => {
    const { faults } = judgePhotoFiles(STORY, [undefined, named('没有.jpg')], () => undefined, noticeLimits);
    expect(faults).toMatchObject([{ field: 'photos.1.src', what: '找不到照片文件“没有.jpg”' }]);
  });

  const found = (code: Finding['code'], level: Finding['level']): Finding => ({
    code,
    level,
    message: code,
    remedy: '改。',
  });
  const enlarged = found('enlarged', 'error');
  const exemption = { reason: '老照片只有这一张', by: '李审核' };

  test.each<[string, Finding[], { exempt?: boolean; shown?: boolean }, string[], string[]]>([
    ['an error keeps the entry out', [enlarged], {}, ['enlarged'], []],
    ['a waived error is a remark', [enlarged], { exempt: true }, [], ['enlarged（李审核已豁免：老照片只有这一张）']],
    ['an error of a photo that is already published is a remark', [enlarged], { shown: true }, [], ['enlarged']],
    ['a photo that cannot be shown cannot be waived', [found('damaged', 'error')], { exempt: true }, ['damaged'], []],
    ['nor does it pass because it was published', [found('damaged', 'error')], { shown: true }, ['damaged'], []],
    ['a warning is a remark', [found('soft', 'warning')], {}, [], ['soft']],
    [
      'a warning and an error are reported separately',
      [enlarged, found('flat', 'warning')],
      {},
      ['enlarged'],
      ['flat'],
    ],
  ])('%s', (_title, findings, { exempt = false, shown = false }, faults, remarks) => {
    const photos = [named('a.jpg', exempt ? exemption : undefined)];
    const verdict = judgePhotoFiles(STORY, photos, facts(1920, 1080, findings), noticeLimits, () => shown);
    expect(verdict.faults.map(({ what }) => what)).toEqual(faults);
    expect(verdict.remarks.map(({ what }) => what)).toEqual(remarks);
  });

  test('A photo that is too small can be waived too', () => {
    const verdict = judgePhotoFiles(STORY, [named('a.jpg', exemption)], facts(1280, 720), noticeLimits);
    expect(verdict.faults).toEqual([]);
    expect(verdict.remarks).toMatchObject([{ field: 'photos.0.src', label: '第 1 张照片' }]);
  });

  test.each<[string, unknown, unknown[]]>([
    ['no photos', {}, []],
    ['no list', { photos: 'a.jpg' }, []],
    ['a path instead of a name', { photos: [{ src: '../a.jpg' }, { src: 'b.jpg' }] }, [undefined, named('b.jpg')]],
    [
      'invalid photos keep their numbers',
      { photos: [null, 7, { src: 'c.jpg' }] },
      [undefined, undefined, named('c.jpg')],
    ],
    ['an incomplete exemption', { photos: [{ src: 'a.jpg', exemption: { reason: '老照片' } }] }, [named('a.jpg')]],
    ['an exemption', { photos: [{ src: 'a.jpg', exemption }] }, [named('a.jpg', exemption)]],
  ])('Photos named in front matter: %s', (_title, data, expected) => expect(namedPhotos(data)).toEqual(expected));
});

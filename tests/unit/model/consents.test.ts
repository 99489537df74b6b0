// The rules on consents that end and on photos that are withdrawn: one definition for schema, form, faults and remarks.
import { expect, test } from 'vitest';
import { decapFields } from '../../../src/model/decap-fields.ts';
import { consentFaults, dayAfter, limitedConsents } from '../../../src/model/consents.ts';
import { parseDocumentFile } from '../../../src/model/document.ts';
import { entryAt } from '../../../src/model/entry-path.ts';
import { photo } from '../../../src/model/fields/photo.ts';
import { judgeDocument, judgePhotoCount, noticeLimits } from '../../../src/model/rules.ts';
import { markdown, photoData, storyData } from '../../fixtures/content.ts';

const FILE = 'stories/jiefang/20210401-080000aa/index.md';
const WITHDRAWN = { date: '2021-05-01', reason: '本人不愿意' };

function judged(photos: readonly unknown[]) {
  const document = parseDocumentFile(FILE, markdown(storyData('20210401-080000aa', 'jiefang', { photos })));
  const address = entryAt(FILE);
  if ('what' in document || !address) throw new Error('The fixture is wrong.');
  return judgeDocument(address, document, noticeLimits);
}

test('The form of a photo asks for the end of the consent and where it lies, and never for a withdrawal', () => {
  const fields = new Map(decapFields(photo).map((field) => [field.name, field]));
  expect(fields.get('consentUntil')).toMatchObject({ widget: 'day', label: '许可截止（选填）', required: false });
  expect(fields.get('consentNote')).toMatchObject({
    widget: 'line',
    label: '同意书存放处（选填）',
    length: { max: 60 },
  });
  expect([...fields.keys()]).not.toContain('withdrawn');
});

test.each([
  ['2021-04-30', '2021-05-01', ['photos.0.consentUntil']],
  ['2021-05-01', '2021-05-01', []],
  ['2021-05-02', '2021-05-01', []],
  ['soon', '2021-05-01', []],
  ['', '2021-05-01', []],
  [undefined, '2021-05-01', []],
])('A consent until %s is faulty on %s: %j', (consentUntil, today, fields) => {
  const found = consentFaults(FILE, { photos: [{ ...photoData('a.jpg'), consentUntil }, photoData('b.jpg')] }, today);
  expect(found.map(({ field }) => field)).toEqual(fields);
});

test('A fault names file, field, the day and what to do', () => {
  const photos = [photoData('a.jpg'), { ...photoData('b.jpg'), consentUntil: '2021-04-30' }];
  expect(consentFaults(FILE, { photos }, '2021-05-01')).toEqual([
    {
      file: FILE,
      field: 'photos.1.consentUntil',
      label: '第 2 张照片·许可截止',
      what: '肖像许可已于2021年4月30日到期',
      remedy: expect.stringContaining('换一张照片'),
    },
  ]);
});

test('The consent of a withdrawn photo does not matter any more; other faults of front matter change nothing', () => {
  const ended = { ...photoData('a.jpg'), consentUntil: '2021-04-30' };
  expect(limitedConsents({ photos: [{ ...ended, withdrawn: WITHDRAWN }, null, 7, ended] })).toEqual([
    { index: 3, src: 'a.jpg', until: '2021-04-30' },
  ]);
  for (const data of [undefined, null, 'photos', { photos: 'a.jpg' }, {}]) expect(limitedConsents(data)).toEqual([]);
});

test.each([
  [{ consentUntil: '2021-02-30' }, ['photos.0.consentUntil']],
  [{ consentUntil: '2021-02-28', consentNote: '工会档案柜三号' }, []],
  [{ consentNote: '字'.repeat(61) }, ['photos.0.consentNote']],
  [{ withdrawn: { date: '2021-05-01' } }, ['photos.0.withdrawn.reason']],
])('The schema judges %j: %j', (changes, fields) => {
  const { faults } = judged([{ ...photoData('a.jpg'), ...changes }, photoData('b.jpg')]);
  expect(faults.map(({ field }) => field)).toEqual(fields);
});

test.each([
  // shown, withdrawn, faulty, remarked
  [2, 0, false, false],
  [1, 0, true, false],
  [0, 0, true, false],
  [4, 0, true, false],
  [1, 1, false, true],
  [0, 2, false, true],
  [0, 1, true, false],
  [2, 1, false, false],
  [3, 2, false, false],
  [4, 1, true, false],
])('%i shown and %i withdrawn photos: fault %s, remark %s', (shown, withdrawn, faulty, remarked) => {
  const { faults, remarks } = judgePhotoCount(FILE, { shown, withdrawn }, noticeLimits.photo);
  expect([faults.length > 0, remarks.length > 0]).toEqual([faulty, remarked]);
});

test('A story whose photos are all withdrawn is valid, with a remark on the missing photos', () => {
  const photos = ['a.jpg', 'b.jpg'].map((src) => ({ ...photoData(src), withdrawn: WITHDRAWN }));
  const { entry, faults, remarks } = judged(photos);
  expect(faults).toEqual([]);
  expect(entry).toBeDefined();
  expect(remarks).toMatchObject([{ field: 'photos', what: '照片都已撤下，没有照片可以显示' }]);
});

test('Days are counted over the ends of months and years', () => {
  expect(dayAfter('2020-12-15', 30)).toBe('2021-01-14');
  expect(dayAfter('2020-02-28', 1)).toBe('2020-02-29');
});

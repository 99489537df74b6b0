// What photos of an entry take over from each other, and what a card says is missing.
import { List, Map } from 'immutable';
import { describe, expect, test } from 'vitest';
import { needsWork } from '../../src/cms/photos/photo-card.ts';
import { nearestBox } from '../../src/cms/photos/photo-drag.ts';
import { lengthFaults, missingFields, wordsOf } from '../../src/cms/photos/photo-fields.ts';
import {
  blankPhoto,
  CardKeys,
  photosIn,
  positionOf,
  withFile,
  withTurnedFile,
} from '../../src/cms/photos/photo-list.ts';
import {
  compareWithAbove,
  followersOf,
  withSameAsAbove,
  withSharedFields,
} from '../../src/cms/photos/same-as-above.ts';
import type { DecapMap } from '../../src/cms/widgets/widget.ts';

const TODAY = '2026-03-01';
const granted = { credit: '李岚', consent: 'granted', consentUntil: '2027-01-01', consentNote: '三号柜' };
const photo = (values: Record<string, unknown>): DecapMap => Map<string, unknown>({ src: 'a.jpg', ...values });
const list = (...photos: Record<string, unknown>[]): List<DecapMap> => List(photos.map(photo));

describe('A photo that is added', () => {
  test('takes photographer and consent, with its end and papers, from the photo above', () => {
    const added = withSharedFields(list({ ...granted, alt: '甲', caption: '乙' }), blankPhoto('b.jpg'));
    expect(added.toObject()).toMatchObject({ src: 'b.jpg', ...granted, alt: '', caption: '' });
  });

  test('takes them from the nearest photo that is not withdrawn', () => {
    const withdrawn = { credit: '赵六', consent: 'public', withdrawn: Map({ date: '2021-05-01', reason: '不愿意' }) };
    const added = withSharedFields(list(granted, withdrawn), blankPhoto('c.jpg'));
    expect(added.toObject()).toMatchObject(granted);
  });

  test.each([
    ['no photo', list()],
    ['a photo without values', list({})],
  ])('stays empty below %s', (_name, photos) => {
    expect(withSharedFields(photos, blankPhoto('b.jpg'))).toEqual(blankPhoto('b.jpg'));
  });
});

describe('A field', () => {
  const other = { credit: '王五', consent: 'public' };
  test.each([
    ['equal', granted, granted, 'credit', 'same'],
    ['equal consent', granted, granted, 'consent', 'same'],
    ['another photographer', granted, { ...granted, credit: '王五' }, 'credit', 'different'],
    ['still empty', granted, {}, 'credit', 'different'],
    ['above empty', {}, granted, 'credit', 'not comparable'],
    ['the same consent that ends at another time', granted, { ...granted, consentUntil: '' }, 'consent', 'different'],
    ['a field that follows another', granted, granted, 'consentUntil', 'not comparable'],
    ['a field that is never the same', { alt: '甲' }, { alt: '甲' }, 'alt', 'not comparable'],
  ])('is compared with the photo above: %s', (_name, above, below, name, result) => {
    expect(compareWithAbove(list(above, below), 1, name)).toBe(result);
    expect(compareWithAbove(list(above, below), 0, name)).toBe('not comparable');
  });

  test.each([
    ['those directly below with the same value', [granted, granted, granted], 0, 'credit', [1, 2]],
    ['none above', [granted, granted, granted], 2, 'credit', []],
    ['only up to the first that differs', [granted, granted, other, granted], 0, 'credit', [1]],
    ['those that are still empty', [{}, {}, {}], 0, 'consent', [1, 2]],
    ['none with another end of the consent', [granted, { ...granted, consentUntil: '' }], 0, 'consent', []],
    ['those with the same photographer only', [granted, { ...other, credit: '李岚' }], 0, 'credit', [1]],
    ['no withdrawn photo, but those below it', [granted, { ...granted, withdrawn: Map() }, granted], 0, 'credit', [2]],
    ['nothing for words', [{ alt: '甲' }, { alt: '甲' }], 0, 'alt', []],
    ['nothing behind the end', [granted], 1, 'credit', []],
  ])('is followed by %s', (_name, photos, index, name, followers) => {
    expect(followersOf(list(...photos), index, name)).toEqual(followers);
  });

  test('is made the same as above with the fields that belong to it, and no others', () => {
    const photos = withSameAsAbove(list(granted, other), 1, 'consent');
    expect(photos.get(1)?.toObject()).toMatchObject({ ...granted, credit: '王五' });
    expect(withSameAsAbove(list(granted, other), 0, 'consent')).toEqual(list(granted, other));
    expect(withSameAsAbove(list(granted, other), 5, 'consent')).toEqual(list(granted, other));
  });
});

describe('A card', () => {
  const whole = { alt: '两位律师', caption: '3 月 17 日傍晚，律师在灯下看合同', credit: '李岚', consent: 'public' };
  test.each([
    ['all there', whole, [], [], false],
    ['nothing there', {}, ['替代文字', '图片说明', '摄影', '肖像许可'], [], true],
    ['blanks', { ...whole, credit: ' \u3000' }, ['摄影'], [], true],
    ['a short caption', { ...whole, caption: '太短了' }, [], ['图片说明只有 3 字，至少 10 字'], true],
    ['an ended consent', { ...whole, consentUntil: '2026-02-28' }, [], [], true],
    ['a consent until today', { ...whole, consentUntil: TODAY }, [], [], false],
  ])('says what is missing or wrong, and is then open: %s', (_name, values, missing, wrong, open) => {
    expect(missingFields(photo(values))).toEqual(missing);
    expect(lengthFaults(photo(values))).toEqual(wrong);
    expect(needsWork({ photo: photo(values), today: TODAY })).toBe(open);
  });

  test('shows the words of a choice, and a value that is none as it is', () => {
    expect(['public', 'x', ''].map((consent) => wordsOf(photo({ consent }), 'consent'))).toEqual([
      '公开活动报道',
      'x',
      '',
    ]);
    expect(wordsOf(photo({ credit: '李岚' }), 'credit')).toBe('李岚');
  });

  test('keeps its key when its photo gets another file, and that file added again gets its own', () => {
    const keys = new CardKeys();
    const [one, other] = [keys.of('a.jpg'), keys.of('b.jpg')];
    keys.pass('a.jpg', 'c.jpg');
    expect([keys.of('c.jpg'), keys.of('b.jpg')]).toEqual([one, other]);
    expect([one, other]).not.toContain(keys.of('a.jpg'));
  });
});

test('Another file keeps the words of a photo, but no exemption', () => {
  const waived = photo({ alt: '甲', exemption: Map({ reason: '只有这一张', by: '李审核' }) });
  expect(withFile(waived, 'b.jpg').toObject()).toEqual({ src: 'b.jpg', alt: '甲' });
});

test('A turned photo keeps its words, and its exemption only if a reviewer has it turned', () => {
  const waived = photo({ alt: '甲', exemption: Map({ reason: '只有这一张', by: '李审核' }) });
  expect(withTurnedFile(waived, 'b.jpg', undefined).toObject()).toEqual({ src: 'b.jpg', alt: '甲' });
  expect(withTurnedFile(waived, 'b.jpg', '赵审核').toJS()).toEqual({
    src: 'b.jpg',
    alt: '甲',
    exemption: { reason: '只有这一张', by: '赵审核' },
  });
  expect(withTurnedFile(photo({ alt: '甲' }), 'b.jpg', '赵审核').has('exemption')).toBe(false);
});

test('Photos are read from any value', () => {
  expect([undefined, null, 'a.jpg', 7, {}, List(), List(['a.jpg', null])].map((value) => photosIn(value).size)).toEqual(
    [0, 0, 0, 0, 0, 0, 0],
  );
  expect(photosIn(List([Map({ src: 'a.jpg' }), 3])).toJS()).toEqual([{ src: 'a.jpg' }]);
  expect(['a.jpg', 'x.jpg'].map((src) => positionOf(list({}), src))).toEqual([0, -1]);
});

describe('The card below a pointer', () => {
  const box = (left: number, top: number) => ({ left, top, width: 100, height: 80 });
  const boxes = [box(0, 0), box(120, 0), box(0, 100)];
  test.each([
    [{ x: 50, y: 40 }, 0],
    [{ x: 120, y: 0 }, 1],
    [{ x: 109, y: 40 }, 0],
    [{ x: 111, y: 40 }, 1],
    [{ x: 50, y: 91 }, 2],
    [{ x: -500, y: -500 }, 0],
    [{ x: 900, y: 10 }, 1],
    [{ x: 10, y: 2000 }, 2],
  ])('is the one that contains it, or the nearest: %j', (point, position) => {
    expect(nearestBox(boxes, point)).toBe(position);
  });

  test('is none if there are no cards', () => {
    expect(nearestBox([], { x: 0, y: 0 })).toBe(-1);
  });
});

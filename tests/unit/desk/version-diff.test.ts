// What differs between two versions of an entry, in words of people: fields, photos and text.
import { expect, test } from 'vitest';
import { entryRefOf } from '../../../src/desk/domain/entry-ref.ts';
import { compareVersions, type Difference } from '../../../src/desk/history/version-diff.ts';
import type { NameOf } from '../../../src/model/value-labels.ts';
import { readVersion, type ReadVersion } from '../../../src/desk/history/version.ts';
import { markdown, photoData, storyData, type FrontMatter } from '../../fixtures/content.ts';

const ID = '20210401-080001aa';
const name = entryRefOf('stories', `jiefang/${ID}`);
const blobs = new Map([
  ['a.jpg', '1'],
  ['b.jpg', '2'],
  ['c.jpg', '3'],
]);
const NAMES: Readonly<Record<string, string>> = {
  'units/jiefang': '解放区总工会',
  'units/wenxian': '温县总工会',
  'units/wenxian-old': '温县总工会',
};
const nameOf: NameOf = (collection, key) => NAMES[`${collection}/${key}`];

function version(changes: FrontMatter = {}, body = '正文。', photos: ReadonlyMap<string, string> = blobs): ReadVersion {
  const data = storyData(ID, 'jiefang', { photos: [photoOf('a.jpg'), photoOf('b.jpg')], ...changes });
  const read = readVersion(name, { commit: '0'.repeat(40), text: markdown(data, body), photos });
  if (!read) throw new Error('There is no version.');
  return read;
}

function photoOf(src: string, changes: FrontMatter = {}): FrontMatter {
  return { ...photoData(src), caption: `志愿者在工地分绿豆汤，照片是 ${src}`, ...changes };
}

function compare(before: ReadVersion | undefined, after: ReadVersion | undefined): Difference[] {
  return compareVersions('stories', before, after, nameOf);
}

/** Returns the old and the new value of each field, as they are shown. */
function facts(differences: readonly Difference[]): unknown {
  return differences.flatMap((difference) => {
    if (difference.kind !== 'fact') return [];
    const side = (left: string): string =>
      difference.segments
        .filter(({ is }) => is !== left)
        .map(({ text }) => text)
        .join('');
    return [[difference.label, side('new'), side('gone')]];
  });
}

function photos(differences: readonly Difference[]): unknown {
  return differences.flatMap((difference) =>
    difference.kind === 'photos'
      ? [difference.photos.map(({ is, position, before, after }) => [is, position, before?.src, after?.src])]
      : [],
  );
}

test.each<[string, FrontMatter, FrontMatter, unknown]>([
  ['unchanged fields', {}, {}, []],
  ['date', { date: '2021-03-17' }, { date: '2021-03-18' }, [['日期', '2021年3月17日', '2021年3月18日']]],
  ['a date that is none', { date: '2021-03-17' }, { date: '三月' }, [['日期', '2021年3月17日', '三月']]],
  ['unit', {}, { unit: 'wenxian' }, [['单位', '解放区总工会', '温县总工会']]],
  ['unknown unit', {}, { unit: 'x' }, [['单位', '解放区总工会', 'x']]],
  [
    'two units of the same name',
    { unit: 'wenxian' },
    { unit: 'wenxian-old' },
    [['单位', '温县总工会（wenxian）', '温县总工会（wenxian-old）']],
  ],
  ['number', { volunteers: 9999 }, { volunteers: 12000 }, [['参加人次', '9999', '12,000']]],
  ['a number that is added', {}, { volunteers: 0 }, [['参加人次', '', '0']]],
  [
    'a title that looks like a date',
    { title: '2021-03-17' },
    { title: '三月十七' },
    [['标题', '2021-03-17', '三月十七']],
  ],
  ['a field that the model does not have', {}, { unknown: '甲' }, [['unknown', '', '甲']]],
])('Fields: %s', (_name, before, after, expected) => {
  expect(facts(compare(version(before), version(after)))).toEqual(expected);
});

test.each<[string, FrontMatter[], FrontMatter[], unknown]>([
  ['same', [photoOf('a.jpg')], [photoOf('a.jpg')], []],
  ['added', [photoOf('a.jpg')], [photoOf('a.jpg'), photoOf('b.jpg')], [[['new', 2, undefined, 'b.jpg']]]],
  ['taken away', [photoOf('a.jpg'), photoOf('b.jpg')], [photoOf('a.jpg')], [[['gone', 2, 'b.jpg', undefined]]]],
  [
    'other caption',
    [photoOf('a.jpg')],
    [photoOf('a.jpg', { caption: '志愿者在工地上休息了一会儿' })],
    [[['changed', 1, 'a.jpg', 'a.jpg']]],
  ],
  [
    'replaced, with its words',
    [photoOf('a.jpg'), photoOf('b.jpg')],
    [photoOf('a.jpg'), photoOf('c.jpg', { caption: photoOf('b.jpg')['caption'] })],
    [[['replaced', 2, 'b.jpg', 'c.jpg']]],
  ],
  [
    'replaced, with other words',
    [photoOf('a.jpg')],
    [photoOf('c.jpg')],
    [
      [
        ['new', 1, undefined, 'c.jpg'],
        ['gone', 1, 'a.jpg', undefined],
      ],
    ],
  ],
  ['other order', [photoOf('a.jpg'), photoOf('b.jpg')], [photoOf('b.jpg'), photoOf('a.jpg')], [[]]],
])('Photos: %s', (_name, before, after, expected) => {
  expect(photos(compare(version({ photos: before }), version({ photos: after })))).toEqual(expected);
});

test('A photo is changed if its file is another one, and its fields are compared in words', () => {
  const other = new Map([...blobs, ['a.jpg', '9']]);
  expect(photos(compare(version(), version({}, '正文。', other)))).toEqual([[['changed', 1, 'a.jpg', 'a.jpg']]]);
  const difference = compare(
    version({ photos: [photoOf('a.jpg', { consent: 'public' })] }),
    version({ photos: [photoOf('a.jpg', { consent: 'masked', consentUntil: '2021-12-31' })] }),
  ).find(({ kind }) => kind === 'photos');
  const shown = difference?.kind === 'photos' ? difference.photos[0]?.facts : [];
  expect(shown?.map(({ label, segments }) => [label, segments.map(({ text }) => text).join('|')])).toEqual([
    ['肖像许可', expect.stringMatching(/公开活动报道.*已遮挡/u)],
    ['许可截止', '2021年12月31日'],
  ]);
});

test('The body is compared as a page shows it; a file that cannot be parsed is compared as it is', () => {
  const [body] = compare(version({}, '天很热。'), version({}, '天很冷。'));
  expect(body).toMatchObject({
    kind: 'body',
    label: '正文',
    html: expect.stringMatching(/<p>天很<del>.*热.*<ins>.*冷/u),
  });
  expect(compare(version({}, '* 甲'), version({}, '- 甲'))).toMatchObject([{ kind: 'body', html: undefined }]);
  const broken = readVersion(name, { commit: '0'.repeat(40), text: '---\ntitle: [坏\n---\n', photos: blobs });
  expect(compare(version(), broken)).toMatchObject([{ kind: 'source', label: '全文' }]);
  expect(compare(undefined, version({}, '正文。')).map(({ kind }) => kind)).toContain('body');
  expect(
    compare(version(), undefined).every((one) => one.kind !== 'fact' || one.segments.every(({ is }) => is === 'gone')),
  ).toBe(true);
});

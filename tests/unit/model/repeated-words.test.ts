// Two photos of an entry with the same alternative text or caption: a remark, never a fault.
import { expect, test } from 'vitest';
import { entryAt } from '../../../src/model/entry-path.ts';
import { remarkRepeatedWords } from '../../../src/model/repeated-words.ts';
import { judgeDocument, noticeLimits } from '../../../src/model/rules.ts';
import { photoData, storyData } from '../../fixtures/content.ts';

const FILE = 'stories/jiefang/20210319-213000ef/index.md';
const [ONE, OTHER] = ['律师在灯下看合同，旁边围着三个人', '志愿者在给排队的人倒热水，天快黑了'];

const fields = (photos: unknown): string[] => remarkRepeatedWords(FILE, { photos }).map(({ field }) => field);

test.each([
  ['the same caption', [{ caption: ONE }, { caption: ONE }], ['photos.1.caption']],
  ['the same alternative text', [{ alt: ONE }, { alt: ONE }], ['photos.1.alt']],
  [
    'other words',
    [
      { alt: ONE, caption: OTHER },
      { alt: OTHER, caption: ONE },
    ],
    [],
  ],
  ['the caption of one as the text of the other', [{ caption: ONE }, { alt: ONE }], []],
  [
    'blanks of all kinds',
    [{ caption: ONE }, { caption: ` ${ONE.replace('看', ' 看\u3000\u200b')}\n` }],
    ['photos.1.caption'],
  ],
  ['full width', [{ caption: '第 2 次，AB (一)' }, { caption: '第２次，ａｂ（一）' }], ['photos.1.caption']],
  ['one other character', [{ caption: ONE }, { caption: `${ONE}。` }], []],
  ['no words', [{ caption: '', alt: ' ' }, { caption: '', alt: '\u3000' }, {}], []],
  ['three of the same', [{ alt: ONE }, { alt: ONE }, { alt: ONE }], ['photos.1.alt', 'photos.2.alt']],
  ['the first and the third', [{ alt: ONE }, { alt: OTHER }, { alt: ONE }], ['photos.2.alt']],
  ['a withdrawn photo', [{ caption: ONE, withdrawn: { date: '2021-05-01' } }, { caption: ONE }], []],
  [
    'both',
    [
      { alt: ONE, caption: OTHER },
      { alt: ONE, caption: OTHER },
    ],
    ['photos.1.alt', 'photos.1.caption'],
  ],
  ['words that are no texts', [{ alt: 7, caption: [ONE] }, { alt: 7, caption: [ONE] }, 'a.jpg', null], []],
  ['no list', { 0: { alt: ONE } }, []],
  ['no photos', undefined, []],
])('Photos are remarked if their words are equal: %s', (_name, photos, remarked) => {
  expect(fields(photos)).toEqual(remarked);
});

test('The remark says which photo, and what to do', () => {
  expect(remarkRepeatedWords(FILE, { photos: [{}, { caption: ONE }, { caption: ONE }] })).toEqual([
    {
      file: FILE,
      field: 'photos.2.caption',
      label: '第 3 张照片·图片说明',
      what: '图片说明与第 2 张照片的一样',
      remedy: '请改写其中一张，各说各的时间、地点、在做什么。',
    },
  ]);
});

test('Front matter of any kind is read', () => {
  for (const data of [undefined, null, 7, 'photos', [], {}]) expect(remarkRepeatedWords(FILE, data)).toEqual([]);
});

test('A whole entry gets the remark and no fault', () => {
  const address = entryAt(FILE);
  if (!address) throw new Error('no entry');
  const data = storyData('20210319-213000ef', 'jiefang', {
    photos: [photoData('a.jpg'), { ...photoData('a.jpg'), src: 'b.jpg' }],
  });
  const { entry, faults, remarks } = judgeDocument(address, { data, body: '正文。' }, noticeLimits);
  expect([entry?.collection, faults]).toEqual(['stories', []]);
  expect(remarks.map(({ field }) => field)).toEqual(['photos.1.alt', 'photos.1.caption']);
});

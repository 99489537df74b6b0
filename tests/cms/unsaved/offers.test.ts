// What is offered of the copies of unsaved work, and how it is compared, named and written as plain text.
import { Map } from 'immutable';
import { expect, test } from 'vitest';
import { shortened } from '../../../src/cms/unsaved/comparison.ts';
import { dataOfCopy, writtenCopy } from '../../../src/cms/unsaved/form-copy.ts';
import { mergeCopies, offersOf } from '../../../src/cms/unsaved/offers.ts';
import { plainText } from '../../../src/cms/unsaved/plain-text.ts';
import { browserWords } from '../../../src/cms/unsaved/this-browser.ts';
import type { UnsavedCopy } from '../../../src/cms/unsaved/unsaved-copy.ts';

const SAVED = { title: '保存的', unit: 'jiefang', id: '20210101-000000aa', body: '第一段。', volunteers: 120 };

function copy(id: string, data: Record<string, unknown>, more: Partial<UnsavedCopy> = {}): UnsavedCopy {
  const written = writtenCopy('stories', data);
  return {
    id,
    at: '2026-11-30T06:00:00Z',
    revision: 1,
    baseId: 'base',
    browser: 'here',
    device: '',
    ...written,
    ...more,
  };
}

const opened = { collection: 'stories', isNew: false, baseId: 'base', opened: SAVED };

test('Of the copies in both stores the later text counts, and the latest copy comes first', () => {
  const [early, late] = [copy('a', SAVED, { revision: 3 }), copy('a', { ...SAVED, title: '晚' }, { revision: 4 })];
  const other = copy('b', SAVED, { at: '2026-11-30T07:00:00Z' });
  expect(mergeCopies([early, other], [late]).map(({ id, revision }) => [id, revision])).toEqual([
    ['b', 1],
    ['a', 4],
  ]);
});

test('A copy is offered with where it was written, whether it is older, and its differences', () => {
  const changed = { ...SAVED, title: '没保存的', volunteers: 150 };
  const { offers, needless } = offersOf(opened, [copy('a', changed, { baseId: 'older', browser: 'there' })], 'here');
  expect(needless).toEqual([]);
  expect(offers).toMatchObject([{ title: '没保存的', isHere: false, isOlder: true }]);
  expect(offers[0]?.differences.map(({ label }) => label)).toEqual(['标题', '参加人次']);
  expect(offers[0]?.differences[1]?.segments).toEqual([
    { is: 'gone', text: '120' },
    { is: 'new', text: '150' },
  ]);
});

test('What is saved already, and what another copy has too, is not offered', () => {
  const changed = { ...SAVED, title: '没保存的' };
  const copies = [copy('saved', SAVED), copy('first', changed), copy('second', changed)];
  const { offers, needless } = offersOf(opened, copies, '');
  expect(offers.map(({ copy: { id } }) => id)).toEqual(['first']);
  expect(offers[0]?.isHere).toBe(false);
  expect(needless).toEqual(['saved', 'second']);
});

test('A new entry keeps the id of its own form, and is never older than what is saved', () => {
  const blank = {
    collection: 'stories',
    isNew: true,
    baseId: null,
    opened: { id: '20260101-000000zz', unit: 'jiefang' },
  };
  const { offers } = offersOf(blank, [copy('a', SAVED, { baseId: null })], 'here');
  expect(offers).toMatchObject([{ isOlder: false, data: { id: '20260101-000000zz', title: '保存的' } }]);
});

test.each([
  ['a unit', 'units', { code: 'wuzhi', name: '武陟县总工会', short: '武陟' }],
  ['an activity', 'activities', { slug: 'new-one', title: '新活动', body: '介绍。' }],
  ['a story', 'stories', { ...SAVED, photos: [{ src: 'a.jpg', alt: '“引号”：冒号' }], body: '　　第一段。\n\n- 项' }],
  ['the settings', 'site', { name: '和你在一起', contact: { phone: '1', email: 'a@example.org' } }],
])('The data of %s come back from its copy as they were', (_case, collection, data) => {
  expect(dataOfCopy(collection, writtenCopy(collection, data))).toMatchObject({
    ...data,
    ...('body' in data ? { body: data.body.trim() } : {}),
  });
});

test('A text that cannot be parsed stays as it is', () => {
  const text = '---\ntitle: [\n---\n正文\n';
  expect(writtenCopy('stories', dataOfCopy('stories', { text, key: '' })).text).toBe(text);
});

test('The plain text begins with title and body, then the other fields in words', () => {
  const data = Map<string, unknown>({ ...SAVED, place: '工地', published: '2021-01-01', _unit: '解放区' });
  const text = plainText({ place: { collection: 'stories', slug: undefined }, data });
  expect(text).toMatch(/^保存的\n\n第一段。\n\n/u);
  expect(text).toContain('地点：工地\n');
  expect(text).not.toContain('2021-01-01');
});

test('Long unchanged text is shortened to what stands beside the changes', () => {
  const long = '字'.repeat(100);
  const shown = shortened([
    { is: 'same', text: `${long}前` },
    { is: 'gone', text: long },
    { is: 'same', text: `后${long}前` },
    { is: 'new', text: '新' },
    { is: 'same', text: `后${long}` },
  ]);
  expect(shown.map(({ text }) => text.length)).toEqual([26, 100, 50, 1, 26]);
  expect(shown[2]?.text).toMatch(/^后字+……字+前$/u);
});

test.each([
  [
    'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/131.0 Safari/537.36 Edg/131.0',
    'Windows 上的 Edge',
  ],
  ['Mozilla/5.0 (Macintosh; Intel Mac OS X 14_5) AppleWebKit/605.1.15 Version/17.5 Safari/605.1.15', 'Mac 上的 Safari'],
  ['Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 MicroMessenger/8.0', 'iPhone 上的微信'],
  ['Mozilla/5.0 (Linux; Android 14; V2309A) AppleWebKit/537.36 Chrome/131.0 Mobile Safari/537.36', '安卓上的 Chrome'],
  ['Mozilla/5.0 (X11; Linux x86_64; rv:133.0) Gecko/20100101 Firefox/133.0', 'Linux 上的火狐'],
  ['curl/8', ''],
])('The browser %s is named in words', (userAgent, words) => {
  expect(browserWords(userAgent)).toBe(words);
});

// What the form of an entry lacks, and what a new entry starts with.
import { fromJS, isMap, Map } from 'immutable';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { startNewEntries } from '../../src/cms/decap/new-entry.ts';
import { judgeForm } from '../../src/cms/form/entry-verdict.ts';
import { faultWords } from '../../src/cms/form/fault-line.ts';
import { ID_PATTERN } from '../../src/model/fields/provenance.ts';
import type { CollectionName } from '../../src/model/fields/collection-names.ts';
import { noticeLimits } from '../../src/model/rules.ts';
import { storyData } from '../fixtures/content.ts';

const ID = '20210319-213000ef';

/** Returns the fields at fault in the form of an entry. `place` adds to what Decap knows about the entry. */
function lacking(name: CollectionName, data: object, place: object = { newRecord: true }): string[] {
  const entry = fromJS({ ...place, data });
  if (!isMap(entry)) throw new Error('No map.');
  const map = Map(entry.toArray().map(([key, value]) => [String(key), value] as const));
  return judgeForm(name, map, noticeLimits).faults.map(({ field }) => field);
}

test('An empty form lacks every field that review asks for, and the name of its file', () => {
  expect(lacking('stories', {}).sort()).toEqual(
    ['id', 'title', 'date', 'place', 'unit', 'activity', 'summary', 'author', 'proofreader', 'photos', 'body'].sort(),
  );
  expect(lacking('units', {})).toEqual(['code', 'name', 'short', 'kind', 'active']);
  expect(lacking('units', {}, { newRecord: false, path: 'units/jiefang.yml' })).not.toContain('code');
});

test.each<[string, object, string[]]>([
  ['a whole story', {}, []],
  ['emptied fields', { title: '', place: null }, ['title', 'place']],
  ['a number that was typed wrongly', { volunteers: '12.5' }, ['volunteers']],
  ['an emptied number', { volunteers: '' }, []],
  ['fields of Decap’s lists', { _unit: '解放区总工会', _notes: 'x' }, []],
  ['the same person as author and proofreader', { author: '甲', proofreader: '甲' }, ['proofreader']],
])('The form of %s lacks what the desk would report', (_case, changes, expected) => {
  const path = `stories/jiefang/${ID}/index.md`;
  expect(lacking('stories', { ...storyData(ID, 'jiefang'), body: '正文', ...changes }, { path })).toEqual(expected);
});

test('A file that cannot be parsed is not checked in the form', () => {
  expect(lacking('stories', { title: '读不出', _unreadable: '---' }, {})).toEqual([]);
});

test.each([
  ['标题', '缺少标题', '缺少标题。请改。'],
  ['第 2 张照片·图片说明', '缺少图片说明', '第 2 张照片：缺少图片说明。请改。'],
  ['第 1 张照片', '照片只有 1280×720 像素', '第 1 张照片：照片只有 1280×720 像素。请改。'],
  ['', '文件太长', '文件太长。请改。'],
])('A fault of “%s” names its field once', (label, what, words) => {
  expect(faultWords({ file: '', field: 'x', label, what, remedy: '请改。' })).toBe(words);
});

const drafted = z.object({ entryDraft: z.custom<Map<string, unknown>>(isMap) });

/** Returns data and other state of the draft after an action that Decap’s reducer answers with `data`. */
function startedWith(type: string, data: object): Map<string, unknown> {
  const draft = fromJS({ entry: { collection: 'stories', data }, hasChanged: false });
  return drafted.parse(startNewEntries(() => ({ entryDraft: draft }))({}, { type })).entryDraft;
}

test('A new entry has an id and counts as unchanged; a copy gets another id and keeps the rest', () => {
  const created = startedWith('DRAFT_CREATE_EMPTY', {});
  expect(created.getIn(['entry', 'data', 'id'])).toMatch(ID_PATTERN);
  expect(created.get('hasChanged')).toBe(false);
  const copied = startedWith('DRAFT_CREATE_DUPLICATE_FROM_ENTRY', { id: ID, title: '题', unit: 'wenxian' });
  expect(copied.getIn(['entry', 'data', 'id'])).not.toBe(ID);
  expect(copied.getIn(['entry', 'data', 'title'])).toBe('题');
  expect(copied.getIn(['entry', 'data', 'unit'])).toBe('wenxian');
  const opened = startedWith('DRAFT_CREATE_FROM_ENTRY', { id: ID });
  expect(opened.getIn(['entry', 'data', 'id'])).toBe(ID);
});

import { glob, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Map } from 'immutable';
import { expect, test } from 'vitest';
import { entryFormat } from '../../src/cms/decap/entry-format.ts';
import { newId, withoutDeskFields } from '../../src/cms/decap/new-entry.ts';
import { filterChoices } from '../../src/cms/widgets/reference.ts';
import { measureLine } from '../../src/cms/photos/photo-card.ts';
import { parseDocumentFile } from '../../src/model/document.ts';
import { entryAt } from '../../src/model/entry-path.ts';
import { ID_PATTERN } from '../../src/model/fields/provenance.ts';
import { judgeDocument, noticeLimits } from '../../src/model/rules.ts';

const CONTENT = join(import.meta.dirname, '../../content');

test('Reading and writing an entry in the editor keeps its meaning, for every entry of the sample', async () => {
  let seen = 0;
  for await (const file of glob('**/*.{md,yml}', { cwd: CONTENT })) {
    const address = entryAt(file);
    if (!address) continue;
    seen += 1;
    const source = await readFile(join(CONTENT, file), 'utf8');
    const format = entryFormat(address.collection);
    const written = format.toFile(format.fromFile(source));
    const [before, after] = [parseDocumentFile(file, source), parseDocumentFile(file, written)];
    if ('what' in before || 'what' in after) throw new Error(`${file} cannot be read.`);
    expect(judgeDocument(address, before, noticeLimits).entry, file).toBeDefined();
    expect(judgeDocument(address, after, noticeLimits)).toEqual(judgeDocument(address, before, noticeLimits));
    expect(after.body.trim()).toBe(before.body.trim());
    expect(format.toFile(format.fromFile(written))).toBe(written);
  }
  expect(seen).toBeGreaterThan(20);
});

test('An emptied field is left out, and a photo keeps keys that the editor does not know', () => {
  const photo = { src: 'a.jpg', alt: '', caption: '说明', exemption: { reason: '旧照', by: '王编辑' } };
  const written = entryFormat('stories').toFile({
    title: '题',
    id: '20210319-213000ef',
    place: '',
    examples: [],
    photos: [photo],
    published: '2021-03-20',
    _unit: '解放区总工会',
    body: '正文\n',
  });
  expect(written).toBe(
    '---\nid: 20210319-213000ef\ntitle: 题\nphotos:\n  - src: a.jpg\n    caption: 说明\n    exemption:\n' +
      '      reason: 旧照\n      by: 王编辑\npublished: 2021-03-20\n---\n\n正文\n',
  );
});

test('A key that is only in the path is not written, and texts that look like numbers stay texts', () => {
  expect(entryFormat('units').toFile({ code: 'jiefang', name: '123', active: false })).toBe(
    'name: "123"\nactive: false\n',
  );
});

test('A file that cannot be read is left unchanged', () => {
  const broken = '---\ntitle: [a\n---\n';
  const format = entryFormat('stories');
  expect(format.toFile(format.fromFile(broken))).toBe(broken);
});

test('An id consists of the moment and two letters', () => {
  const id = newId(new Date(2021, 2, 9, 8, 5, 3), new Uint8Array([0, 255]));
  expect(id).toBe('20210309-080503av');
  expect(id).toMatch(ID_PATTERN);
});

test('A copy of an entry does not get the keys that the desk wrote', () => {
  const entry = Map<string, unknown>({
    newRecord: true,
    collection: 'stories',
    data: Map<string, unknown>({ title: '题', published: '2021-03-20', withdrawn: Map() }),
  });
  expect(withoutDeskFields(entry)).toEqual(Map({ title: '题' }));
});

test('A list is narrowed by any part of a name or key', () => {
  const choices = [
    { value: 'jiefang', label: '解放区总工会（解放区）' },
    { value: 'water', label: '市自来水公司工会（自来水）' },
  ];
  expect(filterChoices(choices, '解放 工会').map(({ value }) => value)).toEqual(['jiefang']);
  expect(filterChoices(choices, 'WAT').map(({ value }) => value)).toEqual(['water']);
});

test('The size of a photo is given in pixels and megabytes', () => {
  expect(measureLine({ width: 4032, height: 3024, size: 3.2 * 1024 * 1024 })).toBe('4032×3024 · 3.2 MB');
});

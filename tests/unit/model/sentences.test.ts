// Sentences for editors use their words, never the codes that files contain.
import { expect, test } from 'vitest';
import { z } from 'zod';
import { collections } from '../../../src/model/collections/collections.ts';
import { decapFieldsOf, type DecapField } from '../../../src/model/decap-fields.ts';
import { collectionNames } from '../../../src/model/fields/collection-names.ts';
import { bare, fieldForms, judgeNumber } from '../../../src/model/fields/field.ts';
import { noticeLimits, judgeDocument } from '../../../src/model/rules.ts';

/** Returns all schemas below a schema, with the names of their keys. */
function parts(name: string, schema: z.core.$ZodType): { name: string; schema: z.core.$ZodType }[] {
  const inner = bare(schema);
  const own = { name, schema };
  if (inner instanceof z.ZodObject) {
    return [own, ...Object.entries<z.core.$ZodType>(inner.shape).flatMap(([key, part]) => parts(key, part))];
  }
  return inner instanceof z.ZodArray ? [own, ...parts(name, inner.def.element)] : [own];
}

const all = collectionNames.flatMap((name) => parts(name, collections[name].schema));
const options = z.array(z.object({ value: z.string() })).catch([]);
const formsOfAll = all.flatMap(({ schema }) => fieldForms.get(schema) ?? fieldForms.get(bare(schema)) ?? []);

/** Latin codes: names of keys and values of choices. */
const codes = new Set([
  ...all.map(({ name }) => name),
  ...formsOfAll.flatMap((form) => options.parse(form.options?.['options']).map(({ value }) => value)),
  'true',
  'false',
  'null',
  'undefined',
]);
// The only words that a code shares with what an editor must type or read: an address, and the name of the folder in an
// example.
const spoken = new Set(['id', 'name', 'code', 'slug']);

function codesIn(sentence: string): string[] {
  const withoutAddresses = sentence.replace(/https?:\/\/\S+|\S+@\S+/gu, '');
  return (withoutAddresses.match(/[A-Za-z]+/gu) ?? []).filter((word) => codes.has(word));
}

test('The codes are those of the model', () => {
  expect([...codes]).toEqual(expect.arrayContaining(['granted', 'county', 'unit', 'period', 'materials', 'alt']));
});

test('No label, hint or remedy of a field has a code in it', () => {
  const fields = (list: readonly DecapField[]): DecapField[] =>
    list.flatMap((field) => [field, ...fields(field.fields ?? []), ...(field.field ? fields([field.field]) : [])]);
  const shown = collectionNames.flatMap((name) => fields(decapFieldsOf(name)));
  const sentences = [
    ...formsOfAll.flatMap(({ label, hint = '', remedy }) => [label, hint, remedy]),
    ...shown.flatMap(({ label, hint = '' }) => [label, hint]),
  ];
  expect(sentences.length).toBeGreaterThan(150);
  expect(sentences.filter((sentence) => codesIn(sentence).length > 0)).toEqual([]);
});

/** Returns data in which every field of a schema has a value of the wrong kind. */
function wrong(schema: z.core.$ZodType, value: unknown): unknown {
  const inner = bare(schema);
  if (inner instanceof z.ZodObject) {
    return Object.fromEntries(
      Object.entries<z.core.$ZodType>(inner.shape).map(([key, part]) => [key, wrong(part, value)]),
    );
  }
  return inner instanceof z.ZodArray ? [wrong(inner.def.element, value)] : value;
}

test.each([undefined, null, '', '错', -1, 12.5, true, [], {}])(
  'No fault of a field with the value %j has a code in it',
  (value) => {
    for (const collection of collectionNames) {
      const address = { collection, key: '', file: '', parameters: { unit: '别处', year: '1999', id: '别的' } };
      const { faults } = judgeDocument(
        address,
        { data: wrong(collections[collection].schema, value), body: '' },
        noticeLimits,
      );
      const codesShown = faults.flatMap(({ label, what, remedy }) =>
        codesIn(`${label} ${what.replace(/“[^”]*”/gu, '')} ${remedy}`),
      );
      expect(faults.length, collection).toBeGreaterThan(0);
      expect(codesShown.filter((code) => !spoken.has(code))).toEqual([]);
    }
  },
);

test.each<[unknown, boolean, string | undefined]>([
  [0, false, undefined],
  [120, false, undefined],
  [121, false, '人次不能大于 120'],
  [-1, false, '人次不能小于 0'],
  [12.5, false, '人次写的是“12.5”，要写整数'],
  [7.5, true, undefined],
  ['12.5', false, '人次写的是“12.5”，要写整数'],
  ['1e3', false, '人次写的是“1e3”，要写整数'],
  ['几个人', true, '人次写的是“几个人”，要写数字'],
  ['120', false, '人次应是整数，不是带引号的文字'],
  ['', false, '缺少人次'],
  [undefined, false, '缺少人次'],
  [NaN, true, '人次应是数字'],
  [[], false, '人次应是整数'],
])('The number %j (with decimals: %s): %s', (value, fraction, message) => {
  expect(judgeNumber('人次', value, { min: 0, max: 120, fraction })).toBe(message);
});

test.each([undefined, null, [], '正文'])('A file whose front matter is %j lacks every field, in Chinese', (data) => {
  const address = { collection: 'summaries' as const, key: '', file: '', parameters: {} };
  const { faults } = judgeDocument(address, { data, body: '' }, noticeLimits);
  expect(faults.map(({ what }) => what)).toEqual(['缺少单位', '缺少年度', '缺少全年数字', '缺少撰稿', '缺少正文']);
});

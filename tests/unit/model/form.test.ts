import { expect, test } from 'vitest';
import { z } from 'zod';
import { collections } from '../../../src/model/collections/collections.ts';
import { pathParameters } from '../../../src/model/entry-path.ts';
import { choice, text, whole } from '../../../src/model/fields/field.ts';
import { decapFields, decapFieldsOf } from '../../../src/model/decap-fields.ts';
import { collectionNames } from '../../../src/model/fields/collection-names.ts';
import { faultsOf } from '../../../src/model/fault.ts';

test('A field added in one place is validated, has a form field and a type', () => {
  const weather = { weather: choice({ label: '天气', hint: '当天的天气。', values: { fine: '晴', rain: '雨' } }) };
  const schema = collections.stories.schema.extend(weather);

  expect(decapFields(schema).find(({ name }) => name === 'weather')).toEqual({
    name: 'weather',
    label: '天气',
    hint: '当天的天气。',
    widget: 'choice',
    required: false,
    options: [
      { value: 'fine', label: '晴' },
      { value: 'rain', label: '雨' },
    ],
  });
  const { error } = schema.safeParse({ weather: 'snow' });
  const fault = error && faultsOf('x.md', schema, error).find(({ field }) => field === 'weather');
  expect(fault).toMatchObject({
    label: '天气',
    what: '天气“snow”不在可选之列',
    remedy: '请从这些里选一个：晴、雨。',
  });
  const typed: z.output<typeof schema>['weather'] = 'rain';
  expect(schema.shape.weather.safeParse(typed).success).toBe(true);
});

test.each(collectionNames)('The editor has one field for every key of %s that an editor may write', (name) => {
  const desk = new Set(['published', 'edits', 'withdrawn', 'generation']);
  const fields = decapFieldsOf(name).map((field) => field.name);
  const expected = Object.keys(collections[name].schema.shape).filter((key) => !desk.has(key));
  const inPath = pathParameters(name).filter((parameter) => !expected.includes(parameter));
  expect(fields.filter((field) => field !== 'body').sort()).toEqual([...inPath, ...expected].sort());
  expect(fields.includes('body')).toBe('body' in collections[name]);
});

test.each([
  [
    'stories',
    ['title', 'body', 'summary', 'photos'],
    ['unit', 'activity', 'date', 'place', 'period', 'author', 'proofreader', 'id'],
    ['volunteers', 'hours', 'beneficiaries', 'examples', 'coOrganisers'],
  ],
  [
    'examples',
    ['name', 'body', 'summary', 'quote', 'photos'],
    ['unit', 'kind', 'period', 'author', 'proofreader', 'id'],
    ['activities', 'honours', 'pseudonym'],
  ],
  ['summaries', ['body'], ['unit', 'year', 'author', 'figures'], []],
  ['notices', ['title', 'body'], ['number', 'issuer', 'signed', 'printed', 'slug'], []],
  ['units', ['code', 'name', 'short', 'aliases', 'kind', 'active', 'contact'], [], []],
  ['activities', ['slug', 'title', 'order', 'tagline', 'body'], [], []],
] as const)('The form of %s has its fields on the sheet, beside it and folded', (name, sheet, facts, figures) => {
  const at = (place: string) => decapFieldsOf(name).flatMap((field) => (field.place === place ? [field.name] : []));
  expect([at('sheet'), at('facts'), at('figures')]).toEqual([sheet, facts, figures]);
  expect(decapFieldsOf(name).map((field) => field.name)).toEqual([...sheet, ...facts, ...figures]);
});

test('A form says what is optional, where options come from, and how long a text may be', () => {
  const fields = new Map(decapFieldsOf('stories').map((field) => [field.name, field]));
  expect(fields.get('title')).toMatchObject({ widget: 'line', label: '标题', length: { min: 2, max: 40 } });
  expect(fields.get('volunteers')).toMatchObject({ widget: 'figure', bounds: { min: 0, fraction: false } });
  expect(fields.get('volunteers')?.label).toMatch(/（选填）$/u);
  expect(fields.get('unit')).toMatchObject({ widget: 'entry', to: 'units' });
  expect(fields.get('coOrganisers')).toMatchObject({ widget: 'entries', to: 'units' });
  expect(fields.get('photos')).toMatchObject({ widget: 'photos' });
  expect(fields.get('body')).toMatchObject({ widget: 'body', limited: true });
});

test('A draft may be incomplete: only what determines its path and its name is required', () => {
  const required = collectionNames.map((name) => [
    name,
    decapFieldsOf(name)
      .flatMap((field) => (field.required ? [field.name] : []))
      .sort(),
  ]);
  expect(Object.fromEntries(required)).toEqual({
    activities: ['slug', 'title'],
    units: ['code', 'name'],
    stories: ['id', 'title', 'unit'],
    examples: ['id', 'name', 'unit'],
    summaries: ['unit', 'year'],
    wishes: ['id'],
    notices: ['slug', 'title'],
    site: ['name'],
  });
});

test('A field that no builder made is refused, because it would have no form field', () => {
  expect(() => decapFields(z.strictObject({ bare: z.string() }))).toThrow(/builder/u);
});

test('The remedy names the limits', () => {
  const schema = z.strictObject({
    name: text({ label: '名称', min: 2, max: 4 }),
    age: whole({ label: '年龄', max: 120 }),
  });
  const { error } = schema.safeParse({ name: '一二三四五', age: 121 });
  expect(error && faultsOf('x.md', schema, error).map(({ remedy }) => remedy)).toEqual([
    '请写 2–4 字。',
    '请填 0 到 120 之间的整数。',
  ]);
});

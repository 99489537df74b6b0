import { expect, test } from 'vitest';
import { decapConfig } from '../../src/cms/decap/config.ts';
import { entryFormat } from '../../src/cms/decap/entry-format.ts';
import { entryAt } from '../../src/model/entry-path.ts';
import { decapFieldsOf } from '../../src/model/decap-fields.ts';
import { collectionNames } from '../../src/model/fields/collection-names.ts';

const config = decapConfig({ role: 'administrator' });
const collections = new Map(config.collections.map((collection) => [collection.name, collection]));

test('Every collection of the model has a form with exactly the model’s fields, after the unsaved work and the notes', () => {
  expect([...collections.keys()].sort()).toEqual([...collectionNames].sort());
  for (const name of collectionNames) {
    const collection = collections.get(name);
    const [unsaved, notes, ...others] = collection?.fields ?? collection?.files?.[0]?.fields ?? [];
    const isMadeOfWord = ['stories', 'examples', 'summaries'].includes(name);
    const word = isMadeOfWord ? others.shift() : undefined;
    if (isMadeOfWord) expect(word).toMatchObject({ name: '_word', widget: 'word', required: false });
    expect(others).toEqual(decapFieldsOf(name));
    expect(unsaved).toMatchObject({ widget: 'unsaved', required: false });
    expect(notes).toMatchObject({ widget: 'notes', required: false });
    // Decap shows fields whose names start with an underscore, but the editor never writes them into a file.
    expect(entryFormat(name).toFile({ [notes?.name ?? '']: '批注' })).not.toContain('批注');
  }
});

test('The editor uses only the desk as its backend, with the editorial workflow', () => {
  expect(config).toMatchObject({
    backend: { name: 'union', proxy_url: '/api/v1', branch: 'main' },
    publish_mode: 'editorial_workflow',
    load_config_file: false,
    locale: 'zh_Hans',
  });
});

test.each([
  ['stories', { folder: 'stories', path: '{{unit}}/{{slug}}/index', slug: '{{fields.id}}', extension: 'md' }],
  ['examples', { folder: 'examples', path: '{{unit}}/{{slug}}/index', slug: '{{fields.id}}', extension: 'md' }],
  ['summaries', { folder: 'summaries', path: '{{unit}}/{{slug}}/index', slug: '{{fields.year}}', extension: 'md' }],
  ['wishes', { folder: 'wishes', slug: '{{fields.id}}', extension: 'yml' }],
  ['notices', { folder: 'notices', slug: '{{fields.slug}}', extension: 'md' }],
  ['units', { folder: 'units', slug: '{{fields.code}}', extension: 'yml' }],
  ['activities', { folder: 'activities', slug: '{{fields.slug}}', create: false, delete: false }],
  ['site', { files: [expect.objectContaining({ file: 'site.yml' })] }],
])('%s are stored where the model says', (name, filing) => {
  expect(collections.get(name)).toMatchObject(filing);
});

test('A path made by Decap’s templates is a path of the model', () => {
  for (const { name, folder, path, extension } of config.collections) {
    if (folder === undefined) continue;
    const filed = `${folder}/${path ?? '{{slug}}'}.${extension}`.replace(/\{\{\w+\}\}/gu, 'a');
    expect(entryAt(filed)?.collection).toBe(name);
  }
});

test('Entries that readers may have seen can be withdrawn but not deleted', () => {
  const deleted = config.collections.flatMap(({ name, delete: may }) => (may === true ? [name] : []));
  expect(deleted).toEqual(['wishes', 'notices', 'units']);
});

test.each([
  ['author', ['stories', 'examples', 'summaries', 'wishes']],
  ['reviewer', ['stories', 'examples', 'summaries', 'wishes', 'notices', 'activities']],
  ['administrator', ['stories', 'examples', 'summaries', 'wishes', 'notices', 'units', 'activities', 'site']],
] as const)('The %s is offered exactly the collections that this role may write', (role, offered) => {
  expect(decapConfig({ role, unit: 'jiefang' }).collections.map(({ name }) => name)).toEqual(offered);
});

test('An author is not offered to delete published entries', () => {
  const wishes = (role: 'author' | 'reviewer') =>
    decapConfig({ role, unit: 'jiefang' }).collections.find(({ name }) => name === 'wishes');
  expect(wishes('author')?.delete).toBe(false);
  expect(wishes('reviewer')?.delete).toBe(true);
});

// The file of names that the search box suggests (names.json).
import { afterAll, beforeAll, expect, test } from 'vitest';
import { stringify } from 'yaml';
import { WORD_EDGE, readNamesFile } from '../../src/search/suggest/name-list.ts';
import { Journal } from '../../src/render/publish/journal.ts';
import { FixtureContent, unitData, writeExample, writeGround, writeStory } from '../fixtures/content.ts';
import { SiteFolder } from '../fixtures/desk/publishing.ts';

const content = new FixtureContent();
const site = new SiteFolder();

/** Returns the parsed file of names, without the marks between words. */
const names = () => readNamesFile(JSON.parse(site.page('names.json').replaceAll(WORD_EDGE, '')));

beforeAll(async () => {
  writeGround(content, ['jiefang']);
  content.write(
    'units/qinyang.yml',
    stringify(unitData('qinyang', { name: '沁阳市总工会', short: '沁阳市', aliases: ['沁阳县总工会'] })),
  );
  content.write(
    'units/merged.yml',
    stringify(unitData('merged', { name: '市轻工工会', short: '轻工', active: false, kind: 'industry' })),
  );
  writeExample(content, '20210101-000000ex', 'qinyang', { honours: ['市劳动模范'] });
  writeExample(content, '20210102-000000ex', 'jiefang', { honours: ['市劳动模范', '大工匠'] });
  writeExample(content, '20210103-000000ex', 'jiefang', {
    honours: ['已撤回的荣誉'],
    withdrawn: { date: '2021-02-01', reason: '核实中' },
  });
  writeStory(content, '20210301-000000aa', 'qinyang');
  const publisher = await site.open(content);
  expect((await publisher.publish()).faults).toEqual([]);
  await publisher.close();
});

afterAll(() => {
  content.dispose();
  site.dispose();
});

test('It has every activity, every unit by all its names, merged units too, and the honours of published examples', () => {
  const { activity, unit, honour, readings } = names();
  expect(activity).toHaveLength(7);
  expect(unit).toEqual([
    ['jiefang', 'jiefang总工会', 'jiefang'],
    ['qinyang', '沁阳市总工会', '沁阳市', '沁阳县总工会'],
    ['merged', '市轻工工会', '轻工'],
  ]);
  // Honours that more examples have come first.
  expect(honour).toEqual(['市劳动模范', '大工匠']);
  expect(readings).toMatchObject({ qin: '沁', yang: '阳', mo: '模', mu: '模', jiang: '匠' });
});

test('It is rendered again only if an activity, a unit or an honour has changed', () => {
  const journal = new Journal(site.journal);
  const queries = new Map(journal.pages())
    .get('/names.json')
    ?.queries.map((question): unknown => JSON.parse(question)[0]);
  journal.close();
  expect(queries?.sort()).toEqual(['activities', 'honours', 'units']);
});

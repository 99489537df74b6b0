import { beforeAll, describe, expect, test } from 'vitest';
import { createReader, queries, type LibraryReader } from '../../src/library/queries/page-queries.ts';
import { EntryStore } from '../../src/library/store/entry-store.ts';
import { DependencyTracking } from '../../src/library/queries/dependency-tracking.ts';
import type { Version } from '../../src/library/content/version.ts';
import { activities } from '../../src/model/collections/activities.ts';
import { entryAt } from '../../src/model/entry-path.ts';
import type { Entry } from '../../src/model/rules.ts';
import { stories } from '../../src/model/collections/stories.ts';
import { summaries } from '../../src/model/collections/summaries.ts';
import { units } from '../../src/model/collections/units.ts';
import { storyData, summaryData, unitData, type FrontMatter } from '../fixtures/content.ts';

const store = new EntryStore();
let library: LibraryReader;

function put(file: string, entry: Entry): void {
  const address = entryAt(file);
  if (!address) throw new Error(`${file} is no entry's file.`);
  const version: Version = { address, entry, text: file, photos: [] };
  store.put(version);
}

let serial = 0;
function putStory(unit: string, date: string, changes: FrontMatter = {}): string {
  serial += 1;
  const id = `20210101-${String(serial).padStart(6, '0')}aa`;
  const data = stories.schema.parse(storyData(id, unit, { date, ...changes }));
  put(`stories/${unit}/${id}/index.md`, { collection: 'stories', data });
  return id;
}

function putSummary(unit: string, year: number, events: number, changes: FrontMatter = {}): void {
  const figures = { volunteers: 1, hours: 2, events, beneficiaries: 4 };
  const data = summaries.schema.parse({ ...summaryData(unit, year), figures, ...changes });
  put(`summaries/${unit}/${year}/index.md`, { collection: 'summaries', data });
}

const withdrawn = { date: '2021-12-01', reason: '照片授权到期' };

beforeAll(() => {
  for (const [at, slug] of ['culture', 'legal-aid', 'counselling'].entries()) {
    const data = activities.schema.parse({ title: slug, order: at + 1, tagline: slug });
    put(`activities/${slug}.md`, { collection: 'activities', data });
  }
  for (const code of ['busy', 'quiet'])
    put(`units/${code}.yml`, { collection: 'units', data: units.schema.parse(unitData(code)) });
  for (let day = 1; day <= 28; day += 1) {
    putStory('busy', `2021-05-${String(day).padStart(2, '0')}`, { volunteers: 2, hours: 0.5, activity: 'legal-aid' });
  }
  for (let day = 1; day <= 20; day += 1) putStory('busy', `2021-07-${String(day).padStart(2, '0')}`);
  putStory('busy', '2020-11-02', { activity: 'culture', beneficiaries: 7 });
  putStory('busy', '2021-08-01', { activity: 'counselling', volunteers: 1000, withdrawn });
  putSummary('busy', 2019, 19);
  putSummary('busy', 2020, 20);
  putSummary('busy', 2021, 21, { withdrawn });
  const surroundings = { origin: 'https://example.org', ownPages: [] };
  const tracking = new DependencyTracking(store, surroundings, queries);
  library = createReader((query, ...args) => tracking.ask(query, args, () => undefined), new Map());
});

describe('A unit’s record', () => {
  test('adds up its published stories, and names years and activities with their counts', () => {
    const record = library.unitRecord('busy');
    expect(record?.totals).toEqual({ stories: 49, volunteers: 56, hours: 14, beneficiaries: 7 });
    expect(record?.years).toEqual([
      { year: 2020, href: '/units/busy/2020/', count: 1 },
      { year: 2021, href: '/units/busy/2021/', count: 48 },
    ]);
    expect(record?.activities.map(({ activity, count }) => [activity.slug, count])).toEqual([
      ['legal-aid', 48],
      ['culture', 1],
    ]);
  });

  test('is undefined without stories', () => {
    expect(library.unitRecord('quiet')).toBeUndefined();
    expect(library.unitRecord('unknown')).toBeUndefined();
  });

  test('has the figures of the latest summary that is not withdrawn', () => {
    expect(library.statement('busy')).toMatchObject({
      year: 2020,
      href: '/summaries/2020/busy/',
      figures: { events: 20 },
    });
    expect(library.statement('quiet')).toBeUndefined();
  });
});

describe('The list of months', () => {
  test('has only months with stories, each with its newest few and a link to its place in the list of the year', () => {
    const months = library.monthByMonth(2021, 3);
    const days = months.map(({ month, count, href, stories: shown }) => [
      month,
      count,
      href,
      shown.map(({ date }) => date),
    ]);
    expect(days).toEqual([
      [5, 28, '/stories/2021/#m5', ['2021-05-28', '2021-05-27', '2021-05-26']],
      [7, 20, '/stories/2021/#m7', ['2021-07-20', '2021-07-19', '2021-07-18']],
    ]);
    for (const { href, stories: shown } of months) {
      const page = /\/(\d+)\/#/u.exec(href.replace('/stories/2021/', '/'))?.[1];
      const listed = library.storyPage({}, 2021, page === undefined ? undefined : Number(page))?.stories ?? [];
      expect(listed.map(({ id }) => id)).toEqual(expect.arrayContaining(shown.slice(0, 1).map(({ id }) => id)));
    }
  });

  test('links to a numbered page of the list if the month is there', () => {
    const before = putStory('quiet', '2021-01-01');
    const [january] = library.monthByMonth(2021, 3);
    const page = Number(/\/stories\/2021\/(\d+)\/#m1$/u.exec(january?.href ?? '')?.[1]);
    expect(library.storyPage({}, 2021, page)?.stories.map(({ id }) => id)).toContain(before);
  });

  test('is empty for a year without stories', () => {
    expect(library.monthByMonth(1999, 3)).toEqual([]);
  });
});

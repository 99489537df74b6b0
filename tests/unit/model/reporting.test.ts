import { expect, test } from 'vitest';
import {
  nextPeriod,
  offeredPeriods,
  periodName,
  periodsOf,
  reportOf,
  reportTable,
} from '../../../src/model/reporting.ts';

const REPORTING = [
  { month: 12, day: 15, kind: 'summary' as const },
  { month: 4, day: 15, kind: 'materials' as const },
  { month: 7, day: 15, kind: 'materials' as const },
];
const [april] = periodsOf(2021, REPORTING);

test('A year has a period for each deadline, in calendar order', () => {
  expect(periodsOf(2021, REPORTING)).toEqual([
    { id: '2021-04', kind: 'materials', deadline: '2021-04-15' },
    { id: '2021-07', kind: 'materials', deadline: '2021-07-15' },
    { id: '2021-12', kind: 'summary', deadline: '2021-12-15' },
  ]);
});

test.each([
  ['2021-01-01', '2021-04'],
  ['2021-04-15', '2021-04'],
  ['2021-04-16', '2021-07'],
  ['2021-12-15', '2021-12'],
  ['2021-12-16', '2022-04'],
])('On %s the next deadline is that of %s', (today, id) => {
  expect(nextPeriod(today, REPORTING)?.id).toBe(id);
});

test('Without deadlines there is no next period', () => {
  expect(nextPeriod('2021-04-15', [])).toBeUndefined();
});

test.each([
  ['on the last day', ['2021-04-15'], '2021-04-20', 'onTime', 1],
  ['one day late', ['2021-04-16'], '2021-04-20', 'late', 1],
  ['late and once on time', ['2021-05-01', '2021-04-02'], '2021-05-20', 'onTime', 2],
  ['not at all before the deadline', [], '2021-04-15', 'due', 0],
  ['not at all after the deadline', [], '2021-04-16', 'missing', 0],
])('The state of a unit that reports %s', (_case, days, today, state, count) => {
  if (!april) throw new Error('2021 has no period.');
  const submissions = days.map((day) => ({ unit: 'jiefang', period: '2021-04', day }));
  const others = [
    { unit: 'wenxian', period: '2021-04', day: '2021-04-01' },
    { unit: 'jiefang', period: '2021-07', day: '2021-04-01' },
  ];
  expect(reportOf('jiefang', april, [...submissions, ...others], today)).toMatchObject({ state, count });
});

test('Every unit has a line, whether it has reported or not', () => {
  const submissions = [{ unit: 'wenxian', period: '2021-04', day: '2021-04-01' }];
  const table = reportTable(['jiefang', 'wenxian'], periodsOf(2021, REPORTING), submissions, '2021-06-01');
  expect(table.map(({ unit, reports }) => [unit, ...reports.map(({ state }) => state)])).toEqual([
    ['jiefang', 'missing', 'due', 'due'],
    ['wenxian', 'onTime', 'due', 'due'],
  ]);
});

test.each([
  ['2021-04-15', '2021-04'],
  ['2021-04-16', '2021-07'],
  ['2021-07-16', '2022-04'],
])('On %s the form offers periods for materials, first the next one, %s', (today, next) => {
  const offered = offeredPeriods(today, REPORTING);
  expect(offered[0]?.id).toBe(next);
  expect(offered.every(({ kind }) => kind === 'materials')).toBe(true);
  expect(offered.map(({ id }) => id)).toEqual(
    offered
      .map(({ id }) => id)
      .sort()
      .reverse(),
  );
  expect(offered.map(({ id }) => id)).toContain('2018-07');
});

test('Without deadlines for materials the form offers no period', () => {
  expect(offeredPeriods('2021-04-15', [])).toEqual([]);
  expect(offeredPeriods('2021-04-15', [{ month: 12, day: 15, kind: 'summary' }])).toEqual([]);
});

test.each([
  ['2021-04', '2021 年 4 月典型材料，4 月 15 日截止'],
  ['2020-12', '2020 年 12 月年度总结，12 月 15 日截止'],
  ['2019-05', '2019 年 5 月'],
])('The period %s is called “%s”', (id, words) => {
  expect(periodName(id, REPORTING)).toBe(words);
});

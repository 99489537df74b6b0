// The catalogue follows the refs through kills, damage and simultaneous changes, and reads no more than what changed.
import { DatabaseSync } from 'node:sqlite';
import { renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { z } from 'zod';
import { Catalogue, CatalogueBusy } from '../../../src/desk/catalogue/catalogue.ts';
import { EntryTitles } from '../../../src/desk/catalogue/entry-titles.ts';
import { listedDrafts } from '../../../src/desk/catalogue/listed-drafts.ts';
import { Submissions } from '../../../src/desk/catalogue/submissions.ts';
import { entryRefAt } from '../../../src/desk/domain/entry-ref.ts';
import { periodsOf } from '../../../src/model/reporting.ts';
import { CatalogueTrial, contentOf, ZHAO } from '../../fixtures/catalogue/trial.ts';
import { markdown, storyData, summaryData, wishData, type FrontMatter } from '../../fixtures/content.ts';

let trial: CatalogueTrial;

const idOf = (number: number): string => `20210319-${String(number).padStart(6, '0')}ef`;
const fileOf = (number: number, unit = 'jiefang'): string => `stories/${unit}/${idOf(number)}/index.md`;
const story = (number: number, changes: FrontMatter = {}, unit = 'jiefang'): string =>
  markdown(storyData(idOf(number), unit, changes));

beforeEach(async () => {
  trial = await CatalogueTrial.make({ [fileOf(1)]: story(1), [fileOf(2)]: story(2) });
});

afterEach(async () => {
  await trial.dispose();
});

async function titles(): Promise<unknown[]> {
  const sql = "SELECT place, title FROM entries ORDER BY path = 'site.yml' DESC, path, place";
  const rows = await trial.catalogue.rows(['draft', 'main'], z.object({ place: z.string(), title: z.string() }), sql);
  return rows.map(({ place, title }) => `${place} ${title}`);
}

async function expectFromGit(): Promise<void> {
  expect(await contentOf(trial.catalogue)).toEqual(await trial.fromGit());
  expect(trial.troubles).toEqual([]);
}

/** Resolves to the number of texts that `work` reads from git. */
async function textsRead(work: () => Promise<unknown>): Promise<number> {
  const bytes = vi.spyOn(trial.repository, 'bytes');
  try {
    await work();
    return bytes.mock.calls.length;
  } finally {
    bytes.mockRestore();
  }
}

test('published entries and drafts are listed', async () => {
  await trial.save(fileOf(2), story(2, { title: '改过的标题' }));
  const stories = [`main 故事 ${idOf(1)}`, 'draft 改过的标题', `main 故事 ${idOf(2)}`];
  expect(await titles()).toEqual(['main 和你在一起', ...stories]);
});

test('a start with nothing changed reads no text, a save one', async () => {
  await trial.catalogue.complete();
  expect(await textsRead(async () => trial.reopened().then(titles))).toBe(0);
  expect(await textsRead(async () => trial.save(fileOf(3), story(3)).then(titles))).toBe(1);
});

test('a publication reads the entry that it changes', async () => {
  const draft = await trial.save(fileOf(2), story(2, { title: '新' }));
  await trial.drafts.move(draft, 'pending_publish', ZHAO);
  await titles();
  // The publication itself reads three texts of this entry.
  expect(await textsRead(async () => trial.publish(draft.name).then(titles))).toBeLessThanOrEqual(4);
  await expectFromGit();
});

test('a kill between a ref and the catalogue is repaired by the next read, and by the next start', async () => {
  await titles();
  const draft = await trial.unnoticed(async () => trial.save(fileOf(3), story(3, { title: '没有记下' })));
  expect(await titles()).toContain('draft 没有记下');
  await trial.reopened(async () => trial.unnoticed(async () => trial.publish(draft.name)));
  expect(await titles()).toContain('main 没有记下');
  expect(await titles()).not.toContain('draft 没有记下');
  await expectFromGit();
});

const DAMAGES: [string, (file: string) => void][] = [
  ['a table is lost', (file) => void new DatabaseSync(file).exec('DROP TABLE entries')],
  ['the table of words is lost', (file) => void new DatabaseSync(file).exec('DROP TABLE words')],
  ['the table of first days is lost', (file) => void new DatabaseSync(file).exec('DROP TABLE firstDays')],
  ['the file is gone', (file) => rmSync(file)],
  [
    'another file is in its place',
    (file) => {
      writeFileSync(`${file}.new`, 'something else');
      renameSync(`${file}.new`, file);
    },
  ],
  ['the file is overwritten', (file) => writeFileSync(file, 'x'.repeat(100_000))],
];

test.each(DAMAGES)('%s while the desk runs: it is made again', async (_, damage) => {
  await contentOf(trial.catalogue);
  damage(trial.file);
  await trial.save(fileOf(3), story(3));
  await expectFromGit();
});

test.each(DAMAGES)('%s while the desk is closed: it is made again', async (_, damage) => {
  await contentOf(trial.catalogue);
  await trial.reopened(() => damage(trial.file));
  await expectFromGit();
});

test('a catalogue of another version is made again', async () => {
  await contentOf(trial.catalogue);
  await trial.reopened(() => {
    const database = new DatabaseSync(trial.file);
    database.exec("UPDATE state SET value = '0' WHERE name = 'version'; UPDATE entries SET title = 'old'");
    database.close();
  });
  await expectFromGit();
});

test('values that cannot be parsed are made again', async () => {
  await trial.save(fileOf(3), story(3));
  await listedDrafts(trial.catalogue);
  const database = new DatabaseSync(trial.file);
  database.exec("UPDATE entries SET writers = '[', activities = '['");
  database.close();
  expect(await listedDrafts(trial.catalogue)).toHaveLength(1);
  await expectFromGit();
});

test('interrupted work goes on where it stopped', async () => {
  const files = Object.fromEntries(Array.from({ length: 200 }, (_, number) => [fileOf(number), story(number)]));
  await trial.reopened(async () => trial.unnoticed(async () => trial.commit(files)));
  await trial.catalogue.complete();
  const fresh = new Catalogue(trial.repository, join(trial.folder, 'second.sqlite'), { onTrouble: () => undefined });
  const bytes = vi.spyOn(trial.repository, 'bytes');
  fresh.start();
  await vi.waitUntil(() => bytes.mock.calls.length > 80);
  await fresh.close();
  const before = bytes.mock.calls.length;
  expect(before).toBeLessThan(201);
  bytes.mockRestore();
  const again = new Catalogue(trial.repository, join(trial.folder, 'second.sqlite'), { onTrouble: () => undefined });
  // The batch that was being read is read again.
  expect(await textsRead(async () => again.complete())).toBeLessThanOrEqual(201 - before + 40);
  expect(await contentOf(again)).toEqual(await trial.fromGit());
  await again.close();
});

test('a read while the catalogue is made is refused with a sentence after the time limit', async () => {
  const slow = new Catalogue(trial.repository, join(trial.folder, 'slow.sqlite'), {
    onTrouble: () => undefined,
    timeout: 0,
  });
  const refused = slow.read(['main'], () => undefined);
  await expect(refused).rejects.toThrow(CatalogueBusy);
  await expect(refused).rejects.toThrow('请过一会儿刷新页面');
  await slow.complete();
  await slow.close();
});

test('a catalogue that cannot be created names its file', () => {
  const file = join(trial.folder, 'missing', 'catalogue.sqlite');
  expect(() => new Catalogue(trial.repository, file, { onTrouble: () => undefined })).toThrow(
    /稿件目录（catalogue\.sqlite）读不出来/u,
  );
});

test('changes at the same time, and fifty drafts', async () => {
  const numbers = Array.from({ length: 50 }, (_, number) => number);
  const drafts = await Promise.all(numbers.map(async (number) => trial.save(fileOf(number), story(number))));
  expect(await listedDrafts(trial.catalogue)).toHaveLength(50);
  await Promise.all([
    ...drafts.slice(0, 10).map(async (draft) => trial.drafts.remove(draft)),
    ...drafts.slice(10, 20).map(async (draft) => trial.drafts.move(draft, 'pending_review', ZHAO)),
    ...drafts.slice(20, 30).map(async ({ name }) => trial.save(name.file, story(1, { title: '并发' }))),
    trial.publish(entryRefAt(fileOf(40))),
    titles(),
  ]);
  const listed = await listedDrafts(trial.catalogue);
  expect(listed.map(({ draft }) => draft).sort((one, other) => one.name.file.localeCompare(other.name.file))).toEqual(
    (await trial.drafts.all()).sort((one, other) => one.name.file.localeCompare(other.name.file)),
  );
  await expectFromGit();
});

test('hostile texts are described without an error', async () => {
  const long = '志'.repeat(50_000);
  const texts = [
    '',
    '\0',
    '\uD800',
    `---\ntitle: "\\0\\uD800"\nunit: "jie\\0fang"\n---\n\0`,
    story(9, { title: '"; DROP TABLE entries; --' }),
  ];
  texts.push(
    markdown(storyData(idOf(9), 'jiefang'), long),
    `---\n${'['.repeat(50_000)}\n---\n`,
    `---\ntitle: &a [*a]\n---\n`,
  );
  for (const text of texts) {
    await trial.save(fileOf(9), text);
    await expectFromGit();
  }
  expect(await listedDrafts(trial.catalogue)).toHaveLength(1);
});

test('a text that cannot be read does not hide the others, and is reported', async () => {
  await trial.catalogue.complete();
  const { bytes } = trial.repository;
  const blob = await trial.repository.write(story(7));
  vi.spyOn(trial.repository, 'bytes').mockImplementation(async (id) => {
    if (id !== blob) return bytes.call(trial.repository, id);
    const { GitUnreadable } = await import('../../../src/desk/storage/git.ts');
    throw new GitUnreadable('damaged');
  });
  await trial.save(fileOf(7), story(7));
  await trial.save(fileOf(8), story(8));
  expect((await listedDrafts(trial.catalogue)).map(({ title }) => title).sort()).toEqual([
    '故事 20210319-000008ef',
    '还没有标题',
  ]);
  expect(trial.troubles).not.toEqual([]);
  vi.restoreAllMocks();
  trial.troubles.length = 0;
  await trial.reopened();
  await expectFromGit();
});

test('titles: published, then the draft, then the deleted draft', async () => {
  const known = new EntryTitles(trial.repository, trial.drafts, trial.catalogue);
  await trial.save(fileOf(1), story(1, { title: '草稿里的' }));
  await trial.save(fileOf(3), story(3, { title: '只有草稿' }));
  await trial.drafts.remove(await trial.save(fileOf(4), story(4, { title: '已删除' })));
  const found = await known.of([fileOf(1), fileOf(3), fileOf(4), fileOf(5), 'li', fileOf(3)]);
  expect(Array.from(found, ([file, { title }]) => [file, title]).sort()).toEqual([
    [fileOf(1), `故事 ${idOf(1)}`],
    [fileOf(3), '只有草稿'],
    [fileOf(4), '已删除'],
  ]);
});

test('submissions: the first day counts, drafts only from review on, each entry once', async () => {
  const periods = periodsOf(2021, [
    { month: 4, day: 15, kind: 'materials' },
    { month: 12, day: 15, kind: 'summary' },
  ]);
  const submissions = new Submissions(trial.catalogue);
  expect(await submissions.of(periods)).toEqual([]);
  const draft = await trial.save(fileOf(3), story(3, { period: '2021-04' }));
  expect(await submissions.of(periods)).toEqual([]);
  const sent = await trial.drafts.move(draft, 'pending_review', ZHAO);
  const today = (await submissions.of(periods))[0]?.day;
  expect(await submissions.of(periods)).toEqual([{ unit: 'jiefang', period: '2021-04', day: today }]);
  const taken = await trial.drafts.move(sent, 'draft', ZHAO);
  expect(await submissions.of(periods)).toEqual([]);
  await trial.drafts.move(await trial.drafts.move(taken, 'pending_review', ZHAO), 'draft', ZHAO, '请改');
  expect(await submissions.of(periods)).toHaveLength(1);
  await trial.publish(draft.name, '2021-04-30');
  expect(await submissions.of(periods)).toEqual([{ unit: 'jiefang', period: '2021-04', day: today }]);
  await trial.withdraw(fileOf(3));
  expect(await submissions.of(periods)).toEqual([]);
  await trial.commit({
    'summaries/wenxian/2021/index.md': markdown({ ...summaryData('wenxian', 2021), published: '2021-12-01' }),
    [fileOf(5)]: story(5, { period: '2020-04', published: '2020-04-03' }),
    'wishes/20210101-000000aa.yml': stringify(wishData('20210101-000000aa', 'jiefang')),
  });
  expect(await submissions.of(periods)).toEqual([{ unit: 'wenxian', period: '2021-12', day: '2021-12-01' }]);
  expect((await submissions.years(periods)).sort()).toEqual([2020, 2021]);
  expect((await submissions.years([])).sort()).toEqual([2020]);
  // A draft whose published version counts for another period does not count as well.
  const changed = await trial.save(fileOf(5), story(5, { period: '2021-04', published: '2020-04-03' }));
  await trial.drafts.move(changed, 'pending_review', ZHAO);
  // Texts that are no periods are no years, and none of them stops the search for years.
  for (const [number, period] of ['2021~04', '2021~', '不对', '2021', ''].entries()) {
    const odd = await trial.save(fileOf(20 + number), story(20 + number, { period }));
    await trial.drafts.move(odd, 'pending_review', ZHAO);
  }
  expect(await submissions.of(periods)).toHaveLength(1);
  expect((await submissions.years(periods)).sort()).toEqual([2020, 2021]);
  await expectFromGit();
});

// Migration of a repository that was written with an older version of the content model.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { OpenDesk } from '../../../src/desk/open-desk.ts';
import { MODEL_VERSION, versionAfter } from '../../../src/model/migrations.ts';
import { entryRefAt } from '../../../src/desk/domain/entry-ref.ts';
import { DeskFolder, saveStory, storyFile, WRITER } from '../../fixtures/desk/bare-desk.ts';
import { RENAMING } from '../../fixtures/desk/migration.ts';
import { Random } from '../../fixtures/random.ts';
import { seedOf, sized } from '../../run-size.ts';

const PROGRAM = fileURLToPath(new URL('../../fixtures/desk/migrating-desk.ts', import.meta.url));
const PUBLISHED = 'stories/jiefang/20210319-213000ef/index.md';
const migrated = { migrations: [RENAMING] };

let folder: DeskFolder;
let desk: OpenDesk | undefined;

beforeEach(async () => {
  folder = new DeskFolder();
  desk = await folder.open();
});

afterEach(async () => {
  await desk?.close();
  desk = undefined;
  folder.dispose();
});

async function reopened(more: Parameters<DeskFolder['open']>[0] = {}): Promise<OpenDesk> {
  await desk?.close();
  desk = undefined;
  desk = await folder.open(more);
  return desk;
}

const refOf = (id: string): string => `refs/heads/cms/stories/jiefang/${id}`;
const textAt = (commit: string, file: string): string => folder.git('cat-file', 'blob', `${commit}:${file}`);
const refs = (): string => folder.git('for-each-ref', '--format=%(refname) %(objectname)');

/** Commits a changed file to main, as the publication by another editor does. */
async function commitToMain(file: string, text: string): Promise<void> {
  const blob = folder.gitWith(text, 'hash-object', '-w', '--stdin');
  const repository = desk?.options.repository;
  if (!repository) throw new Error('The desk is closed.');
  const head = await repository.head();
  const tree = await repository.tree(head, [{ path: file, blob }]);
  const commit = await repository.commit(tree, [head], WRITER, { subject: '发布', trailers: {} });
  await repository.move([{ ref: 'refs/heads/main', from: head, to: commit }]);
}

test('The desk’s commits contain the version of the model, the content itself does not', async () => {
  if (!desk) throw new Error('The desk is closed.');
  await saveStory(desk, '20210401-080000aa');
  for (const ref of ['main', refOf('20210401-080000aa')]) {
    expect(folder.git('log', '-1', '--format=%(trailers:key=Desk-Model,valueonly)', ref)).toBe(String(MODEL_VERSION));
  }
  expect(() => folder.git('grep', '-i', 'desk-model', 'main')).toThrow();
});

test('Opening a repository of the same version changes nothing', async () => {
  if (!desk) throw new Error('The desk is closed.');
  await saveStory(desk, '20210401-080000aa');
  const before = refs();
  await reopened();
  expect(refs()).toBe(before);
});

test('An older repository is migrated once: main in one commit, and drafts keep their states and authors', async () => {
  if (!desk) throw new Error('The desk is closed.');
  const id = '20210401-080000aa';
  const file = await saveStory(desk, id, { title: '新的故事' });
  const { drafts } = desk.options;
  await drafts.move(await drafts.require(entryRefAt(file)), 'pending_review', WRITER);
  const before = Number(folder.git('rev-list', '--count', 'main'));
  const units = textAt('main', 'units/jiefang.yml');

  const now = await reopened(migrated);
  expect(folder.git('rev-list', '--count', '--first-parent', 'main')).toBe(String(before + 1));
  expect(folder.git('log', '-1', '--format=%s|%an', 'main')).toBe('“place”改名为“spot”|编辑台');
  expect(textAt('main', PUBLISHED)).toMatch(/^spot: 工人文化宫$/mu);
  expect(textAt('main', 'units/jiefang.yml')).toBe(units);
  expect(textAt(refOf(id), file)).toMatch(/^spot: 工人文化宫$/mu);
  expect(textAt(refOf(id), file)).toContain('新的故事');
  const draft = await now.options.drafts.require(entryRefAt(file));
  expect(draft).toMatchObject({ state: 'pending_review', author: WRITER.name });
  expect(folder.git('log', '-1', '--format=%(trailers:key=Desk-By,valueonly)', refOf(id))).toBe(WRITER.login);

  const after = refs();
  await reopened(migrated);
  expect(refs()).toBe(after);
  expect(folder.faults()).toBe('');
});

test('A draft of a published entry merges as before: without a conflict unless others published it meanwhile', async () => {
  if (!desk) throw new Error('The desk is closed.');
  const { repository, editing } = desk.options;
  const edit = async (file: string, from: string, to: string) => {
    const raw = textAt('main', file).replace(from, to);
    const baseId = folder.git('rev-parse', `main:${file}`);
    const parsed = await editing.parse({ ref: entryRefAt(file), raw: `${raw}\n` }, WRITER);
    await editing.save(parsed, { baseId, subject: '修改' });
  };
  const contested = storyFile('20210320-080000aa');
  await commitToMain(contested.file, contested.raw);
  // Changes the line next to the one that the migration changes.
  await edit(PUBLISHED, 'date: 2021-03-17', 'date: 2021-03-18');
  await edit(contested.file, 'date: 2021-03-17', 'date: 2021-03-18');
  await edit('units/jiefang.yml', 'short: jiefang', 'short: 解放');
  await commitToMain(contested.file, contested.raw.replace('date: 2021-03-17', 'date: 2021-03-19'));
  expect(await repository.mergedTree('main', refOf('20210320-080000aa'))).toBeUndefined();

  const now = (await reopened(migrated)).options.repository;
  const merged = await now.mergedTree('main', refOf('20210319-213000ef'));
  expect(textAt(merged ?? '', PUBLISHED)).toMatch(/^date: 2021-03-18\nspot: /mu);
  expect(textAt(merged ?? '', contested.file)).toMatch(/^date: 2021-03-19\nspot: /mu);
  expect(await now.mergedTree('main', refOf('20210320-080000aa'))).toBeUndefined();
  const unit = await now.mergedTree('main', 'refs/heads/cms/units/jiefang');
  expect(textAt(unit ?? '', 'units/jiefang.yml')).toContain('short: 解放');
});

test('A newer repository refuses the start in a sentence, changes nothing and releases the lock', async () => {
  if (!desk) throw new Error('The desk is closed.');
  await saveStory(desk, '20210401-080000aa');
  await reopened(migrated);
  await desk.close();
  desk = undefined;
  const before = refs();
  await expect(folder.open()).rejects.toThrow(/更新版本的软件写的（内容模型第 2 版，这里只认识到第 1 版）/u);
  expect(refs()).toBe(before);
  desk = await folder.open(migrated);
});

test('A commit made by hand counts as having the version of its nearest predecessor', async () => {
  await reopened(migrated);
  const by = folder.git('commit-tree', 'main^{tree}', '-p', 'main', '-m', 'by hand');
  folder.git('update-ref', 'refs/heads/main', by);
  await reopened(migrated);
  expect(folder.git('rev-parse', 'main')).toBe(by);
});

test('After any number of kills the next start migrates the rest, and nothing twice', async () => {
  if (!desk) throw new Error('The desk is closed.');
  const ids = Array.from({ length: 12 }, (_, index) => `20210401-0800${String(index).padStart(2, '0')}aa`);
  for (const id of ids) await saveStory(desk, id);
  await desk.close();
  desk = undefined;
  const random = new Random(seedOf('killed migration', 11));
  for (let kill = 0; kill < sized({ usual: 4, long: 15 }); kill += 1) {
    const child = spawn(process.execPath, [PROGRAM, folder.data, folder.content.root], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const ended = once(child, 'close');
    await once(child.stdout, 'data');
    await pause(random.between(30, 250));
    child.kill('SIGKILL');
    await ended;
  }
  // Makes the state that a kill between git's renames leaves: main and some of the drafts are migrated, the others are
  // not.
  desk = await folder.open(migrated);
  for (const id of ids.slice(0, 3)) folder.git('update-ref', refOf(id), folder.git('rev-parse', `${refOf(id)}^`));
  await reopened(migrated);
  for (const id of ids) {
    const text = textAt(refOf(id), storyFile(id).file);
    expect(text).toMatch(/^spot: 工人文化宫$/mu);
    expect(text).not.toContain('twice');
  }
  expect(textAt('main', PUBLISHED)).toMatch(/^spot: 工人文化宫$/mu);
  expect(textAt('main', PUBLISHED)).not.toContain('twice');
  expect(folder.git('log', '--format=%s', '--grep=改名为', 'main').split('\n')).toHaveLength(1);
  expect(folder.faults()).toBe('');
});

test('Migrations with a gap in their versions are refused', () => {
  expect(() => versionAfter([{ ...RENAMING, from: 2 }])).toThrow();
  expect(versionAfter([RENAMING, { ...RENAMING, from: 2 }])).toBe(3);
});

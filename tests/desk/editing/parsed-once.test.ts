// A save parses the sent text once, in one job of a thread. All later steps use the result of that job.
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';
import { z } from 'zod';
import { decapActions } from '../../../src/desk/api/decap-actions.ts';
import { entryRefAt } from '../../../src/desk/domain/entry-ref.ts';
import { sentDocument } from '../../../src/desk/drafts/draft-jobs.ts';
import { importEntries } from '../../../src/desk/editing/import-folder.ts';
import type { OpenDesk } from '../../../src/desk/open-desk.ts';
import { MAIN } from '../../../src/desk/storage/repository.ts';
import { TextThreads } from '../../../src/desk/texts/text-threads.ts';
import { SamePictures } from '../../../src/desk/originals/same-pictures.ts';
import { FolderSource } from '../../../src/library/content/folder-source.ts';
import { ParsedYaml } from '../../../src/model/yaml.ts';
import { DeskFolder, storyFile, WRITER } from '../../fixtures/desk/bare-desk.ts';
import { FixtureContent, markdown, storyData } from '../../fixtures/content.ts';

const AUTHOR = { id: '1', login: 'zhao', name: '赵作者', role: 'author', unit: 'jiefang' } as const;
const PUBLISHED = '20210319-213000ef';

const folder = new DeskFolder();
let desk: OpenDesk;
/** Spy that records the jobs of the text threads. The jobs run as usual. */
const work = vi.spyOn(TextThreads.prototype, 'work');
/**
 * Spy that records what this thread parses. This thread must not parse texts that editors send, because it also
 * responds to readers.
 */
const parse = vi.spyOn(ParsedYaml, 'of');

beforeAll(async () => {
  desk = await folder.open();
});

afterEach(() => {
  work.mockClear();
  parse.mockClear();
});

afterAll(async () => {
  await desk.close();
  folder.dispose();
});

/** Returns the names of the jobs since the test began, without those of the catalogue, which works in the background. */
const jobs = (): string[] => work.mock.calls.map(([, name]) => name).filter((name) => name !== 'descriptions');

/** Saves a story through Decap's action. Resolves to the id of the text's blob. */
async function persist(id: string, baseId: string | null, title: string): Promise<string> {
  const { file, raw } = storyFile(id, { title });
  const dataFiles = [{ path: file, raw, baseId }];
  const { permissions } = desk.options;
  const action = decapActions(desk.options).get('persistEntry');
  const answer = await action?.perform({ dataFiles, options: {} }, permissions, () => AUTHOR);
  return z.object({ ids: z.record(z.string(), z.string()) }).parse(answer).ids[file] ?? '';
}

test('a save asks one job of the threads, a refused one the comparison, too', async () => {
  const first = await persist('20220101-000000aa', null, '第一稿');
  expect(jobs()).toEqual(['sentDocument']);
  await persist('20220101-000000aa', first, '第二稿');
  expect(jobs()).toEqual(['sentDocument', 'sentDocument']);
  await expect(persist('20220101-000000aa', first, '第三稿')).rejects.toMatchObject({ status: 409 });
  expect(jobs()).toEqual(['sentDocument', 'sentDocument', 'sentDocument', 'differing']);
  expect(parse).not.toHaveBeenCalled();
});

test('an imported entry is one job, and another that looks for withdrawn photos', async () => {
  const given = new FixtureContent();
  const { file, raw } = storyFile('20220102-000000aa');
  given.write(file, raw);
  const { repository, drafts, texts } = desk.options;
  try {
    await importEntries(
      new FolderSource(given.root),
      repository,
      drafts,
      WRITER,
      texts,
      new SamePictures(repository, undefined),
    );
  } finally {
    given.dispose();
  }
  expect(jobs()).toEqual(['sentDocument', 'withoutWithdrawn']);
});

test('the job parses the sent text once, and each stored text once', () => {
  const { file, raw } = storyFile(PUBLISHED, { title: '改过' });
  const other = storyFile(PUBLISHED, { title: '另一稿' }).raw;
  const published = storyFile(PUBLISHED).raw;
  const parsed = (stored: { published: string | undefined; base: string | undefined }): number => {
    parse.mockClear();
    expect(sentDocument({ file, raw, stored, writer: AUTHOR, lenient: false })).toHaveProperty('unit', 'jiefang');
    return parse.mock.calls.length;
  };
  expect(parsed({ published: undefined, base: undefined })).toBe(1);
  expect(parsed({ published: undefined, base: other })).toBe(2);
  expect(parsed({ published, base: published })).toBe(2);
  expect(parsed({ published, base: other })).toBe(3);
});

test('what is published between parsing and saving counts: then the text is parsed again', async () => {
  const { editing, repository } = desk.options;
  const ref = entryRefAt(storyFile(PUBLISHED).file);
  const raw = markdown(storyData(PUBLISHED, 'jiefang', { title: '改过' }));
  const parsed = await editing.parse({ ref, raw }, AUTHOR);

  const head = await repository.head();
  const blob = await repository.write(markdown(storyData(PUBLISHED, 'jiefang', { published: '2021-03-20' })));
  const tree = await repository.tree(head, [{ path: ref.file, blob }]);
  const to = await repository.commit(tree, [head], WRITER, { subject: '发布', trailers: {} });
  expect(await repository.move([{ ref: MAIN, from: head, to }])).toBe(true);

  const saved = await editing.save(parsed, { baseId: blob, subject: '保存' });
  expect((await repository.bytes(saved.blob)).toString()).toContain('published: 2021-03-20\n');
  expect(jobs()).toEqual(['sentDocument', 'sentDocument']);
});

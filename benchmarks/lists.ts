// npm run bench:lists [-- --stories 20000 --drafts 500 --runs 20]: what a page of a list and the board cost: bytes, and
// processor time of the desk and of the git processes that it starts. The catalogue fills itself from a repository.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { Catalogue } from '../src/desk/catalogue/catalogue.ts';
import { entryRefAt } from '../src/desk/domain/entry-ref.ts';
import type { Editor } from '../src/desk/domain/editor.ts';
import { Drafts } from '../src/desk/drafts/drafts.ts';
import { boardPage } from '../src/desk/pages/lists/board-page.ts';
import { entryListPage } from '../src/desk/pages/lists/entry-list-page.ts';
import { parsedListQuery } from '../src/desk/pages/lists/list-query.ts';
import { Repository } from '../src/desk/storage/repository.ts';
import { TextThreads } from '../src/desk/texts/text-threads.ts';
import { FolderSource } from '../src/library/content/folder-source.ts';
import { Library } from '../src/library/library.ts';
import { openStore } from '../src/photo/store/store.ts';
import { PhotoFiles } from '../src/render/publish/photo-files.ts';
import { laterStory, makeStories, storyFolder, writeContent, type Story } from './corpus.ts';
import { publishedText } from './growth/archive.ts';
import { aligned, median } from './table.ts';

const { values } = parseArgs({
  options: {
    stories: { type: 'string', default: '20000' },
    drafts: { type: 'string', default: '500' },
    runs: { type: 'string', default: '20' },
  },
});
const [count, draftCount, runs] = [Number(values.stories), Number(values.drafts), Number(values.runs)];

/** Units of a clock tick in `/proc/PID/stat`, in milliseconds: Linux reports processor time in hundredths of a second. */
const TICK = 10;

/** Resolves to the processor time of the processes that this one has started and waited for, in milliseconds. */
async function childrenMilliseconds(): Promise<number> {
  const fields = (await readFile('/proc/self/stat', 'utf8')).split(') ')[1]?.split(' ') ?? [];
  return (Number(fields[13]) + Number(fields[14])) * TICK;
}

/** Resolves to the processor time that this process and its children have used so far, in milliseconds. */
async function usedMilliseconds(): Promise<number> {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000 + (await childrenMilliseconds());
}

/** Adds the stories to main in one commit. */
async function commitStories(folder: string, stories: readonly Story[]): Promise<void> {
  const importing = spawn('git', ['--git-dir', folder, 'fast-import', '--quiet'], {
    stdio: ['pipe', 'ignore', 'inherit'],
  });
  const ended = once(importing, 'close');
  const who = '示例 <desk@example.org> 1700000000 +0800';
  importing.stdin.write(`commit refs/heads/main\nauthor ${who}\ncommitter ${who}\ndata 1\n.\n`);
  for (const story of stories) {
    const text = publishedText(story);
    const file = `M 100644 inline ${storyFolder(story)}/index.md\ndata ${Buffer.byteLength(text)}\n${text}\n`;
    if (!importing.stdin.write(file)) await once(importing.stdin, 'drain');
  }
  importing.stdin.end('\ndone\n');
  await ended;
  if (importing.exitCode !== 0) throw new Error('git fast-import has failed.');
}

/** Saves drafts in all states: new stories, and changes of published ones. */
async function saveDrafts(repository: Repository, stories: readonly Story[]): Promise<void> {
  const drafts = new Drafts(repository);
  const author = { name: '示例甲', login: 'li' };
  const head = await repository.head();
  for (let number = 0; number < draftCount; number += 1) {
    const published = stories[number * 37];
    const later = laterStory(number % 60, ['1', '2']);
    const id = `202501${String(1 + (number % 28)).padStart(2, '0')}-${String(100_000 + number)}zz`;
    const story = number % 2 === 0 && published ? published : { ...later, id };
    const file = `${storyFolder(story)}/index.md`;
    const blob = await repository.write(publishedText(story, undefined, '\n\n又改了一处。'));
    const tree = await repository.tree(head, [{ path: file, blob }]);
    let draft = await drafts.save(entryRefAt(file), undefined, { base: head, tree }, author, '保存');
    if (number % 4 > 0) draft = await drafts.move(draft, 'pending_review', author);
    if (number % 4 === 2) draft = await drafts.move(draft, 'pending_publish', author);
    if (number % 4 === 3) await drafts.move(draft, 'draft', author, '请补上第二张照片的说明。');
  }
}

/** Resolves to a library with the units and activities of the stories, which the filters offer. */
async function smallLibrary(root: string): Promise<Library> {
  const content = join(root, 'content');
  await writeContent(content, []);
  const library = new Library({ origin: '', ownPages: [] }, new Map());
  const store = openStore(join(root, 'encoded'));
  library.accept(await library.propose(new FolderSource(content), new PhotoFiles(store)));
  await store.close();
  return library;
}

const root = await mkdtemp(join(tmpdir(), 'with-you-lists-'));
const texts = new TextThreads();
try {
  const stories = makeStories(count, ['1', '2', '3'], 3);
  const folder = join(root, 'content.git');
  const repository = await Repository.make(folder);
  await commitStories(folder, stories);
  await saveDrafts(repository, stories);
  const catalogue = new Catalogue(repository, join(root, 'catalogue.sqlite'), {
    texts,
    onTrouble: (error) => console.error(error),
    timeout: 60_000,
  });
  const started = performance.now();
  await catalogue.complete();
  console.error(`The catalogue was filled in ${Math.round(performance.now() - started)} ms.`);
  const library = await smallLibrary(root);
  const deps = { catalogue, library: async () => library };
  const reviewer: Editor = { id: 'z', login: 'zhao', name: '赵审核', role: 'reviewer' };
  const author: Editor = { id: 'l', login: 'li', name: '李作者', role: 'author', unit: stories[0]?.unit };
  const list = async (query: Record<string, string>, editor = reviewer) =>
    entryListPage(editor, 'stories', parsedListQuery(query), deps);
  const pages: [string, () => Promise<string>][] = [
    ['list, first page', async () => list({})],
    ['list, last page', async () => list({ page: '9999999' })],
    ['list of an author', async () => list({}, author)],
    ['list, unit, year and state', async () => list({ unit: 'unit-03', year: '2021', state: 'published' })],
    ['list, activity', async () => list({ activity: 'culture' })],
    ['list with words in every story', async () => list({ q: '文化宫' })],
    ['list with three words', async () => list({ q: '文化宫 老乔 天刚亮' })],
    ['list with one character', async () => list({ q: '的' })],
    ['list with words in no story', async () => list({ q: '没有这样的词' })],
    ['board', async () => boardPage(reviewer, deps)],
  ];
  const rows: string[][] = [];
  for (const [row, page] of pages) {
    const html = await page();
    const before = await usedMilliseconds();
    const durations: number[] = [];
    for (let run = 0; run < runs; run += 1) {
      const start = performance.now();
      await page();
      durations.push(performance.now() - start);
    }
    const used = ((await usedMilliseconds()) - before) / runs;
    const found = / <span class="count">([\d,]+)</u.exec(html)?.[1] ?? '';
    rows.push([
      row,
      found,
      Buffer.byteLength(html).toLocaleString('en'),
      used.toFixed(0),
      median(durations).toFixed(0),
    ]);
  }
  console.log(aligned([['', 'entries', 'bytes', 'CPU ms', 'wall ms'], ...rows]));
  await catalogue.close();
  repository.close();
} finally {
  await texts.close();
  await rm(root, { recursive: true, force: true });
}

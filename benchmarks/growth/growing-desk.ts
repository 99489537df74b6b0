import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { writeFile } from 'node:fs/promises';
import { PROJECT_ROOT } from '../../src/render/compile/build-cache.ts';
import { RunningCommand } from '../../tests/fixtures/command.ts';
import { siteData } from '../../tests/fixtures/content.ts';
import { DeskClient, PASSWORD, type DeskAnswer } from '../../tests/fixtures/desk/desk-client.ts';
import { laterStory, storyOfRound, writeContent, type Story } from '../corpus.ts';
import { processorTime } from '../processor-time.ts';
import { median } from '../table.ts';
import { addStories, photoOf, publishedText } from './archive.ts';
import { markPosters } from './marked-posters.ts';
import { residentBytes, treeSeconds, untilIdle } from './process-tree.ts';

const ORIGIN = 'https://example.org';
/** How many times each operation is measured; the median counts. */
const ROUNDS = 5;
const MEGABYTE = 1_000_000;
/** Names under which the stories of `laterStory` link their pictures. */
const PICTURES = ['1.jpg', '2.jpg'];

/** Receives a measured value: seconds of processor time unless the name says otherwise. */
type Note = (row: string, value: number) => void;

/** @throws Error if the desk has refused a request */
function granted(answer: DeskAnswer): DeskAnswer {
  if (answer.status !== 200) throw new Error(`${answer.status}: ${JSON.stringify(answer.body)}`);
  return answer;
}

/** Resolves to the bytes of all files below a folder. */
async function bytesIn(folder: string): Promise<number> {
  let sum = 0;
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (entry.isFile()) sum += (await stat(join(entry.parentPath, entry.name))).size;
  }
  return sum;
}

/** A desk with many stories, of which the costs are measured one after another. */
export class GrowingDesk {
  readonly #root: string;
  readonly #count: number;
  readonly #padding: number;
  readonly #note: Note;
  #cookie = '';
  #running: RunningCommand | undefined;

  /**
   * `root`: an empty folder for everything that the measurement needs; `padding`: number of bytes by which originals are
   * larger than a tiny photo.
   */
  constructor(root: string, count: number, padding: number, note: Note) {
    this.#root = root;
    this.#padding = padding;
    this.#count = count;
    this.#note = note;
  }

  async run(): Promise<void> {
    try {
      const stories = await this.#found();
      await this.#measureStarts();
      await this.#measureWork(stories);
      await this.#measureBackups();
    } finally {
      await this.#running?.stop();
    }
  }

  get #data(): string {
    return join(this.#root, 'data');
  }

  #start(data = this.#data): RunningCommand {
    this.#running = new RunningCommand('start', {
      CONTENT_DIR: join(this.#root, 'content'),
      DATA_DIR: data,
      CACHE_DIR: join(PROJECT_ROOT, '.cache'),
      PORT: '0',
      // With an origin that changes, every start would render every page.
      BASE_URL: ORIGIN,
    });
    return this.#running;
  }

  /** Makes a desk with an administrator, stops it, and adds the stories. */
  async #found(): Promise<Story[]> {
    const content = join(this.#root, 'content');
    await writeContent(content, []);
    await writeFile(join(content, 'site.yml'), stringify(siteData()));
    const command = this.#start();
    const [, link = ''] = await command.printed(/编辑台登录：(http:\S+)/u);
    const client = new DeskClient(new URL(link).origin);
    await client.follow(link, { login: 'boss', password: PASSWORD, name: '示例管理员' });
    this.#cookie = client.cookie;
    await command.stop();
    const stories = await addStories(this.#data, this.#count, join(this.#root, 'scratch'), this.#padding);
    for (const name of ['journal.sqlite', 'journal.sqlite-wal', 'journal.sqlite-shm', 'site']) {
      await rm(join(this.#data, name), { recursive: true, force: true });
    }
    return stories;
  }

  async #measureStarts(): Promise<void> {
    for (const row of ['start, cold', 'start, warm']) {
      const command = this.#start();
      const start = performance.now();
      await command.printed(/^网站：/mu);
      this.#note(row, treeSeconds(command.pid));
      if (row === 'start, cold')
        this.#note('start, cold, seconds until readers read', (performance.now() - start) / 1000);
      await command.printed(/按 Ctrl\+C/u);
      this.#note(`memory after ${row}, MB`, residentBytes(command.pid) / MEGABYTE);
      await command.stop();
      // Drawing thousands of posters takes an hour, and is measured nowhere here.
      if (row === 'start, cold') markPosters(this.#data, ORIGIN);
    }
    const command = this.#start();
    await command.printed(/按 Ctrl\+C/u);
    await untilIdle(command.pid);
    this.#note('memory after work in the background, MB', residentBytes(command.pid) / MEGABYTE);
    await command.stop();
  }

  async #measureWork(stories: readonly Story[]): Promise<void> {
    const command = this.#start();
    const [, address = ''] = await command.printed(/编辑台登录：(http:\S+)/u);
    await command.printed(/按 Ctrl\+C/u);
    const client = new DeskClient(new URL(address).origin, this.#cookie);
    const measure = async (row: string, prepare: (round: number) => Promise<() => Promise<unknown>>): Promise<void> => {
      const seconds: number[] = [];
      for (let round = 0; round < ROUNDS; round += 1) {
        const work = await prepare(round);
        await untilIdle(command.pid);
        const before = treeSeconds(command.pid);
        await work();
        seconds.push(treeSeconds(command.pid) - before);
      }
      this.#note(row, median(seconds));
    };
    const page = (path: string) => async () => async () => {
      const response = await client.request(path);
      if (response.status !== 200) throw new Error(`${path}: ${response.status}`);
      await response.text();
    };
    const fresh = async (round: number) => {
      const story = laterStory(round, PICTURES);
      const names = await client.photos(...PICTURES.map((name) => photoOf(story, name)));
      return { unit: story.unit, id: story.id, raw: publishedText(story, names).replace(/^published: .*\n/mu, '') };
    };
    const again = async (round: number) => {
      const story = storyOfRound(stories, round);
      return { unit: story.unit, id: story.id, raw: publishedText(story, undefined, `\n\n第 ${round} 次修改。`) };
    };
    const approved = async (story: Awaited<ReturnType<typeof fresh>>) => {
      granted(await client.save(story));
      granted(await client.move(story, 'pending_review'));
      granted(await client.move(story, 'pending_publish'));
      return async () => granted(await client.publish(story));
    };
    await measure('save a new story', async (round) => {
      const story = await fresh(round);
      return async () => granted(await client.save(story, null));
    });
    await measure('save a story again', async (round) => {
      const story = await fresh(round);
      return async () => granted(await client.save({ ...story, raw: `${story.raw}\n又一段。\n` }));
    });
    await measure('publish a new story', async (round) => approved(await fresh(round)));
    await measure('publish an edit', async (round) => approved(await again(round)));
    await measure('list of stories', page('/desk/entries/stories/'));
    await measure('list of stories with words', page(`/desk/entries/stories/?q=${encodeURIComponent('志愿者')}`));
    await measure('board of drafts', page('/desk/board/'));
    await measure('start page', page('/desk/'));
    await measure('board of reports', page('/desk/reports?year=2021'));
    await command.stop();
  }

  async #measureBackups(): Promise<void> {
    const backup = join(this.#root, 'backup');
    const run = async (name: string, data: string): Promise<number> => {
      const program = join(PROJECT_ROOT, `src/commands/${name}.ts`);
      return (await processorTime('env', [`DATA_DIR=${data}`, process.execPath, program, backup], PROJECT_ROOT))
        .seconds;
    };
    this.#note('backup, first', await run('backup', this.#data));
    const before = await bytesIn(backup);
    this.#note('backup, second', await run('backup', this.#data));
    this.#note('bytes of the first backup, MB', before / MEGABYTE);
    this.#note('bytes that the second adds, MB', ((await bytesIn(backup)) - before) / MEGABYTE);
    const restored = join(this.#root, 'restored');
    const start = performance.now();
    this.#note('restore', await run('restore', restored));
    const command = this.#start(restored);
    await command.printed(/^网站：/mu);
    this.#note('restore, seconds until readers read', (performance.now() - start) / 1000);
    await command.stop();
  }
}

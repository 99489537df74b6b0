// A desk with made-up people and part of the sample content, started as staff start it.
import { cpSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { PROJECT_ROOT } from '../../../src/render/compile/build-cache.ts';
import { RunningCommand } from '../../../tests/fixtures/command.ts';
import { DeskClient, PASSWORD, type DeskAnswer } from '../../../tests/fixtures/desk/desk-client.ts';

const SAMPLE = join(PROJECT_ROOT, 'content');

/** Entries that are published from the start, and the day: the table of reports counts them. */
const PUBLISHED = {
  'stories/jiefang/20210319-213000ef': '2021-04-09',
  'stories/wuzhi/20210120-111500ab': '2021-04-19',
  'stories/macun/20210512-102000lm': '2021-07-08',
  'stories/qinyang/20210618-161200np': '2021-07-14',
  'stories/power-supply/20200710-170909hj': '2020-07-13',
  'examples/jiefang/20210115-090000cd': '2021-01-20',
  'examples/library/20210322-160530de': '2021-04-12',
  'examples/machinery/20210506-080808ef': '2021-07-16',
  'examples/shanyang/20200402-143005bc': '2020-04-10',
  'examples/wenxian/20200318-101010aa': '2020-04-08',
  'summaries/machinery/2021': '2021-12-10',
  'summaries/wenxian/2020': '2020-12-11',
} as const;

/** Somebody who works at the sample desk. All names are made up. */
export interface Person {
  login: string;
  name: string;
  role: 'author' | 'reviewer' | 'administrator';
  unit: string;
}

export const people = {
  administrator: { login: 'chenlixin', name: '陈立新', role: 'administrator', unit: '' },
  reviewer: { login: 'zhoujianguo', name: '周建国', role: 'reviewer', unit: '' },
  second: { login: 'wumin', name: '吴敏', role: 'reviewer', unit: '' },
  author: { login: 'linxiaoyan', name: '林晓燕', role: 'author', unit: 'shanyang' },
  librarian: { login: 'hejing', name: '何静', role: 'author', unit: 'library' },
  farmer: { login: 'sunming', name: '孙明', role: 'author', unit: 'xiuwu' },
  welder: { login: 'zhengtao', name: '郑涛', role: 'author', unit: 'machinery' },
  nurse: { login: 'xuhui', name: '许慧', role: 'author', unit: 'health' },
  grower: { login: 'tiancheng', name: '田成', role: 'author', unit: 'wenxian' },
} as const satisfies Record<string, Person>;

/** Password of everybody at the sample desk. */
export { PASSWORD };

/** Made-up photographer of the photos that are filed. */
export const PHOTOGRAPHER = '何建军（示例）';

/** A story of the sample content that the desk does not publish at its start, so that it can be filed as a draft. */
export interface SampleStory {
  unit: string;
  id: string;
  title: string;
  raw: string;
  /** Its photos by the name of their file, in order. */
  photos: ReadonlyMap<string, Buffer>;
}

/** Reads a story of the sample content, `unit/id`. */
export function sampleStory(place: string): SampleStory {
  const folder = join(SAMPLE, 'stories', place);
  // CC0 photos need no credit. Without a period the story does not count as a late report.
  const raw = readFileSync(join(folder, 'index.md'), 'utf8')
    .replaceAll(/credit: .+（CC0）$/gmu, `credit: ${PHOTOGRAPHER}`)
    .replace(/^period: .+\n/mu, '');
  const [unit = '', id = ''] = place.split('/');
  const names = [...raw.matchAll(/^ {2}- src: (\S+)$/gmu)].map(([, name = '']) => name);
  const photos = new Map(names.map((name) => [name, readFileSync(join(folder, name))]));
  return { unit, id, title: /^title: (.+)$/mu.exec(raw)?.[1] ?? '', raw, photos };
}

/** Returns the paragraphs of a story's body that are plain text. */
export function paragraphsOf({ raw }: SampleStory): string[] {
  const body = raw.slice(raw.indexOf('\n---\n') + 5);
  return body.split('\n\n').flatMap((one) => (/^[#>\-\d]/u.test(one.trim()) || one.trim() === '' ? [] : [one.trim()]));
}

/** An entry as Decap's protocol names it. */
export interface Place {
  collection: string;
  slug: string;
}

export function placeOf({ unit, id }: Pick<SampleStory, 'unit' | 'id'>): Place {
  return { collection: 'stories', slug: `${unit}/${id}/index` };
}

const uploaded = z.object({ src: z.string() });
const draft = z.object({ tree: z.string() });
const file = z.object({ id: z.string() });

function granted({ status, body }: DeskAnswer): unknown {
  if (status === 200) return body;
  throw new Error(`The desk answered ${status}: ${JSON.stringify(body)}`);
}

/** Saves the text of an entry as a draft, on top of its draft if it has one. */
export async function save(client: DeskClient, place: Place, path: string, raw: string): Promise<void> {
  const { collection, slug } = place;
  const before = await client.call('unpublishedEntryDataFile', { ...place, path });
  const baseId = before.status === 200 ? file.parse(before.body).id : null;
  const options = {
    collectionName: collection,
    newEntry: baseId === null,
    useWorkflow: true,
    status: 'draft',
    commitMessage: `保存 ${slug}`,
  };
  granted(await client.call('persistEntry', { dataFiles: [{ path, slug, raw, baseId }], assets: [], options }));
}

/** Moves a draft to another state; `reason`: why it is returned. */
export async function move(client: DeskClient, place: Place, newStatus: string, reason?: string): Promise<void> {
  const seen = draft.parse(granted(await client.call('unpublishedEntry', { ...place }))).tree;
  granted(await client.call('updateUnpublishedEntryStatus', { ...place, newStatus, seen, reason }));
}

export async function note(client: DeskClient, place: Place, content: string): Promise<void> {
  granted(await client.call('addNote', { ...place, note: { content } }));
}

/** Files a story of the sample content as a draft with its photos; returns its text as it was sent. */
export async function fileStory(
  client: DeskClient,
  story: SampleStory,
  { change = (raw) => raw, photo = async (bytes) => bytes, forWaiver = false }: Filing = {},
): Promise<string> {
  let { raw } = story;
  for (const [name, bytes] of story.photos) {
    const answer = await client.upload(await photo(bytes, name), forWaiver);
    raw = raw.replace(`src: ${name}`, `src: ${uploaded.parse(granted(answer)).src}`);
  }
  const sent = change(raw);
  await save(client, placeOf(story), `stories/${story.unit}/${story.id}/index.md`, sent);
  return sent;
}

/** Changes to a story when it is filed. */
export interface Filing {
  change?: (raw: string) => string;
  photo?: (bytes: Buffer, name: string) => Promise<Buffer>;
  /** Uploads photos for a reviewer to waive their errors. */
  forWaiver?: boolean;
}

/** Writes the content that the desk begins with into a folder. */
function writeContent(folder: string): void {
  const published = new Map<string, string>(Object.entries(PUBLISHED));
  cpSync(SAMPLE, folder, { recursive: true });
  for (const collection of ['stories', 'examples', 'summaries']) {
    for (const unit of readdirSync(join(folder, collection))) {
      for (const key of readdirSync(join(folder, collection, unit))) {
        const place = `${collection}/${unit}/${key}`;
        const day = published.get(place);
        const path = join(folder, place, 'index.md');
        if (day === undefined) rmSync(join(folder, place), { recursive: true });
        else writeFileSync(path, readFileSync(path, 'utf8').replace('\n---\n', `\npublished: ${day}\n---\n`));
      }
    }
  }
}

/** Returns the text of an element in a page's HTML. */
function textOf(html: string, id: string): string {
  return new RegExp(`id="${id}"[^>]*>([^<]*)<`, 'u').exec(html)?.[1]?.replaceAll('&amp;', '&') ?? '';
}

export class SampleDesk {
  readonly origin: string;
  /** Link that makes the first administrator, once. */
  readonly link: string;
  readonly #root: string;
  readonly #command: RunningCommand;

  private constructor(root: string, command: RunningCommand, origin: string, link: string) {
    this.#root = root;
    this.#command = command;
    this.origin = origin;
    this.link = link;
  }

  /** Starts a desk in a temporary folder, on a free port. */
  static async start(): Promise<SampleDesk> {
    const root = mkdtempSync(join(tmpdir(), 'handbook-'));
    const content = join(root, 'content');
    writeContent(content);
    const command = new RunningCommand('start', { CONTENT_DIR: content, DATA_DIR: join(root, 'data'), PORT: '0' });
    const [, origin = ''] = await command.printed(/网站：(http:\S+)\//u);
    const [, link = ''] = await command.printed(/编辑台登录：(http\S+)/u);
    if (command.output.includes('有问题的内容')) throw new Error(command.output);
    return new SampleDesk(root, command, origin, link);
  }

  /** Returns the link of a new invitation; `by`: an administrator. */
  async invite(by: DeskClient, { name, role, unit }: Person): Promise<string> {
    const response = await by.form('/desk/people/invite', { name, role, unit });
    return textOf(await response.text(), 'link');
  }

  /** Invites somebody, who accepts; returns the client, signed in. */
  async join(by: DeskClient, person: Person): Promise<DeskClient> {
    const client = new DeskClient(this.origin);
    const status = await client.follow(await this.invite(by, person), { ...person, password: PASSWORD });
    if (status !== 303) throw new Error(`${person.name} could not be let in: ${status}.`);
    return client;
  }

  async close(): Promise<void> {
    await this.#command.stop();
    rmSync(this.#root, { recursive: true, force: true });
  }
}

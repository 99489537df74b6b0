// Synthetic content: the same number of stories always consists of the same stories.
import { link, mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { chanceFrom, prose, sentence, title, type Chance } from './prose.ts';

/** A story in the form that every contender gets. */
export interface Story {
  id: string;
  title: string;
  /** Date of the story, such as `2021-03-19`. */
  date: string;
  unit: string;
  activity: string;
  summary: string;
  volunteers: number;
  body: string;
  /** Paths of the picture files that are linked into the story's folder as `1.jpg`, `2.jpg` and so on. */
  pictures: readonly string[];
}

const YEARS = [2017, 2018, 2019, 2020, 2021, 2022, 2023, 2024] as const;
const UNITS = Array.from({ length: 30 }, (_, index) => `unit-${String(index + 1).padStart(2, '0')}`);
const ACTIVITIES = [
  'micro-wishes',
  'culture',
  'legal-aid',
  'counselling',
  'model-workers',
  'epidemic-control',
  'poverty-alleviation',
];
const KINDS = ['county', 'grassroots', 'industry'] as const;
/**
 * Largest number of 字 that is requested for a body: below the limit of 2000, because the last sentence and later edits
 * make the body longer.
 */
const LONGEST_BODY = 1750;

/**
 * Returns `count` stories in chronological order. `pictures` are the paths of a few files that all stories share;
 * `each` is the number of pictures in a story.
 */
export function makeStories(count: number, pictures: readonly string[], each = 2): Story[] {
  const chance = chanceFrom(20210319);
  const ids = new Set<string>();
  while (ids.size < count) {
    const two = (from: number, to: number): string => String(chance.whole(from, to)).padStart(2, '0');
    const letters = `${chance.one([...'abcdefgh'])}${chance.one([...'klmnpqrs'])}`;
    ids.add(`${chance.one(YEARS)}${two(1, 12)}${two(1, 28)}-${two(6, 22)}${two(0, 59)}${two(0, 59)}${letters}`);
  }
  return [...ids].sort().map((id) => makeStory(id, chance, pictures, each));
}

function makeStory(id: string, chance: Chance, pictures: readonly string[], each = 2): Story {
  const chosen: string[] = [];
  while (chosen.length < each) chosen.push(chance.one(pictures.filter((picture) => !chosen.includes(picture))));
  return {
    id,
    title: title(chance),
    date: `${id.slice(0, 4)}-${id.slice(4, 6)}-${id.slice(6, 8)}`,
    unit: chance.one(UNITS),
    activity: chance.one(ACTIVITIES),
    summary: sentence(chance),
    volunteers: chance.whole(3, 80),
    body: prose(chance, chance.whole(300, LONGEST_BODY)),
    pictures: chosen,
  };
}

/** Returns a copy of the story with `mark` as an additional last paragraph. */
export function edited(story: Story, mark: string): Story {
  return { ...story, body: `${story.body}\n\n${mark}` };
}

/** Returns a new story that is later than all stories of `makeStories`. */
export function laterStory(round: number, pictures: readonly string[]): Story {
  const id = `20241231-2359${String(round).padStart(2, '0')}zz`;
  return makeStory(id, chanceFrom(round), pictures);
}

/**
 * Returns a new story that moves most other stories to another page of their lists. It has the oldest date of the year
 * with most stories, and the most frequent unit and activity of that year.
 */
export function shiftingStory(stories: readonly Story[], round: number, pictures: readonly string[]): Story {
  const year = mostFrequent(stories.map(({ date }) => date.slice(0, 4)));
  const ofYear = stories.filter(({ date }) => date.startsWith(year));
  const oldest = (ofYear[0]?.date ?? `${year}-01-01`).replaceAll('-', '');
  return {
    ...makeStory(`${oldest}-0000${String(round).padStart(2, '0')}aa`, chanceFrom(-round), pictures),
    unit: mostFrequent(ofYear.map(({ unit }) => unit)),
    activity: mostFrequent(ofYear.map(({ activity }) => activity)),
  };
}

function mostFrequent(names: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  const [most] = [...counts].sort(([, one], [, other]) => other - one);
  return most?.[0] ?? '';
}

/** Returns a random story: a different one in each round, the same for every contender. */
export function storyOfRound(stories: readonly Story[], round: number): Story {
  return chanceFrom(round * 7919).one(stories);
}

/** Returns the path of a story's folder below the content folder. */
export function storyFolder({ unit, id }: Story): string {
  return `stories/${unit}/${id}`;
}

/** Returns the paths of a story's files below the content folder. */
export function storyFiles(story: Story): string[] {
  return ['index.md', ...story.pictures.map((_, at) => `${at + 1}.jpg`)].map((name) => `${storyFolder(story)}/${name}`);
}

/**
 * Returns the text of a story's `index.md`. `names` are the file names of its photos; by default 1.jpg, 2.jpg and so
 * on.
 */
export function storyText(story: Story, names: readonly string[] = []): string {
  const photo = (name: string): string[] => [
    `  - src: ${name}`,
    '    alt: 由一种颜色渐渐变成另一种颜色的示例图片',
    '    caption: 志愿者在活动现场忙碌（示例图片）',
    '    credit: 示例',
    '    consent: public',
    // Stories share a few pictures, which a reviewer must permit by an exemption.
    '    exemption: {reason: 测量用的图片由各篇共用, by: 示例}',
  ];
  return [
    '---',
    `id: ${story.id}`,
    `title: ${story.title}`,
    `date: ${story.date}`,
    'place: 职工之家',
    `unit: ${story.unit}`,
    `activity: ${story.activity}`,
    `summary: ${story.summary}`,
    `volunteers: ${story.volunteers}`,
    `hours: ${story.volunteers * 4}`,
    'photos:',
    ...story.pictures.flatMap((_, at) => photo(names[at] ?? `${at + 1}.jpg`)),
    'author: 通讯组（示例）',
    'proofreader: 办公室（示例）',
    '---',
    '',
    story.body,
    '',
  ].join('\n');
}

/** Overwrites the text of an existing story in the content folder `content`. */
export async function writeText(content: string, story: Story): Promise<void> {
  await writeFile(join(content, storyFolder(story), 'index.md'), storyText(story));
}

/** Writes a new story into the content folder `content`: first its photos, as hard links, then its text. */
export async function writeStory(content: string, story: Story): Promise<void> {
  const folder = join(content, storyFolder(story));
  await mkdir(folder, { recursive: true });
  for (const [index, picture] of story.pictures.entries()) await link(picture, join(folder, `${index + 1}.jpg`));
  await writeText(content, story);
}

/** Writes a valid content folder: settings, activities, units and the stories. */
export async function writeContent(content: string, stories: readonly Story[]): Promise<void> {
  const write = async (path: string, lines: readonly string[]): Promise<void> => {
    await mkdir(dirname(join(content, path)), { recursive: true });
    await writeFile(join(content, path), `${lines.join('\n')}\n`);
  };
  await write('site.yml', [
    'name: 和你在一起',
    'motto: 奉献 友爱 互助 进步',
    'organiser: 市总工会（示例）',
    'contact: {phone: 0391-5550100, email: withyou@example.org}',
    'sample: true',
    'selfApproval: false',
    'reporting: []',
    'photo: {longSide: 1920, shortSide: 1080, min: 2, max: 3}',
    'textLimit: 2000',
  ]);
  for (const [index, slug] of ACTIVITIES.entries()) {
    const front = ['---', `title: 示例活动${index + 1}`, `order: ${index + 1}`, 'tagline: 这项活动做什么', '---', ''];
    await write(`activities/${slug}.md`, [...front, sentence(chanceFrom(index))]);
  }
  for (const [index, code] of UNITS.entries()) {
    const kind = KINDS[index % KINDS.length] ?? 'county';
    await write(`units/${code}.yml`, [
      `name: 示例第${index + 1}工会`,
      `short: 第${index + 1}工会`,
      'aliases: []',
      `kind: ${kind}`,
      'active: true',
    ]);
  }
  for (const story of stories) await writeStory(content, story);
}

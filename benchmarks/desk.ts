// npm run bench:desk [-- --stories 1000 --drafts 100 --runs 5 --editors 50 --readers 200 --seconds 60 --only attacks]:
// compares the desk with decap-server, and measures readers' latencies while editors work and while the desk is
// attacked.
import { rmSync } from 'node:fs';
import { cp, mkdir, mkdtemp, readdir, readFile } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { PROJECT_ROOT } from '../src/render/compile/build-cache.ts';
import { remarked } from '../tests/fixtures/content.ts';
import type { Sample } from './contender.ts';
import { edited, laterStory, makeStories, storyFolder, writeContent, type Story } from './corpus.ts';
import { decapServer, granted, ourDesk, type DeskContender, type OurDesk } from './desk-contenders.ts';
import { quantile, readPages, workTogether } from './desk-load.ts';
import { highest } from './footprint.ts';
import { invitedAuthor } from './load/author.ts';
import { underAttack } from './load/under-attack.ts';
import { makePictures } from './pictures.ts';
import { aligned, inMilliseconds, median } from './table.ts';

/** Number of photos in a story. */
const PHOTOS = 3;
/** Number of stories that are saved at the same time in one of the measurements. */
const WRITERS = 20;

const { values } = parseArgs({
  options: {
    stories: { type: 'string', default: '1000' },
    drafts: { type: 'string', default: '100' },
    runs: { type: 'string', default: '5' },
    editors: { type: 'string', default: '50' },
    readers: { type: 'string', default: '200' },
    seconds: { type: 'string', default: '60' },
    only: { type: 'string' },
  },
});
const [count, drafts, runs, editors, readers, seconds] = [
  Number(values.stories),
  Number(values.drafts),
  Number(values.runs),
  Number(values.editors),
  Number(values.readers),
  Number(values.seconds),
];

/** Resolves to the six largest photographs of the sample content, about 1 MB each. */
async function photographs(): Promise<Buffer[]> {
  const folder = join(PROJECT_ROOT, 'content/stories');
  const files = (await readdir(folder, { recursive: true })).filter((file) => file.endsWith('.jpg')).sort();
  const all = await Promise.all(files.map(async (file) => readFile(join(folder, file))));
  return all.toSorted((one, other) => other.length - one.length).slice(0, 6);
}

const photos = await photographs();
let serial = 0;
/** Returns the photos of one story, with bytes that were never sent before. */
function newPhotos(): Uint8Array[] {
  serial += 1;
  return Array.from({ length: PHOTOS }, (_, at) => {
    const one = photos[(serial + at) % photos.length];
    if (!one) throw new Error('The sample content has no photographs.');
    return remarked(one, `bench ${serial} ${at}`);
  });
}

/**
 * Returns a new story. Its id is made from `number`. It has as many pictures as a story has photos (`PHOTOS`); the
 * names of the pictures are placeholders.
 */
function newStory(number: number): Story {
  const [minutes, rest] = [Math.floor(number / 60) % 60, number % 60];
  const two = (value: number): string => String(value).padStart(2, '0');
  const story = laterStory(number, ['1', '2', '3']);
  const id = `202501${two(1 + Math.floor(number / 3600))}-10${two(minutes)}${two(rest)}zz`;
  return { ...story, id, pictures: ['1', '2', '3'] };
}

async function timed(row: string, work: () => Promise<unknown>): Promise<Sample> {
  const start = performance.now();
  await work();
  return { row, milliseconds: performance.now() - start };
}

const ROWS = {
  list: 'list of stories',
  open: 'open a story',
  save: `save a new story, ${PHOTOS} photos`,
  again: 'save its text again',
  publish: 'publish',
  board: `board with ${drafts} drafts`,
  together: `${WRITERS} save new stories at once`,
} as const;

/**
 * Runs every measurement once for a contender. Adds an item to `failures` for each refused request. `at` is the number
 * of the round.
 */
async function round(one: DeskContender, at: number, stories: readonly Story[], failures: string[]): Promise<Sample[]> {
  const chosen = stories[(at * 7919) % stories.length];
  const fresh = newStory(at);
  const sent = newPhotos();
  const samples = [
    await timed(ROWS.list, async () => one.list(stories.length)),
    await timed(ROWS.open, async () =>
      granted(await one.call('getEntry', { path: `${chosen ? storyFolder(chosen) : ''}/index.md` })),
    ),
    await timed(ROWS.save, async () => one.save(fresh, sent)),
    await timed(ROWS.again, async () => one.saveAgain(edited(fresh, '又写了一段。'), sent)),
  ];
  await one.makeReady(fresh);
  samples.push(await timed(ROWS.publish, async () => one.publish(fresh)));
  samples.push(
    await timed(ROWS.board, async () => {
      const refused = await one.board();
      failures.push(...Array.from({ length: refused }, () => ROWS.board));
    }),
  );
  const many = Array.from({ length: WRITERS }, (_, writer) => newStory(3600 + 100 * at + writer));
  samples.push(
    await timed(ROWS.together, async () => {
      const ended = await Promise.allSettled(many.map(async (story) => one.save(story, newPhotos())));
      for (const { status } of ended) if (status === 'rejected') failures.push(ROWS.together);
    }),
  );
  return samples;
}

const megabytes = (bytes: number): string => `${Math.round(bytes / 2 ** 20)} MB`;

function comparison(contenders: readonly DeskContender[], samples: ReadonlyMap<DeskContender, Sample[]>): string {
  const [ours] = contenders;
  const middle = (one: DeskContender | undefined, row: string): number =>
    median((one ? (samples.get(one) ?? []) : []).flatMap((sample) => (sample.row === row ? sample.milliseconds : [])));
  const heading = ['median ms', ...contenders.map(({ name }) => name), 'times as long'];
  const rows = Object.values(ROWS).map((row) => [
    row,
    ...contenders.map((one) => inMilliseconds(middle(one, row))),
    ...contenders.slice(1).map((one) => `${(middle(one, row) / middle(ours, row)).toPrecision(2)}×`),
  ]);
  return aligned([
    heading,
    ...rows,
    ['peak memory of the server', ...contenders.map(({ pid }) => megabytes(highest(pid)))],
  ]);
}

/** Time at which the benchmark started, for `note`. */
const start = performance.now();
/** Prints progress to stderr, because the whole benchmark takes long. */
function note(what: string): void {
  console.error(`  ${Math.round((performance.now() - start) / 1000)} s: ${what}`);
}

const root = await mkdtemp(join(tmpdir(), 'with-you-bench-'));
process.once('exit', () => rmSync(root, { recursive: true, force: true }));
process.once('SIGINT', () => process.exit(130));

await mkdir(join(root, 'pictures'));
const pictures = await makePictures(join(root, 'pictures'), 6);
const stories = makeStories(count, pictures, PHOTOS);
const content = join(root, 'content');
await writeContent(content, stories);
await cp(content, join(root, 'decap'), { recursive: true });

console.log(
  `Node ${process.version}, ${availableParallelism()} processors; ${count} stories with ${PHOTOS} photos each, ${runs} rounds.\n`,
);

/** Measures our desk and decap-server in turns and prints the table. */
async function beside(ours: DeskContender): Promise<void> {
  note('decap-server starts');
  const peer = await decapServer(join(root, 'decap'));
  const contenders = [ours, peer];
  try {
    // These drafts are only listed, so they share their photos: the encoding of new photos is measured below.
    const shared = newPhotos();
    for (const one of contenders) {
      note(`${drafts} drafts for ${one.name}`);
      for (let draft = 0; draft < drafts; draft += 1) await one.save(newStory(20_000 + draft), shared);
    }
    const samples = new Map<DeskContender, Sample[]>();
    const failures = new Map<DeskContender, string[]>(contenders.map((one) => [one, []]));
    for (let at = 1; at <= runs; at += 1) {
      for (const one of contenders) {
        note(`round ${at} of ${runs}, ${one.name}`);
        const found = await round(one, at, stories, failures.get(one) ?? []);
        samples.set(one, [...(samples.get(one) ?? []), ...found]);
      }
    }
    console.log(comparison(contenders, samples));
    for (const [{ name }, refused] of failures) {
      for (const row of new Set(refused)) {
        console.log(`  ${name} refused ${refused.filter((one) => one === row).length} requests of “${row}”.`);
      }
    }
  } finally {
    await peer.end();
  }
}

/**
 * Measures the latencies of readers alone and while editors work, and prints the table. Resolves to the messages of
 * errors.
 */
async function withEditors(ours: OurDesk, pages: string[]): Promise<string[]> {
  note('readers alone');
  const asked = { origin: ours.desk.origin, paths: pages, perSecond: readers };
  const idle = await readPages({ ...asked, seconds: Math.min(seconds, 20) });
  note('readers and editors');
  const [busy, edits] = await Promise.all([
    readPages({ ...asked, seconds }),
    workTogether(editors, seconds, async (number) => ours.save(newStory(40_000 + number), newPhotos())),
  ]);
  const line = (name: string, latencies: readonly number[], errors: readonly string[]): string[] => [
    name,
    String(latencies.length),
    inMilliseconds(quantile(latencies, 0.5)),
    inMilliseconds(quantile(latencies, 0.99)),
    inMilliseconds(latencies.at(-1) ?? Number.NaN),
    String(errors.length),
  ];
  console.log(
    `\n${aligned([
      [`${readers} readers/s, ${editors} editors`, 'done', 'p50 ms', 'p99 ms', 'longest', 'errors'],
      line('readers, desk idle', idle.latencies, idle.errors),
      line('readers, editors at work', busy.latencies, busy.errors),
      line(`editors: a story with ${PHOTOS} photos`, edits.latencies, edits.errors),
    ])}`,
  );
  return [...idle.errors, ...busy.errors, ...edits.errors];
}

/**
 * Measures the latencies of readers alone, and while strangers or an author attack the desk; prints the table. Resolves
 * to the messages of errors.
 */
async function withAttacks({ desk }: OurDesk, pages: string[]): Promise<string[]> {
  const { origin } = desk;
  const unit = stories[0]?.unit ?? '';
  const { cookie } = await invitedAuthor(desk, unit);
  const { table, errors } = await underAttack({
    origin,
    paths: pages,
    perSecond: readers,
    seconds: Math.min(seconds, 20),
    runs,
    attacks: (run) => ({
      'strangers ask for passwords': { by: 'strangers', origin },
      'an author sends the worst texts': { by: 'author', origin, cookie, unit, round: run },
    }),
    note,
  });
  console.log(`\n${table}`);
  return errors;
}

note('the desk starts');
const ours = await ourDesk(content, join(root, 'data'));
try {
  const pages = ['/', '/stories/', ...stories.slice(0, 50).map(({ id }) => `/stories/${id}/`)];
  if (values.only === undefined) await beside(ours);
  const errors = [
    ...(values.only === undefined ? await withEditors(ours, pages) : []),
    ...(await withAttacks(ours, pages)),
  ];
  console.log(`\n  Peak memory of the desk's process: ${megabytes(highest(ours.pid))}`);
  for (const error of new Set(errors)) console.log(`  ${error}`);
  if (errors.length > 0) process.exitCode = 1;
} finally {
  await ours.end();
}

import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { remarked, tinyPhotos } from '../../fixtures/content.ts';
import { writtenStory, type DeskAnswer, type WrittenStory } from '../../fixtures/desk/desk-client.ts';
import { DeskSite, expectRefused } from '../../fixtures/desk/desk-site.ts';
import { LONG } from '../../run-size.ts';
import { FaultyGit, type GitFault } from '../../fixtures/damage/faulty-git.ts';

/**
 * Time limit of a git process in the tests in which a process hangs, in milliseconds: a hundred times as long as a
 * process normally takes.
 */
const PATIENCE = 10_000;

const git = new FaultyGit();
/** Desk with the usual time limit of a git process. */
let patient: DeskSite;
/** Desk with the time limit PATIENCE. */
let hurried: DeskSite;
/** Desk that the current test uses. */
let site: DeskSite;
let serial = 0;

beforeAll(async () => {
  patient = await DeskSite.open();
  hurried = await DeskSite.open(undefined, {}, PATIENCE);
});

afterAll(async () => {
  await patient.dispose();
  await hurried.dispose();
  git.dispose();
});

beforeEach(() => {
  site = patient;
});

/** Makes `hurried` the current desk if git is to hang. */
function turnTo(fault: GitFault): void {
  if (fault === 'hang' || fault === 'late') site = hurried;
}

async function newStory(): Promise<WrittenStory> {
  serial += 1;
  const id = `20210101-${String(serial).padStart(6, '0')}aa`;
  const photos = await site.desk.photos(remarked(tinyPhotos.a, id), remarked(tinyPhotos.b, id));
  return writtenStory('jiefang', id, photos, { title: `第${serial}篇` });
}

const changed = (story: WrittenStory, mark: string): WrittenStory => ({ ...story, raw: `${story.raw}\n${mark}\n` });

/** Expects that the repository is intact and that main has this number of files. */
function expectSound(files: number): void {
  expect(site.git('fsck', '--full', '--strict', '--no-dangling')).toBe('');
  expect(site.git('ls-tree', '-r', '--name-only', 'main').split('\n')).toHaveLength(files);
}

const published = (): number => site.git('ls-tree', '-r', '--name-only', 'main').split('\n').length;

/**
 * A git subcommand and the way in which it fails. `refused`: status with which the desk must refuse; undefined: the
 * request must succeed in spite of the fault.
 */
interface Case {
  command: string;
  fault: GitFault;
  refused?: number;
}

/**
 * Returns for each subcommand the case that it fails. In the long run, returns also the case that it writes invalid
 * output. The same code of the desk refuses both.
 */
const broken = (...commands: string[]): Case[] =>
  commands.flatMap((command) => [
    { command, fault: 'fail', refused: 500 },
    ...(LONG ? [{ command, fault: 'garbage', refused: 500 } as const] : []),
  ]);

/** Returns a case that takes long and differs little from others, but only in the long run. */
const slow = (one: Case): Case[] => (LONG ? [one] : []);

function expectEnded(answer: DeskAnswer, refused: number | undefined): void {
  if (refused === undefined) expect(answer.status, JSON.stringify(answer.body)).toBe(200);
  else expectRefused(answer, refused);
}

test.each<Case>([
  ...broken('hash-object', 'update-index', 'commit-tree', 'update-ref'),
  { command: 'hash-object', fault: 'hang', refused: 503 },
  ...slow({ command: 'update-ref', fault: 'hang', refused: 503 }),
  // The ref has already moved when git hangs, so the desk must acknowledge the save.
  ...slow({ command: 'update-ref', fault: 'late' }),
  // The desk repeats a git that only reads.
  { command: 'cat-file', fault: 'fail' },
  { command: 'cat-file', fault: 'garbage' },
])('git $command: $fault while a draft is saved: the draft before stays, the next save works', async (attempt) => {
  turnTo(attempt.fault);
  const story = await newStory();
  expect((await site.desk.save(story, null)).status).toBe(200);
  const files = published();
  const inDraft = (): string => site.git('ls-tree', '-r', '--name-only', `refs/heads/cms/stories/jiefang/${story.id}`);
  const filesBefore = inDraft();
  const before = await site.desk.draft(story);
  const again = changed(story, '改了一次');

  const version = site.git(
    'rev-parse',
    `refs/heads/cms/stories/jiefang/${story.id}:stories/jiefang/${story.id}/index.md`,
  );
  git.next(attempt.command, attempt.fault);
  const answer = await site.desk.save(again, version);
  expect(git.calm(), 'git went wrong').toBe(true);

  expectEnded(answer, attempt.refused);
  expectSound(files);
  const saved = await site.desk.draft(story);
  if (attempt.refused === undefined) expect(saved).toContain('改了一次');
  else expect(saved).toBe(before);
  expect(inDraft()).toBe(filesBefore);
  expect((await site.desk.save(changed(story, '再改一次'))).status).toBe(200);
  expect(await site.desk.draft(story)).toContain('再改一次');
});

test.each<Case>([
  ...broken('merge-tree', 'hash-object', 'commit-tree', 'update-ref'),
  ...slow({ command: 'merge-tree', fault: 'hang', refused: 503 }),
  { command: 'update-ref', fault: 'late' },
])('git $command: $fault while a story is published: it is published or not, and then can be', async (attempt) => {
  turnTo(attempt.fault);
  const story = await newStory();
  await site.desk.save(story, null);
  await site.desk.move(story, 'pending_review');
  await site.desk.move(story, 'pending_publish');
  const files = published();

  git.next(attempt.command, attempt.fault);
  const answer = await site.desk.publish(story);
  expect(git.calm(), 'git went wrong').toBe(true);

  expectEnded(answer, attempt.refused);
  expectSound(attempt.refused === undefined ? files + 3 : files);
  if (attempt.refused !== undefined) expect((await site.desk.publish(story)).status).toBe(200);
  expect(await site.desk.published(story)).toContain(story.id);
  expect(await site.desk.draft(story)).toBeNull();
  expect(site.page(`stories/${story.id}/index.html`)).toContain(`第${serial}篇`);
});

test.each<Case>([...broken('hash-object'), { command: 'hash-object', fault: 'hang', refused: 503 }])(
  'git $command: $fault while a photo is uploaded: it is not taken, and the next time it is',
  async ({ command, fault, refused }) => {
    turnTo(fault);
    serial += 1;
    const photo = remarked(tinyPhotos.a, `upload ${serial}`);
    git.next(command, fault);
    expectEnded(await site.desk.upload(photo), refused);
    expect(git.calm(), 'git went wrong').toBe(true);
    expectSound(published());
    expect((await site.desk.upload(photo)).status).toBe(200);
  },
);

test('a git that goes wrong five times in a row refuses five saves, and the sixth is there', async () => {
  const story = await newStory();
  git.next('commit-tree', 'fail', 5);
  for (let time = 0; time < 5; time += 1) expectRefused(await site.desk.save(story, null), 500);
  git.calm();
  expect((await site.desk.save(story, null)).status).toBe(200);
  expect(await site.desk.draft(story)).toContain(story.id);
  expectSound(published());
});

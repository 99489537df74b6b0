import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { RunningCommand } from '../fixtures/command.ts';
import { FixtureContent, remarked, tinyPhotos, writeGround, writeStory } from '../fixtures/content.ts';
import { DeskClient, PASSWORD, writtenStory, type DeskAnswer, type WrittenStory } from '../fixtures/desk-client.ts';
import { differences, renderFromNothing } from '../fixtures/publishing.ts';
import { Random } from '../fixtures/random.ts';

const KILLS = 10;
const WRITERS = 4;

const random = new Random(5);
const content = new FixtureContent();
const data = mkdtempSync(join(tmpdir(), 'desk-killed-'));
const repository = join(data, 'content.git');

/** What was answered with success, by id. */
const saved = new Map<string, { story: WrittenStory; published: boolean }>();
let serial = 0;
let running: RunningCommand | undefined;

function git(...args: string[]): string {
  return execFileSync('git', [`--git-dir=${repository}`, ...args], { encoding: 'utf8' });
}

async function start(): Promise<{ command: RunningCommand; desk: DeskClient }> {
  const command = new RunningCommand('start', {
    CONTENT_DIR: content.root,
    DATA_DIR: data,
    PORT: '0',
    BASE_URL: 'https://example.org',
  });
  running = command;
  const [, link = ''] = await command.printed(/编辑台登录：(http:[^\s（]+)/u);
  const desk = new DeskClient(new URL(link).origin);
  const editor = { login: 'editor', password: PASSWORD };
  expect(await (link.includes('/first?') ? desk.follow(link, editor) : desk.signIn(editor))).toBe(303);
  return { command, desk };
}

/** `photos`: what it shows; only in one entry, if it is to be published. */
async function newStory(desk: DeskClient, photos: (id: string) => Uint8Array[]): Promise<WrittenStory> {
  serial += 1;
  const id = `20210101-${String(serial).padStart(6, '0')}aa`;
  return writtenStory('jiefang', id, await desk.photos(...photos(id)), { title: `第${serial}篇` });
}

const shared = (): Uint8Array[] => [tinyPhotos.a, tinyPhotos.b];
const own = (id: string): Uint8Array[] => shared().map((photo) => remarked(photo, id));

/** Does something to a story and notes that it was acknowledged; false: the server is gone. */
async function acknowledged(story: WrittenStory, published: boolean, asked: Promise<DeskAnswer>): Promise<boolean> {
  try {
    const { status, body } = await asked;
    if (status !== 200) throw new Error(JSON.stringify(body));
    saved.set(story.id, { story, published });
    return true;
  } catch (error) {
    // What fetch() throws when the connection breaks.
    if (error instanceof TypeError) return false;
    throw error;
  }
}

/** Saves new stories one after another until the server is gone. */
async function saveStories(desk: DeskClient): Promise<void> {
  for (let going = true; going;) {
    const story = await newStory(desk, shared).catch(() => undefined);
    going = story !== undefined && (await acknowledged(story, false, desk.save(story, null)));
  }
}

/** Makes stories ready; answers what publishes each of them. */
async function readyStories(desk: DeskClient): Promise<(() => Promise<void>)[]> {
  const stories = await Promise.all(
    Array.from({ length: WRITERS }, async () => {
      const story = await newStory(desk, own);
      await desk.save(story, null);
      await desk.move(story, 'pending_review');
      await desk.move(story, 'pending_publish');
      return story;
    }),
  );
  return stories.map((story) => async () => void (await acknowledged(story, true, desk.publish(story))));
}

/** A folder with what is published, to render from nothing. */
function checkOut(): FixtureContent {
  const folder = new FixtureContent();
  execFileSync('git', [`--git-dir=${repository}`, `--work-tree=${folder.root}`, 'checkout', 'main', '--', '.']);
  return folder;
}

beforeAll(async () => {
  writeGround(content);
  writeStory(content, '20210319-213000ef', 'jiefang');
  const { command } = await start();
  await command.stop();
});

afterEach(async () => {
  await running?.stop('SIGKILL');
});

afterAll(() => {
  content.dispose();
  rmSync(data, { recursive: true, force: true });
});

test.each([
  { name: 'saves', publishing: false },
  { name: 'publishes', publishing: true },
])(
  `killed ${KILLS} times during $name: nothing acknowledged is lost, nothing is half there`,
  async ({ publishing }) => {
    saved.clear();
    for (let kill = 0; kill < KILLS; kill += 1) {
      const { command, desk } = await start();
      const tasks = publishing
        ? await readyStories(desk)
        : Array.from({ length: WRITERS }, () => async () => saveStories(desk));
      const writers = tasks.map(async (task) => task());
      // Killed in the middle of things, however fast this machine is: some are acknowledged, others under way.
      const enough = saved.size + random.between(0, WRITERS - 1);
      while (saved.size < enough) await pause(5);
      await pause(random.between(0, 150));
      await command.stop('SIGKILL');
      await Promise.all(writers);
    }
    const { command, desk } = await start();
    for (const { story, published } of saved.values()) {
      const text = published ? await desk.published(story) : await desk.draft(story);
      // The desk adds its own keys when it publishes; what the editor wrote is all there.
      for (const line of story.raw.trimEnd().split('\n')) expect(text).toContain(line);
    }
    expect(saved.size, 'there was something acknowledged to lose').toBeGreaterThan(KILLS / 2);
    const statuses = await desk.call('unpublishedEntries', {});
    expect(statuses.status).toBe(200);
    await command.stop();

    expect(git('fsck', '--full', '--strict', '--no-dangling')).toBe('');
    const merged = git('for-each-ref', '--merged=main', '--format=%(refname)', 'refs/heads/cms/');
    expect(merged, 'no draft is left of what is published').toBe('');
    const folder = checkOut();
    const oracle = await renderFromNothing(folder, join(data, 'encoded'));
    expect(differences(oracle.output, join(data, 'site'))).toEqual([]);
    oracle.dispose();
    folder.dispose();
  },
  600_000,
);

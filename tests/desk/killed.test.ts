import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { RunningCommand } from '../fixtures/command.ts';
import { FixtureContent, tinyPhotos, writeGround, writeStory } from '../fixtures/content.ts';
import { DeskClient, writtenStory, type WrittenStory } from '../fixtures/desk-client.ts';
import { differences, renderFromNothing } from '../fixtures/publishing.ts';
import { Random } from '../fixtures/random.ts';

const KILLS = 20;
const WRITERS = 4;

const random = new Random(5);
const content = new FixtureContent();
const data = mkdtempSync(join(tmpdir(), 'desk-killed-'));
const repository = join(data, 'content.git');

/** What was answered with success, by id. */
const saved = new Map<string, { story: WrittenStory; published: boolean }>();
let serial = 0;

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
  const [, link = ''] = await command.printed(/编辑台登录：(http:[^\s（]+)/u);
  const desk = new DeskClient(new URL(link).origin);
  expect(await desk.signIn(link)).toBe(303);
  return { command, desk };
}

/** Writes new stories one after another until the server is gone; notes what was acknowledged. */
async function write(desk: DeskClient, publishing: boolean): Promise<void> {
  for (;;) {
    serial += 1;
    const id = `20210101-${String(serial).padStart(6, '0')}aa`;
    try {
      const photos = await desk.photos(tinyPhotos.a, tinyPhotos.b);
      const story = writtenStory('jiefang', id, photos, { title: `第${serial}篇` });
      const answer = publishing ? await desk.saveAndPublish(story) : await desk.save(story, null);
      if (answer.status !== 200) throw new Error(JSON.stringify(answer.body));
      saved.set(id, { story, published: publishing });
    } catch (error) {
      if (error instanceof TypeError) return;
      throw error;
    }
  }
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

afterAll(() => {
  content.dispose();
  rmSync(data, { recursive: true, force: true });
});

test.each([
  ['saves', false],
  ['publishes', true],
])(
  `killed ${KILLS} times during %s: nothing acknowledged is lost, nothing is half there`,
  async (_name, publishing) => {
    saved.clear();
    for (let kill = 0; kill < KILLS; kill += 1) {
      const { command, desk } = await start();
      const writers = Array.from({ length: WRITERS }, async () => write(desk, publishing));
      await new Promise((resolve) => setTimeout(resolve, random.between(...window)));
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

// A job on a text that exceeds its time limit is stopped together with its thread. A new thread runs the next job.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { draftJobs } from '../../../src/desk/drafts/draft-job-file.ts';
import { readVersion } from '../../../src/desk/history/version.ts';
import { pageJobs } from '../../../src/desk/pages/page-job-file.ts';
import { TextThreads, type TextThreadsOptions } from '../../../src/desk/texts/text-threads.ts';

const LONG_ENOUGH = 300_000;
const options: TextThreadsOptions = {};
let threads: TextThreads;

beforeAll(() => {
  threads = new TextThreads(options);
});

afterAll(async () => threads.close());

const file = 'stories/jiefang/20210319-213000ef/index.md';
const raw = '---\ntitle: 标题\nunit: jiefang\nphotos: [{ src: a.jpg }]\n---\n\n正文\n';

/**
 * Returns a version whose text has half a million characters: comparing two such versions takes seconds. `step`
 * determines the order of the lines.
 */
function longVersion(step: number) {
  const lines = Array.from({ length: 80_000 }, (_, at) => `${(at * step) % 80_000}\n`);
  return { commit: '0'.repeat(40), text: `---\ntitle: 甲\n---\n${lines.join('')}`, photos: new Map<string, string>() };
}

test('A job that takes too long is ended with a sentence, and a new thread does the next, every time', async () => {
  const name = {
    collection: 'stories' as const,
    key: '20210319-213000ef',
    slug: 'jiefang/20210319-213000ef/index',
    file,
    folder: 'stories/jiefang/20210319-213000ef',
    ref: '',
  };
  const chapter = {
    commit: '0'.repeat(40),
    change: 'saved' as const,
    author: { name: '甲', login: 'zhao' },
    at: '2021-03-19T00:00:00Z',
    subject: '保存',
    reason: undefined,
    line: 'draft' as const,
    isVersion: true,
  };
  const comparison = (from: ReturnType<typeof longVersion>, to: ReturnType<typeof longVersion>) =>
    threads.ask('zhao', pageJobs, 'comparisonHtml', {
      editor: { id: '1', login: 'zhao', name: '甲', role: 'author', unit: 'jiefang' },
      view: { name, title: '甲', items: [chapter] },
      items: { from: chapter, to: chapter },
      versions: [readVersion(name, from), readVersion(name, to)],
      names: new Map(),
    });
  options.timeout = LONG_ENOUGH;
  // Starts the thread and lets it load its code, so that the short time limit does not include this.
  expect(await comparison(longVersion(1), longVersion(1))).toContain('两版没有不同');
  for (let time = 0; time < 3; time += 1) {
    options.timeout = 200;
    await expect(comparison(longVersion(1), longVersion(7919))).rejects.toMatchObject({
      status: 422,
      message: expect.stringMatching(/停了下来，没有处理。.+请删去，或分成几篇/u),
    });
    options.timeout = LONG_ENOUGH;
    expect(await threads.ask('zhao', draftJobs, 'facts', { file, text: raw })).toMatchObject({ title: '标题' });
  }
});

test('A refusal is passed from the thread as a refusal', async () => {
  const planted = raw.replace('src: a.jpg', 'src: a.jpg, exemption: { reason: 老照片, by: 李审核 }');
  const writer = { login: 'zhao', name: '甲', role: 'author' as const, unit: 'jiefang' };
  const stored = { published: undefined, base: undefined };
  const job = { file, raw: planted, stored, writer, lenient: false };
  expect(await threads.ask('zhao', draftJobs, 'sentDocument', job)).toMatchObject({
    unit: 'jiefang',
    photos: ['a.jpg'],
    settled: { status: 403 },
  });
});

// What takes too long with a text is ended, and the next goes on: threads are replaced.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { draftJobs } from '../../../src/desk/drafts/draft-job-file.ts';
import { pageJobs } from '../../../src/desk/pages/page-job-file.ts';
import { TextThreads, type TextThreadsOptions } from '../../../src/desk/texts/text-room.ts';

const LONG_ENOUGH = 300_000;
const options: TextThreadsOptions = {};
let room: TextThreads;

beforeAll(() => {
  room = new TextThreads(options);
});

afterAll(async () => room.close());

const file = 'stories/jiefang/20210319-213000ef/index.md';
const raw = '---\ntitle: 标题\nunit: jiefang\nphotos: [{ src: a.jpg }]\n---\n\n正文\n';

/** A version of half a million characters, which takes seconds to compare with another. */
function longVersion(step: number) {
  const lines = Array.from({ length: 80_000 }, (_, at) => `${(at * step) % 80_000}\n`);
  return { commit: '0'.repeat(40), text: `---\ntitle: 甲\n---\n${lines.join('')}`, photos: new Map<string, string>() };
}

test('a job that takes too long is ended with a sentence; then a new thread does the next, again and again', async () => {
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
    deed: 'saved' as const,
    author: { name: '甲', login: 'zhao' },
    at: '2021-03-19T00:00:00Z',
    subject: '保存',
    reason: undefined,
    line: 'draft' as const,
    isVersion: true,
  };
  const comparison = (from: ReturnType<typeof longVersion>, to: ReturnType<typeof longVersion>) =>
    room.ask('zhao', pageJobs, 'comparisonHtml', {
      editor: { id: '1', login: 'zhao', name: '甲', role: 'author', unit: 'jiefang' },
      view: { name, title: '甲', items: [chapter] },
      items: { from: chapter, to: chapter },
      versions: { from, to },
      names: new Map(),
    });
  options.patience = LONG_ENOUGH;
  // The thread has begun, and knows how.
  expect(await comparison(longVersion(1), longVersion(1))).toContain('两版没有不同');
  for (let time = 0; time < 3; time += 1) {
    options.patience = 200;
    await expect(comparison(longVersion(1), longVersion(7919))).rejects.toMatchObject({
      status: 422,
      message: expect.stringMatching(/停了下来，没有处理。.+请删去，或分成几篇/u),
    });
    options.patience = LONG_ENOUGH;
    expect(await room.ask('zhao', draftJobs, 'facts', { file, text: raw })).toMatchObject({ title: '标题' });
  }
});

test('a refusal comes out of a thread as the sentence that it is', async () => {
  const planted = raw.replace('src: a.jpg', 'src: a.jpg, exemption: { reason: 老照片, by: 李审核 }');
  const writer = { login: 'zhao', name: '甲', role: 'author' as const, unit: 'jiefang' };
  const standing = { published: undefined, base: undefined };
  expect(await room.ask('zhao', draftJobs, 'settledText', { file, raw: planted, standing, writer })).toMatchObject({
    status: 403,
  });
});

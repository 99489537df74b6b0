import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { FixtureContent, photo, writeGround, writeStory } from '../fixtures/content.ts';
import { SiteFolder } from '../fixtures/desk/publishing.ts';
import { RunningCommand } from '../fixtures/command.ts';

const STORY = 'stories/jiefang/20210319-213000ef/index.md';
const OTHER = 'stories/wenxian/20210320-213000ef/index.md';
let content: FixtureContent;
let site: SiteFolder;

async function command(name: string, environment: Record<string, string> = {}) {
  const running = new RunningCommand(name, {
    CONTENT_DIR: content.root,
    OUT_DIR: site.output,
    CACHE_DIR: site.root,
    ...environment,
  });
  return { code: await running.ended(), output: running.output };
}

beforeEach(() => {
  content = new FixtureContent();
  site = new SiteFolder();
  writeGround(content);
  writeStory(content, '20210319-213000ef', 'jiefang');
  writeStory(content, '20210320-213000ef', 'wenxian');
});

afterEach(() => {
  content.dispose();
  site.dispose();
});

const linesOf = (output: string): string[] => output.trim().split('\n');

test('Photos are inspected once: a second check inspects none', async () => {
  expect(linesOf((await command('check')).output)).toContain('查看照片 4/4');
  content.write('stories/jiefang/20210319-213000ef/a.jpg', await photo(40, 30));
  expect(linesOf((await command('check')).output)).toContain('查看照片 1/1');
  expect((await command('check')).output).not.toContain('查看照片');
});

test('Content without faults passes', async () => {
  expect(await command('check')).toMatchObject({ code: 0, output: expect.stringContaining('没有问题') });
});

test('An error waived by a reviewer is a remark that names the reviewer and the reason, and the check passes', async () => {
  content.write('stories/wenxian/20210320-213000ef/b.jpg', await photo(18, 31));
  const exemption = '    exemption:\n      reason: 唯一的现场照片\n      by: 李审核\n';
  content.edit(OTHER, /(src: b\.jpg\n(?: {4}.*\n)+)/u, `$1${exemption}`);
  const { code, output } = await command('check');
  expect(code).toBe(0);
  expect(output).toMatch(new RegExp(`⚠ ${OTHER} · 第 2 张照片.*只有 18×31 像素.*李审核.*唯一的现场照片`, 'u'));
  expect(output).toContain('共 1 处提醒。');
});

test('Every fault of every file is listed with file, field, what is wrong and what to do, and the exit code is 1', async () => {
  content.edit(STORY, /^title: .*$/mu, 'title: 一');
  content.edit(STORY, 'credit: 示例', 'credits: 示例');
  content.edit(STORY, 'activity: legal-aid', 'activity: nothing');
  content.edit(OTHER, 'date: 2021-03-17', 'date: 2021-02-30');
  content.edit(OTHER, '正文写在这里。', '字'.repeat(2001));
  content.write('stories/wenxian/20210320-213000ef/b.jpg', await photo(18, 31));
  content.write('units/broken.yml', 'name: "坏');
  const { code, output } = await command('check');
  expect(code).toBe(1);
  expect(linesOf(output).filter((line) => !line.startsWith('查看照片'))).toEqual([
    `✗ ${STORY} · 标题（title）：标题只有 1 字，至少 2 字。请写 2–40 字。`,
    `✗ ${STORY} · 第 1 张照片·摄影（photos.0.credit）：缺少摄影。请写一写，不超过 40 字。`,
    `✗ ${STORY} · credits（photos.0.credits）：不认识的字段“credits”。请检查拼写，或删去这一行。`,
    `✗ ${STORY} · 所属活动（activity）：所属活动“nothing”不存在。请重新选一个；若那一篇自己有误，请先改正它。`,
    `✗ ${OTHER} · 日期（date）：日期不是一个真实的日期。请选一个真实的日期，例如 2021-03-17。`,
    `✗ ${OTHER} · 正文（body）：正文有 2001 字，超过上限 2000 字。请删减 1 字。`,
    `✗ ${OTHER} · 第 2 张照片（photos.1.src）：照片只有 18×31 像素，需要至少 32×18。请上传原图；经微信发送时请勾选“原图”。确实没有更好的，可请审核人写明理由豁免。`,
    expect.stringMatching(/^✗ units\/broken\.yml：第 1 行第 \d+ 列的 YAML 写法有误/u),
    '共 3 个文件有 8 处问题。',
  ]);
});

describe.each([
  ['build', {}],
  ['static build', { STATIC: '1' }],
])('%s', (_name, environment) => {
  test('refuses content with the same list as check, and leaves the earlier output unchanged', async () => {
    expect((await command('build', environment)).code).toBe(0);
    const before = site.page('index.html');
    content.edit(STORY, /^title: .*$/mu, 'title: 一');
    const checked = await command('check');
    const built = await command('build', environment);
    expect(built.code).toBe(1);
    expect(built.output).toBe(checked.output);
    expect(site.page('index.html')).toBe(before);
  });
});

test('A missing content folder is reported in one sentence', async () => {
  const { code, output } = await command('check', { CONTENT_DIR: `${content.root}/nowhere` });
  expect(code).toBe(1);
  expect(output).toMatch(/^找不到内容文件夹 .*：请检查 CONTENT_DIR。\n$/u);
});

test('A build ended while it draws posters reports it, keeps the rest, and continues from there', async () => {
  const environment = { CONTENT_DIR: content.root, OUT_DIR: site.output, CACHE_DIR: site.root };
  const running = new RunningCommand('build', environment);
  await running.printed(/搜索索引/u);
  expect(await running.stop('SIGTERM')).toBe(1);
  expect(running.output).toContain('海报没有画完就停了，其余都已完成');
  expect(running.output).not.toContain('构建完成');
  const next = await command('build');
  expect(next.code).toBe(0);
  expect(next.output).toContain('生成 0 页');
  expect(next.output).toMatch(/海报：[12] 张/u);
});

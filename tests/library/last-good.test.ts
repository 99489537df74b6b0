import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Publisher } from '../../src/render/publish/publisher.ts';
import { FixtureContent, photo, writeExample, writeGround, writeStory } from '../fixtures/content.ts';
import { SiteFolder } from '../fixtures/desk/publishing.ts';

const STORY = '20210319-213000ef';
const OTHER = '20210320-213000ef';
const EXAMPLE = '20210101-000000ex';
const page = `stories/${STORY}/index.html`;
const file = `stories/jiefang/${STORY}/index.md`;

let content: FixtureContent;
let site: SiteFolder;
let publisher: Publisher;

/** Publishes the content. Resolves to the faults, each as `<file>: <what>`. */
async function publish(): Promise<string[]> {
  const { faults } = await publisher.publish();
  return faults.map((fault) => `${fault.file}: ${fault.what}`);
}

async function restart(): Promise<void> {
  await publisher.close();
  publisher = await site.open(content);
}

beforeEach(async () => {
  content = new FixtureContent();
  site = new SiteFolder();
  writeGround(content);
  writeExample(content, EXAMPLE, 'wenxian');
  writeStory(content, STORY, 'jiefang', { title: '好的标题', examples: [EXAMPLE] });
  writeStory(content, OTHER, 'wenxian');
  publisher = await site.open(content);
  expect(await publish()).toEqual([]);
});

afterEach(async () => {
  await publisher.close();
  content.dispose();
  site.dispose();
});

describe('An entry that has become invalid keeps its last valid version', () => {
  test('and reports why, while other entries are updated', async () => {
    content.edit(file, 'title: 好的标题', 'title: 坏');
    content.edit(`stories/wenxian/${OTHER}/index.md`, `title: 故事 ${OTHER}`, 'title: 别人的新标题');
    expect(await publish()).toEqual([`${file}: 标题只有 1 字，至少 2 字`]);
    expect(site.page(page)).toContain('好的标题');
    expect(site.page(`stories/${OTHER}/index.html`)).toContain('别人的新标题');
  });

  test('and does not hide the faults of another entry', async () => {
    content.write(file, '不是一篇稿件');
    content.edit(`stories/wenxian/${OTHER}/index.md`, 'date: 2021-03-17', 'date: 2021-02-30');
    expect(await publish()).toEqual([
      `${file}: 找不到文件开头的信息栏`,
      `stories/wenxian/${OTHER}/index.md: 日期不是一个真实的日期`,
    ]);
  });

  test('even when its page must be rendered again by a new process', async () => {
    content.write(file, '---\n坏了');
    await publish();
    await restart();
    content.edit('units/jiefang.yml', 'name: jiefang总工会', 'name: 改了名的总工会');
    expect(await publish()).toEqual([`${file}: 找不到文件开头的信息栏`]);
    expect(site.page(page)).toContain('改了名的总工会');
    expect(site.page(page)).toContain('好的标题');
  });

  test('when a photo is replaced by a too small one or by text, or is missing', async () => {
    const picture = `stories/jiefang/${STORY}/a.jpg`;
    const before = site.page(page);
    content.write(picture, await photo(31, 18));
    expect(await publish()).toEqual([`${file}: 照片只有 31×18 像素，需要至少 32×18`]);
    content.write(picture, 'text');
    expect((await publish())[0]).toContain(file);
    content.remove(picture);
    expect(await publish()).toEqual([`${file}: 找不到照片文件“a.jpg”`]);
    expect(site.page(page)).toBe(before);
    content.write(picture, await photo(64, 36));
    expect(await publish()).toEqual([]);
    expect(site.page(page)).not.toBe(before);
  });

  test('and is updated as soon as it is corrected', async () => {
    content.edit(file, 'title: 好的标题', 'title: 坏');
    await publish();
    content.edit(file, 'title: 坏', 'title: 更好的标题');
    expect(await publish()).toEqual([]);
    expect(site.page(page)).toContain('更好的标题');
  });

  test('A new entry with a fault is left out and reported', async () => {
    writeStory(content, '20210321-213000ef', 'jiefang', { title: '一' });
    expect(await publish()).toHaveLength(1);
    expect(() => site.page('stories/20210321-213000ef/index.html')).toThrow();
  });
});

describe('References', () => {
  test.each([
    ['unit', 'unit: jiefang', 'unit: nowhere', '单位写的是“nowhere”，所在文件夹是“jiefang”'],
    ['activity', 'activity: legal-aid', 'activity: nothing', '所属活动“nothing”不存在'],
    ['example', EXAMPLE, '20200101-000000zz', '先进典型“20200101-000000zz”不存在'],
  ])('to an unknown %s are refused', async (_kind, from, to, what) => {
    content.edit(file, from, to);
    expect((await publish()).join()).toContain(what);
  });

  test('to an unknown unit are refused when the folder also names it', async () => {
    writeStory(content, '20210322-213000ef', 'nowhere');
    expect(await publish()).toEqual(['stories/nowhere/20210322-213000ef/index.md: 单位“nowhere”不存在']);
    content.write('units/nowhere.yml', content.read('units/jiefang.yml'));
    expect(await publish()).toEqual([]);
  });

  test('keep a deleted entry published: the refusal lists what refers to it', async () => {
    content.remove(`examples/wenxian/${EXAMPLE}`);
    expect(await publish()).toEqual([`examples/wenxian/${EXAMPLE}/index.md: 文件已删去，但还有 1 处引用它：${file}`]);
    expect(site.page(`examples/${EXAMPLE}/index.html`)).toContain('典型');
    content.edit(file, /examples:\n *- .*\n/u, '');
    expect(await publish()).toEqual([]);
    expect(() => site.page(`examples/${EXAMPLE}/index.html`)).toThrow();
  });

  test('do not keep entries that are deleted together with what refers to them', async () => {
    content.remove(`examples/wenxian/${EXAMPLE}`);
    content.remove(`stories/jiefang/${STORY}`);
    expect(await publish()).toEqual([]);
    expect(() => site.page(page)).toThrow();
  });
});

describe('Keys are unique', () => {
  test('A second story with the same id is refused, and the first stays', async () => {
    writeStory(content, STORY, 'wenxian', { title: '同一个编号' });
    expect(await publish()).toEqual([`stories/wenxian/${STORY}/index.md: 编号与 ${file} 重复`]);
    expect(site.page(page)).toContain('好的标题');
  });

  test('A story that moves to another unit is no duplicate of itself', async () => {
    content.move(`stories/jiefang/${STORY}`, `stories/wenxian/${STORY}`);
    content.edit(`stories/wenxian/${STORY}/index.md`, 'unit: jiefang', 'unit: wenxian');
    expect(await publish()).toEqual([]);
    expect(site.page(page)).toContain('wenxian总工会');
  });
});

test('A file where no entry may be is reported', async () => {
  content.write('stories/readme.md', 'x');
  content.write('说明.docx', 'x');
  expect(await publish()).toEqual([
    'stories/readme.md: 这个位置不放文件，网站不会显示它',
    '说明.docx: 这个位置不放文件，网站不会显示它',
  ]);
  content.remove('stories/readme.md');
  content.remove('说明.docx');
  expect(await publish()).toEqual([]);
});

test('Published entries stay when rules become stricter, and later changes are judged by the new rules', async () => {
  content.edit('site.yml', 'textLimit: 2000', 'textLimit: 3');
  expect(await publish()).toEqual([]);
  content.edit(file, '好的标题', '改过的标题');
  expect(await publish()).toEqual([`${file}: 正文有 7 字，超过上限 3 字`]);
  expect(site.page(page)).toContain('好的标题');
});

import { describe, expect, test } from 'vitest';
import { stringify } from 'yaml';
import { parseDocumentFile } from '../../../src/model/document.ts';
import { entryAt, entryFileOf } from '../../../src/model/entry-path.ts';
import { judgeDocument, noticeLimits } from '../../../src/model/rules.ts';
import {
  exampleData,
  markdown,
  noticeData,
  photoData,
  siteData,
  storyData,
  summaryData,
  unitData,
  wishData,
  type FrontMatter,
} from '../../fixtures/content.ts';

const ID = '20210319-213000ef';
const STORY = `stories/jiefang/${ID}/index.md`;

/** Returns the faults of an entry's file, each as `<field>: <what>`. */
function faults(file: string, source: string): string[] {
  const address = entryAt(file);
  if (!address) throw new Error(`${file} is no entry's file`);
  const document = parseDocumentFile(file, source);
  if ('what' in document) return [`: ${document.what}`];
  return judgeDocument(address, document, noticeLimits).faults.map(({ field, what }) => `${field}: ${what}`);
}

const story = (changes: FrontMatter, body?: string) => faults(STORY, markdown(storyData(ID, 'jiefang', changes), body));
const photos = (changes: FrontMatter) => ({ photos: [photoData('a.jpg'), { ...photoData('b.jpg'), ...changes }] });

describe('A story', () => {
  test('that follows every rule has no faults', () => expect(story({})).toEqual([]));

  test.each<[string, FrontMatter, string[]]>([
    ['title of 2 字', { title: '两字' }, []],
    ['title of 1 字', { title: '一' }, ['title: 标题只有 1 字，至少 2 字']],
    ['title of 40 字', { title: '题'.repeat(40) }, []],
    ['title of 41 字', { title: '题'.repeat(41) }, ['title: 标题有 41 字，最多 40 字']],
    ['no title', { title: undefined }, ['title: 缺少标题']],
    ['a title that is a number', { title: 2021 }, ['title: 标题应是文字；纯数字请加引号']],
    ['an impossible date', { date: '2021-02-30' }, ['date: 日期不是一个真实的日期']],
    ['a date in words', { date: '三月' }, ['date: 日期不是一个真实的日期']],
    ['no date', { date: null }, ['date: 缺少日期']],
    ['summary of 120 字', { summary: '要'.repeat(120) }, []],
    ['summary of 121 字', { summary: '要'.repeat(121) }, ['summary: 摘要有 121 字，最多 120 字']],
    ['volunteers 0', { volunteers: 0 }, []],
    ['volunteers −1', { volunteers: -1 }, ['volunteers: 参加人次不能小于 0']],
    ['volunteers as words', { volunteers: '六人' }, ['volunteers: 参加人次写的是“六人”，要写整数']],
    ['half an hour', { hours: 0.5 }, []],
    ['period of April', { period: '2021-04' }, []],
    ['period of any month', { period: '2021-05' }, []],
    ['period of a month that does not exist', { period: '2021-13' }, ['period: 报送期的写法不对']],
    ['author = proofreader', { proofreader: '甲' }, ['proofreader: 校对与撰稿相同']],
    ['an unknown key', { titel: 'x' }, ['titel: 不认识的字段“titel”']],
    ['a unit other than its folder', { unit: 'wenxian' }, ['unit: 单位写的是“wenxian”，所在文件夹是“jiefang”']],
    ['one photo', { photos: [photoData('a.jpg')] }, ['photos: 有 1 张照片']],
    ['three photos', { photos: ['a', 'b', 'c'].map((n) => photoData(`${n}.jpg`)) }, []],
    ['four photos', { photos: ['a', 'b', 'c', 'd'].map((n) => photoData(`${n}.jpg`)) }, ['photos: 有 4 张照片']],
    ['no photos', { photos: undefined }, ['photos: 缺少照片']],
    [
      'the same photo twice',
      { photos: [photoData('a.jpg'), photoData('a.jpg')] },
      ['photos.1.src: 第 2 张照片与前面的是同一个文件'],
    ],
    ['photo without caption', photos({ caption: undefined }), ['photos.1.caption: 缺少图片说明']],
    ['caption of 9 字', photos({ caption: '说'.repeat(9) }), ['photos.1.caption: 图片说明只有 9 字，至少 10 字']],
    ['caption of 10 字', photos({ caption: '说'.repeat(10) }), []],
    ['caption of 60 字', photos({ caption: '说'.repeat(60) }), []],
    ['caption of 61 字', photos({ caption: '说'.repeat(61) }), ['photos.1.caption: 图片说明有 61 字，最多 60 字']],
    ['photo without alt', photos({ alt: '' }), ['photos.1.alt: 缺少替代文字']],
    ['photo without credit', photos({ credit: undefined }), ['photos.1.credit: 缺少摄影']],
    ['photo without consent', photos({ consent: undefined }), ['photos.1.consent: 缺少肖像许可']],
    ['unknown consent', photos({ consent: 'maybe' }), ['photos.1.consent: 肖像许可“maybe”不在可选之列']],
    ['photo in another folder', photos({ src: '../x/b.jpg' }), ['photos.1.src: 照片文件的写法不对']],
  ])('%s', (_case, changes, expected) => expect(story(changes)).toEqual(expected));

  test.each([
    ['2000 字', '字'.repeat(2000), []],
    ['2001 字', '字'.repeat(2001), ['body: 正文有 2001 字，超过上限 2000 字']],
    ['markup around 2000 字', `## ${'字'.repeat(10)}\n\n**${'字'.repeat(1990)}**`, []],
    ['no text', ' ', ['body: 缺少正文']],
    ['a picture in the text', '看\n\n![图](a.jpg)', ['body: 正文里插了图片']],
  ])('body with %s', (_case, body, expected) => expect(story({}, body)).toEqual(expected));

  test('gets all its faults at once', () => {
    expect(story({ title: '一', date: 'x', photos: [] }, '字'.repeat(2001))).toHaveLength(4);
  });

  test('Faults name the field as the form does, and say what to do', () => {
    const address = entryAt(STORY);
    const document = parseDocumentFile(STORY, markdown(storyData(ID, 'jiefang', photos({ caption: '短' }))));
    if (!address || 'what' in document) throw new Error('fixture');
    expect(judgeDocument(address, document, noticeLimits).faults).toEqual([
      {
        file: STORY,
        field: 'photos.1.caption',
        label: '第 2 张照片·图片说明',
        what: '图片说明只有 1 字，至少 10 字',
        remedy: '请写 10–60 字。',
      },
    ]);
  });
});

describe('Files that cannot be parsed', () => {
  test.each([
    ['no front matter', '正文', '找不到文件开头的信息栏'],
    ['unclosed front matter', '---\ntitle: x\n', '找不到文件开头的信息栏'],
    ['broken YAML, with its line', '---\ntitle: "x\ndate: 2021-01-01\n---\n正文', 'YAML 写法有误'],
    ['the same key twice', '---\ntitle: x\ntitle: y\n---\n正文', '第 3 行'],
    [
      'an alias bomb',
      `---\na: &a [x, x]\n${'b: &b [*a, *a]\n'.replaceAll('b', 'b')}c: &c [*b, *b, *b, *b, *b, *b, *b, *b, *b, *b, *b, *b]\nd: [*c, *c, *c, *c, *c, *c, *c, *c, *c, *c]\n---\n`,
      '引用过多',
    ],
  ])('%s', (_case, source, what) => expect(faults(STORY, source).join()).toContain(what));

  test('A byte-order mark and CRLF do no harm', () => {
    const source = `\ufeff${markdown(storyData(ID, 'jiefang')).replaceAll('\n', '\r\n')}`;
    expect(faults(STORY, source)).toEqual([]);
  });
});

describe('The other collections', () => {
  test.each<[string, string, string[]]>([
    [`examples/jiefang/${ID}/index.md`, markdown(exampleData(ID, 'jiefang')), []],
    [
      `examples/jiefang/${ID}/index.md`,
      markdown(exampleData(ID, 'jiefang', { kind: 'hero' })),
      ['kind: 类别“hero”不在可选之列'],
    ],
    ['summaries/jiefang/2020/index.md', markdown(summaryData('jiefang', 2020)), []],
    [
      'summaries/jiefang/2020/index.md',
      markdown(summaryData('jiefang', 2021)),
      ['year: 年度写的是“2021”，所在文件夹是“2020”'],
    ],
    [`wishes/${ID}.yml`, stringify(wishData(ID, 'jiefang')), []],
    [
      `wishes/${ID}.yml`,
      stringify(wishData(ID, 'jiefang', { wish: '愿'.repeat(61) })),
      ['wish: 心愿有 61 字，最多 60 字'],
    ],
    [`wishes/${ID}.yml`, stringify(wishData(ID, 'jiefang', { state: '' })), ['state: 状态“”不在可选之列']],
    ['units/jiefang.yml', stringify(unitData('jiefang')), []],
    ['units/jiefang.yml', stringify(unitData('jiefang', { active: '是' })), ['active: 在用应是“是”或“否”']],
    ['notices/a.md', markdown(noticeData()), []],
    ['site.yml', stringify(siteData()), []],
    [
      'site.yml',
      stringify(siteData({ photo: { longSide: 1920, shortSide: 1080, min: 4, max: 3 } })),
      ['photo.max: 最多张数小于最少张数'],
    ],
  ])('%s', (file, source, expected) => expect(faults(file, source)).toEqual(expected));
});

describe('Paths', () => {
  test.each([
    ['stories/jiefang/20210319-213000ef/index.md', 'stories', '20210319-213000ef'],
    ['summaries/jiefang/2020/index.md', 'summaries', 'jiefang/2020'],
    ['units/jiefang.yml', 'units', 'jiefang'],
    ['site.yml', 'site', ''],
  ])('%s is %s %s', (file, collection, key) => expect(entryAt(file)).toMatchObject({ collection, key }));

  test.each([
    ['stories/jiefang/x/a.jpg', 'stories/jiefang/x/index.md'],
    ['examples/jiefang/x/a.jpg', 'examples/jiefang/x/index.md'],
    ['units/a.jpg', undefined],
    ['stories/x.md', undefined],
    ['README.md', undefined],
    ['../site.yml', undefined],
  ])('%s belongs to %s', (file, entry) => expect(entryFileOf(file)).toBe(entry));
});

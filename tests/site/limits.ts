// The sample content with an additional story that is as large as the rules allow.
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PROJECT_ROOT } from '../../src/render/compile/build-cache.ts';
import { countCharacters } from '../../src/text/count.ts';
import { FixtureContent, markdown, remarked, storyData } from '../fixtures/content.ts';

const CONTENT = join(PROJECT_ROOT, 'content');
/** Id of the additional story. */
export const LARGEST = '20210630-235959zz';
/** Number of characters (字) that the body of a story may have. */
const TEXT_LIMIT = 2000;

/**
 * Returns the paragraphs of all sample stories: the first paragraph of each story, then the second of each, and so on.
 * A text of such paragraphs has no more repetitions than other prose, so it does not compress better.
 */
function paragraphs(): string[] {
  const bodies = globSync('stories/*/*/index.md', { cwd: CONTENT })
    .sort()
    .map((path) => readFileSync(join(CONTENT, path), 'utf8').split(/^---\n/mu, 3)[2] ?? '')
    .map((body) => body.split(/\n\n+/u).filter((block) => /^[\p{Script=Han}“]/u.test(block)));
  const longest = Math.max(...bodies.map((blocks) => blocks.length));
  return Array.from({ length: longest }).flatMap((_, at) => bodies.flatMap((blocks) => blocks.slice(at, at + 1)));
}

/** Returns a body with exactly TEXT_LIMIT characters: paragraphs of the sample stories, filled up with 完. */
function longestBody(): string {
  let body = '';
  for (const paragraph of paragraphs()) {
    if (countCharacters(body + paragraph) > TEXT_LIMIT) break;
    body += `${paragraph}\n\n`;
  }
  return `${body}${'完'.repeat(TEXT_LIMIT - countCharacters(body))}`;
}

/**
 * Returns a copy of the sample content, to which the story LARGEST is added. The settings are those of a site in
 * operation, not of a sample, and the stories have the date that a desk adds when it publishes one. The caller disposes
 * of the copy.
 */
export function contentAtTheLimits(): FixtureContent {
  const content = new FixtureContent(CONTENT).copy();
  const photos = globSync('stories/*/*/*.jpg', { cwd: CONTENT }).sort().slice(0, 3);
  const folder = `stories/wenxian/${LARGEST}`;
  const caption =
    '一段有六十个字的图片说明，写清楚了什么时候、什么地方、什么人、正在做什么，以及这张照片为什么要放在这里给人看的（示例）';
  const data = storyData(LARGEST, 'wenxian', {
    title: '一个写满四十个字的标题，用来看看最长的一篇故事打开时要从网络上取多少字节的内容',
    date: '2021-06-29',
    summary: '一段写满了的摘要。'.repeat(13),
    volunteers: 1234,
    hours: 5678,
    beneficiaries: 91011,
    photos: photos.map((_, at) => ({
      src: `${at}.jpg`,
      alt: '一张示例照片，画面上的东西在这里逐一说给看不见的人听，说得很细',
      caption: `${at}${caption}`.slice(0, 60),
      credit: '示例摄影者',
      consent: 'public',
    })),
  });
  content.write(`${folder}/index.md`, markdown(data, longestBody()));
  photos.forEach((path, at) => {
    content.write(`${folder}/${at}.jpg`, remarked(readFileSync(join(CONTENT, path)), LARGEST));
  });
  for (const path of globSync('stories/*/*/index.md', { cwd: content.root })) {
    content.edit(path, /^date: (.*)$/mu, 'date: $1\npublished: 2021-07-02');
  }
  // A site in operation, unlike a sample, also shows its registration numbers.
  content.edit(
    'site.yml',
    /^sample: true$/mu,
    [
      'sample: false',
      'icp: 豫ICP备20210319号-1',
      'police: 豫公网安备 41080002000001号',
      'mark: https://bszs.conac.cn/sitename?method=show&id=53B0E0A1C2D3E4F5E053022819AC1F2A',
    ].join('\n'),
  );
  return content;
}

// A story as large as the rules allow, within the sample content.
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PROJECT_ROOT } from '../../src/render/compile/build-cache.ts';
import { countCharacters } from '../../src/text/count.ts';
import { FixtureContent, markdown, remarked, storyData } from '../fixtures/content.ts';

const CONTENT = join(PROJECT_ROOT, 'content');
export const LARGEST = '20210630-235959zz';
const TEXT_LIMIT = 2000;

/**
 * Returns paragraphs of all sample stories, taken from each in turn, so that the text repeats no more than prose does.
 */
function paragraphs(): string[] {
  const bodies = globSync('stories/*/*/index.md', { cwd: CONTENT })
    .sort()
    .map((path) => readFileSync(join(CONTENT, path), 'utf8').split(/^---\n/mu, 3)[2] ?? '')
    .map((body) => body.split(/\n\n+/u).filter((block) => /^[\p{Script=Han}“]/u.test(block)));
  const longest = Math.max(...bodies.map((blocks) => blocks.length));
  return Array.from({ length: longest }).flatMap((_, at) => bodies.flatMap((blocks) => blocks.slice(at, at + 1)));
}

/** Returns as much of the sample stories' prose as a story may have. */
function longestBody(): string {
  let body = '';
  for (const paragraph of paragraphs()) {
    if (countCharacters(body + paragraph) > TEXT_LIMIT) break;
    body += `${paragraph}\n\n`;
  }
  return `${body}${'完'.repeat(TEXT_LIMIT - countCharacters(body))}`;
}

/** Returns a copy of the sample content with the largest story added. */
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
  // With registration numbers, as a site has that is no sample any more.
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

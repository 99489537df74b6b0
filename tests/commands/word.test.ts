// npm run word: what the Word reader makes of files, as a line of JSON for each or as text for people.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { RunningCommand } from '../fixtures/command.ts';
import { FixtureContent, photo, writeGround } from '../fixtures/content.ts';
import { picture } from '../fixtures/word/word-case.ts';
import { wordFile } from '../fixtures/word/word-file.ts';
import { body, centred, inlinePicture, paragraph, plain, right, title } from '../fixtures/word/word-xml.ts';

const folder = mkdtempSync(join(tmpdir(), 'word-'));
const content = new FixtureContent();
const [story, blank, old] = ['story.docx', 'blank.docx', 'old.doc'].map((name) => join(folder, name));
const missing = join(folder, 'missing.docx');

const line = z.record(z.string(), z.unknown());

async function word(...args: (string | undefined)[]): Promise<{ code: number | null; output: string }> {
  const given = args.filter((arg) => arg !== undefined);
  const command = new RunningCommand('word', { CONTENT_DIR: content.root }, given);
  return { code: await command.ended(), output: command.output };
}

/** Returns the lines of an output as JSON. */
function linesOf(output: string): Record<string, unknown>[] {
  return output
    .trim()
    .split('\n')
    .map((one) => line.parse(JSON.parse(one)));
}

beforeAll(async () => {
  writeGround(content);
  content.write('units/wenxian.yml', 'name: 温县总工会\nshort: 温县\naliases: []\nkind: county\nactive: true\n');
  const jpeg = await photo(640, 480);
  const text = wordFile({
    body: [
      title('井台边'),
      body('5月20日，志愿者修好了老井的井台。'),
      paragraph(inlinePicture('rIdP1', { crop: 'l="20000"' }), { align: 'center' }),
      centred('井台修好了（林夕 摄）'),
      paragraph(inlinePicture('rIdP2'), { align: 'center' }),
      plain('活动地点：老井旁'),
      right('撰稿：温县总工会 林夕'),
    ].join(''),
    media: { 'image1.jpeg': jpeg, 'image2.jpeg': picture(1) },
    modified: '2021-05-22T08:00:00Z',
  });
  writeFileSync(story ?? '', text);
  writeFileSync(blank ?? '', wordFile({ body: plain('') }));
  writeFileSync(old ?? '', Uint8Array.of(0xd0, 0xcf, 0x11, 0xe0, ...new Uint8Array(600)));
});

afterAll(() => {
  content.dispose();
  rmSync(folder, { recursive: true, force: true });
});

describe('npm run word', () => {
  test('prints one line of JSON for a document', async () => {
    const { code, output } = await word('--json', story);
    expect(code).toBe(0);
    expect(linesOf(output)).toEqual([
      {
        file: story,
        title: '井台边',
        author: '林夕',
        proofreader: '',
        unit: 'wenxian',
        date: '2021-05-20',
        place: '老井旁',
        summary: '',
        photos: [
          {
            bytes: (await photo(640, 480)).length,
            width: 640,
            height: 480,
            caption: '井台修好了',
            credit: '林夕',
            alt: '',
          },
          { bytes: picture(1).length, width: 0, height: 0, caption: '', credit: '', alt: '' },
        ],
        body: '5月20日，志愿者修好了老井的井台。',
        notes: ['有 1 张照片在 Word 里裁剪过，读入的是整张：裁掉的部分又看得见了。'],
        guesses: ['unit', 'date'],
      },
    ]);
  });

  test('prints a line for each file that is refused or cannot be read, and says so by its exit code', async () => {
    const refused = await word('--json', old, story, blank);
    expect(refused.code).toBe(1);
    const [first, second, third] = linesOf(refused.output);
    expect(Object.keys(first ?? {})).toEqual(['file', 'error']);
    expect(first?.['error']).toMatch(/^这是旧版 Word 文档（.doc），这里读不了。请用 Word 或 WPS 打开/u);
    expect(second?.['title']).toBe('井台边');
    expect(third?.['error']).toMatch(/^文档是空白的/u);
    const unread = await word('--json', missing, old);
    expect(unread.code).toBe(2);
    expect(linesOf(unread.output)[0]).toEqual({ file: missing, error: '读不到这个文件。请检查路径和读取权限。' });
  });

  test('says for people what was found, what was guessed and what is missing', async () => {
    const { code, output } = await word(story, blank);
    expect(code).toBe(1);
    for (const part of [
      `✓ ${story}`,
      '标题：井台边\n',
      '日期：2021-05-20（请核对：按正文的月日，年份是推测的）',
      '照片 1：640×480',
      '井台修好了；摄影 林夕',
      '提醒：有 1 张照片在 Word 里裁剪过',
      '    5月20日，志愿者修好了老井的井台。',
      `✗ ${blank}：文档是空白的`,
    ]) {
      expect(output).toContain(part);
    }
  });

  test('says how it is used if no file is given', async () => {
    const { code, output } = await word('--json');
    expect(code).toBe(2);
    expect(output).toContain('用法：npm run word -- [--json] Word 文件…');
  });
});

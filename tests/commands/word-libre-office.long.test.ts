// Documents that LibreOffice has saved again are read as before; what it saves in other formats is refused by name.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { WordRefused } from '../../src/word/package/refusal.ts';
import { readWord, type WordStory } from '../../src/word/read-word.ts';
import { officialDocuments } from '../fixtures/word/official-documents.ts';
import { SITE, type WordCase } from '../fixtures/word/word-case.ts';
import { photo } from '../fixtures/content.ts';
import { wordFile } from '../fixtures/word/word-file.ts';
import { body, centred, inlinePicture, paragraph, right, title } from '../fixtures/word/word-xml.ts';

const folder = mkdtempSync(join(tmpdir(), 'libre-office-'));

afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Has LibreOffice save a file in another format. Returns the path of the new file. */
function convert(file: string, format: string, ...options: readonly string[]): string {
  execFileSync('soffice', ['--headless', ...options, '--convert-to', format, '--outdir', folder, file], {
    stdio: 'ignore',
    env: { ...process.env, HOME: folder },
  });
  return join(folder, `${basename(file).replace(/\.\w+$/u, '')}.${format.split(':')[0] ?? ''}`);
}

/** Writes a file and returns its path. */
function written(name: string, bytes: Uint8Array): string {
  const file = join(folder, name);
  writeFileSync(file, bytes);
  return file;
}

function read(file: string): WordStory {
  return readWord(readFileSync(file), basename(file), SITE);
}

/** Returns the values of the fields, the body, and the words of the photos. */
function said({ fields, body: text, photos }: WordStory) {
  const values = Object.entries(fields).map(([name, { value }]) => [name, value] as const);
  return {
    fields: Object.fromEntries(values),
    text,
    photos: photos.map(({ caption, credit }) => ({ caption, credit })),
  };
}

const DOCX = 'docx:MS Word 2007 XML';

/** Made documents that keep what they say when LibreOffice saves them. */
const documents: WordCase[] = officialDocuments.filter(({ name }) =>
  /^(?:typed numbers|an advanced example|headings by two styles|a table of figures)/u.test(name),
);

describe('A document that LibreOffice has saved again', () => {
  test.each(documents)('$name', ({ name, bytes }) => {
    const before = said(readWord(bytes, 'x.docx', SITE));
    const odt = convert(written(`${name.slice(0, 10).replaceAll(' ', '-')}.docx`, bytes), 'odt');
    expect(said(read(convert(odt, DOCX)))).toEqual(before);
  });

  test('is read from a web page too: lists in lists, raised digits, quotations, tables, links', () => {
    const page = written(
      'page.html',
      new TextEncoder().encode(
        `<html><head><meta charset="utf-8"></head><body><h1 align="center">一张课桌</h1><p>2021年5月20日，温县总工会送课桌60张。</p><p>教室100m<sup>2</sup>，<s>旧</s>新。</p><ol><li>修门窗。<ul><li>门三扇</li><li>窗五扇</li></ul></li></ol><table border="1"><tr><td>课桌</td><td>60张</td></tr><tr><td>书包</td><td>60个</td></tr></table><blockquote>谢谢！</blockquote><p>见<a href="https://example.org/">网页</a>。</p></body></html>`,
      ),
    );
    const { fields, body: text, notes } = read(convert(page, DOCX, '--infilter=HTML (StarWriter)'));
    expect(fields.title?.value).toBe('一张课桌');
    expect(text).toBe(
      '2021年5月20日，温县总工会送课桌60张。\n\n教室100m²，旧新。\n\n1.修门窗。\n\n- 门三扇\n- 窗五扇\n\n| 课桌 | 60张 |\n| --- | --- |\n| 书包 | 60个 |\n\n> 谢谢！\n\n见[网页](https://example.org/)。',
    );
    expect(notes).toEqual(['有 1 处带删除线的文字照样读进了正文：不要的请删去。']);
  });

  test('keeps the bytes of its photos, through OpenDocument too', async () => {
    const picture = await photo(600, 400);
    const bytes = wordFile({
      body: [
        title('井台边'),
        body('2021年5月20日，温县总工会的志愿者修好了老井的井台。'),
        paragraph(inlinePicture('rIdP1'), { align: 'center' }),
        centred('井台修好了（林夕 摄）'),
        right('撰稿：温县总工会 林夕'),
      ].join(''),
      media: { 'image1.jpeg': picture },
    });
    const story = read(convert(convert(written('photo.docx', bytes), 'odt'), DOCX));
    expect(said(story).photos).toEqual([{ caption: '井台修好了', credit: '林夕' }]);
    expect(Buffer.compare(story.photos[0]?.bytes ?? new Uint8Array(), picture)).toBe(0);
  });
});

test.each([
  ['doc:MS Word 97', 'old-word'],
  ['rtf', 'rtf'],
  ['pdf', 'pdf'],
  ['odt', 'open-document'],
])('What LibreOffice saves as %s is refused as %s', (format, code) => {
  const file = convert(written('other.docx', officialDocuments[1]?.bytes ?? new Uint8Array()), format);
  let refused: unknown;
  try {
    read(file);
  } catch (error) {
    refused = error instanceof WordRefused ? error.refusal.code : error;
  }
  expect(refused).toBe(code);
});

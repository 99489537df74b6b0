// Files that are no readable Word documents: each is refused with a sentence that says what to do; none exhausts the
// memory, runs for long or reaches outside.
import { zipSync } from 'fflate';
import { describe, expect, test } from 'vitest';
import { LIMITS } from '../../../src/word/package/limits.ts';
import { WordRefused, type RefusalCode } from '../../../src/word/package/refusal.ts';
import { readWord, type WordStory } from '../../../src/word/read-word.ts';
import { picture, SITE } from '../../fixtures/word/word-case.ts';
import { documentPart, mainRelation, wordFile, zipOf } from '../../fixtures/word/word-file.ts';
import { centred, inlinePicture, numbered, paragraph, plain, run, title } from '../../fixtures/word/word-xml.ts';

/** Returns the code of the refusal of a file, or the story if it is read. */
function outcome(bytes: Uint8Array, name = 'x.docx'): RefusalCode | WordStory {
  try {
    return readWord(bytes, name, SITE);
  } catch (error) {
    if (error instanceof WordRefused) return error.refusal.code;
    throw error;
  }
}

function ascii(text: string): Uint8Array {
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}

/** Returns a compound file with streams of these names: the directory is in the second sector. */
function compound(...names: string[]): Uint8Array {
  const file = new Uint8Array(512 * 4);
  file.set([0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1]);
  const view = new DataView(file.buffer);
  ['Root Entry', ...names].forEach((name, index) => {
    const at = 512 + 128 * index;
    [...name].forEach((character, place) => view.setUint16(at + 2 * place, character.charCodeAt(0), true));
    view.setUint16(at + 64, 2 * (name.length + 1), true);
  });
  return file;
}

/** Returns a .docx with a main part of any text. */
function withMainPart(document: Uint8Array | string): Uint8Array {
  return zipOf({ '_rels/.rels': mainRelation(), 'word/document.xml': document });
}

const GOOD = wordFile({ body: title('题目') + plain('好') });

/** Returns a copy of a file with some bytes changed by `change`. */
function changed(file: Uint8Array, change: (view: DataView) => void): Uint8Array {
  const copy = file.slice();
  change(new DataView(copy.buffer));
  return copy;
}

/** Returns the offset of the first entry of a name in the directory of a zip file. */
function directoryEntry(file: Uint8Array, name: string): number {
  const needle = ascii(name);
  for (let at = file.length - needle.length; at >= 46; at -= 1) {
    const isThere = needle.every((byte, index) => file[at + index] === byte);
    if (isThere && file[at - 46] === 0x50 && file[at - 44] === 1) return at - 46;
  }
  throw new Error(`There is no entry ${name}.`);
}

const MAIN = 'word/document.xml';

describe('A file of another kind is refused', () => {
  const cases: [kind: string, bytes: Uint8Array, name: string, code: RefusalCode, sentence: string][] = [
    ['an empty file', new Uint8Array(), 'x.docx', 'empty', '文件是空的（0 字节）'],
    ['old Word', compound('WordDocument', '1Table'), 'x.doc', 'old-word', '这是旧版 Word 文档（.doc），这里读不了'],
    ['old Word with another name', compound('WordDocument'), 'x.docx', 'old-word', '另存为'],
    ['old WPS', compound('WordDocument', '1Table'), 'x.wps', 'old-wps', '这是 WPS 文字的旧格式（.wps），这里读不了'],
    [
      'a password',
      compound('EncryptionInfo', 'EncryptedPackage'),
      'x.docx',
      'password',
      '这个文档设了打开密码。请去掉密码',
    ],
    ['old Excel', compound('Workbook'), 'x.docx', 'excel', '这是 Excel 表格，不是 Word 文档'],
    ['old PowerPoint', compound('PowerPoint Document'), 'x.docx', 'slides', '这是演示文稿，不是 Word 文档'],
    ['PDF', ascii('%PDF-1.7\n'), 'x.docx', 'pdf', '这是 PDF，文字的段落和照片的原图都取不出来'],
    ['RTF', ascii('{\\rtf1\\ansi}'), 'x.doc', 'rtf', '这是 RTF 文档，这里读不了'],
    ['a web page', ascii('<html xmlns:w="x">正文</html>'), 'x.doc', 'web-page', '这是网页，只是名字像 Word 文档'],
    ['a web archive', ascii('MIME-Version: 1.0\r\n'), 'x.doc', 'web-page', '这是网页'],
    [
      'Word 2003 XML',
      ascii('<?xml version="1.0"?><w:wordDocument/>'),
      'x.xml',
      'word-xml',
      '这是 Word 2003 的 XML 文档',
    ],
    ['a RAR file', ascii('Rar!\x1a\x07'), 'x.docx', 'archive', '这是压缩包，不是 Word 文档。请先解压'],
    ['a photo', picture(1), 'x.docx', 'picture', '这是图片，不是 Word 文档'],
    ['a text', ascii('only text'), 'x.docx', 'other', '这不是 Word 文档'],
    ['a zip of photos', zipOf({ 'a.jpg': picture(1) }), 'x.docx', 'archive', '这是压缩包，不是 Word 文档'],
    [
      'Excel',
      zipOf({ '_rels/.rels': mainRelation('xl/workbook.xml'), 'xl/workbook.xml': '<x/>' }),
      'x.docx',
      'excel',
      '这是 Excel',
    ],
    ['PowerPoint', zipOf({ 'ppt/presentation.xml': '<x/>' }), 'x.docx', 'slides', '这是演示文稿'],
    [
      'OpenDocument',
      zipOf({ mimetype: 'application/vnd.oasis.opendocument.text', 'content.xml': '<x/>' }),
      'x.docx',
      'open-document',
      '这是 OpenDocument 文档',
    ],
    ['a blank document', wordFile({ body: plain('　') }), 'x.docx', 'no-text', '文档是空白的'],
  ];

  test.each(cases)('%s', (_, bytes, name, code, sentence) => {
    expect(outcome(bytes, name)).toBe(code);
    expect(() => readWord(bytes, name, SITE)).toThrow(sentence);
  });

  test('a file that is too heavy, but not one that just fits', () => {
    expect(outcome(new Uint8Array(LIMITS.file + 1))).toBe('too-heavy');
    expect(outcome(new Uint8Array(LIMITS.file))).toBe('other');
  });

  test('the word Book in an old Word document makes it no workbook', () => {
    const file = compound('WordDocument');
    [...'Book'].forEach((character, index) => file.set([character.charCodeAt(0), 0], 1200 + 2 * index));
    expect(outcome(file, 'x.doc')).toBe('old-word');
  });
});

describe('A damaged file is refused', () => {
  test.each([
    ['cut off at the end', GOOD.subarray(0, GOOD.length - 60)],
    ['cut off in the middle', GOOD.subarray(0, GOOD.length / 2)],
    ['only the signature', GOOD.subarray(0, 4)],
    [
      'a wrong byte in the text',
      changed(GOOD, (view) => {
        const at = view.getUint32(directoryEntry(GOOD, MAIN) + 42, true) + 30 + MAIN.length + 40;
        view.setUint8(at, view.getUint8(at) ^ 0xff);
      }),
    ],
    ['a wrong checksum', changed(GOOD, (view) => view.setUint32(directoryEntry(GOOD, MAIN) + 16, 1, true))],
    ['an unknown compression', changed(GOOD, (view) => view.setUint16(directoryEntry(GOOD, MAIN) + 10, 14, true))],
    [
      'more packed bytes than the file has',
      changed(GOOD, (view) => view.setUint32(directoryEntry(GOOD, MAIN) + 20, 1 << 28, true)),
    ],
    [
      'a header outside the file',
      changed(GOOD, (view) => view.setUint32(directoryEntry(GOOD, MAIN) + 42, 1 << 30, true)),
    ],
    ['an open element', withMainPart(documentPart(plain('好')).replace('</w:body>', ''))],
    ['an unknown entity', withMainPart(documentPart('<w:p><w:r><w:t>&e;</w:t></w:r></w:p>'))],
    ['an empty main part', withMainPart('')],
    ['a main part of another kind', withMainPart('<x/>')],
  ])('%s', (_, bytes) => {
    expect(outcome(bytes)).toBe('damaged');
  });

  test('an encrypted part says so', () => {
    const file = changed(GOOD, (view) => view.setUint16(directoryEntry(GOOD, MAIN) + 8, 1, true));
    expect(outcome(file)).toBe('password');
  });

  test('a damaged photo does not keep the text back', () => {
    const file = wordFile({
      body: title('题目') + plain('好') + paragraph(inlinePicture('rIdP1')),
      media: { 'image1.jpeg': picture(1) },
    });
    const entry = 'word/media/image1.jpeg';
    const story = outcome(changed(file, (view) => view.setUint32(directoryEntry(file, entry) + 16, 1, true)));
    expect(story).toMatchObject({ body: '好', photos: [], notes: ['有 1 张照片的数据已损坏，没有读入，请另外上传。'] });
  });
});

describe('A document that is made to harm', () => {
  const bomb = (bytes: number): Uint8Array => {
    const head = documentPart('').slice(0, -'<w:sectPr/></w:body></w:document>'.length);
    const content = new Uint8Array(bytes).fill(0x20);
    content.set(ascii(head));
    return withMainPart(content);
  };

  test('a zip bomb is refused, whatever size its directory states', () => {
    const file = bomb(LIMITS.xml + 1);
    expect(file.length).toBeLessThan(100_000);
    expect(outcome(file)).toBe('bomb');
    expect(outcome(changed(file, (view) => view.setUint32(directoryEntry(file, MAIN) + 24, 1000, true)))).toBe('bomb');
  });

  test('many parts that are large only together are refused', () => {
    const part = new Uint8Array(15 * 1024 * 1024).fill(0x20);
    const styles = new TextDecoder().decode(part);
    const file = wordFile({
      body: plain('好'),
      styles: `<x>${styles}</x>`,
      numbering: `<x>${styles}</x>`,
      footnotes: `<x>${styles}</x>`,
    });
    expect(outcome(file)).toBe('bomb');
  });

  test.each([
    ['an external entity', '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>', '&e;'],
    ['a billion laughs', `<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "${'&a;'.repeat(10)}">]>`, '&b;'],
    ['an external document type', '<!DOCTYPE x SYSTEM "http://127.0.0.1:9/x.dtd">', ''],
  ])('%s is refused', (_, declaration, text) => {
    const xml = documentPart(`<w:p><w:r><w:t>${text}</w:t></w:r></w:p>`).replace(/^<\?xml.*?\?>/u, '');
    expect(outcome(withMainPart(declaration + xml))).toBe('doctype');
  });

  test('too many elements are refused, and not just enough', () => {
    // The document, its body, its section, and a paragraph, its properties, a run and a text.
    const used = 3 + 4;
    const file = (count: number) => withMainPart(documentPart(plain('题目') + '<w:p/>'.repeat(count)));
    expect(outcome(file(LIMITS.elements - used + 1))).toBe('bomb');
    expect(outcome(file(LIMITS.elements - used))).toMatchObject({ fields: { title: { value: '题目' } } });
  });

  test('too deep elements are refused', () => {
    const nested = (depth: number) =>
      withMainPart(documentPart(`${'<w:sdt>'.repeat(depth)}${'</w:sdt>'.repeat(depth)}${plain('好')}`));
    expect(outcome(nested(100_000 - 10))).toBe('bomb');
    expect(outcome(nested(LIMITS.depth))).toBe('bomb');
    expect(outcome(nested(LIMITS.depth - 10))).not.toBe('bomb');
  });

  test('too many parts are refused', () => {
    const parts = (count: number) =>
      Object.fromEntries(Array.from({ length: count }, (_, index) => [`a${index}`, ascii('x')]));
    expect(outcome(zipSync(parts(LIMITS.parts + 1)))).toBe('bomb');
    expect(outcome(zipSync(parts(LIMITS.parts)))).toBe('archive');
  });

  test('too much text is refused', () => {
    const text = (length: number) => wordFile({ body: title('题目') + plain('好'.repeat(length)) });
    expect(outcome(text(LIMITS.characters))).toBe('bomb');
    expect(outcome(text(LIMITS.characters - 10))).not.toBe('bomb');
  });

  test('names of parts lead nowhere', () => {
    const file = zipOf({
      ...{ '../../evil.txt': 'x' },
      '_rels/.rels': mainRelation('../../../word/document.xml'),
      [MAIN]: documentPart(title('题目') + plain('好')),
    });
    expect(outcome(file)).toMatchObject({ body: '好' });
  });

  test('scripts and marks are only text', () => {
    const written = '<script>alert(1)</script> [点](javascript:alert(1)) ![](x)';
    const file = wordFile({
      body: title('题目') + plain(written) + `<w:p><w:hyperlink r:id="rIdL">${run('点我')}</w:hyperlink></w:p>`,
      relations: [{ id: 'rIdL', type: 'hyperlink', target: 'javascript:alert(1)', external: true }],
    });
    expect(outcome(file)).toMatchObject({
      body: '\\<script>alert(1)\\</script> \\[点\\](javascript:alert(1)) !\\[\\](x)\n\n点我',
    });
  });

  test('numbers, levels, spans and styles without sense are read', () => {
    const level = (format: string) =>
      `<w:lvl w:ilvl="0"><w:start w:val="2147483647"/><w:numFmt w:val="${format}"/><w:lvlText w:val="%1、"/></w:lvl>`;
    const formats = ['upperRoman', 'lowerLetter', 'chineseCounting', 'decimalEnclosedCircle'];
    const numbering = `<w:numbering xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">${formats.map((format, index) => `<w:abstractNum w:abstractNumId="${index}">${level(format)}</w:abstractNum><w:num w:numId="${index + 1}"><w:abstractNumId w:val="${index}"/></w:num>`).join('')}</w:numbering>`;
    const styles = `<w:styles xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:style w:styleId="A"><w:basedOn w:val="B"/></w:style><w:style w:styleId="B"><w:basedOn w:val="A"/></w:style></w:styles>`;
    const file = wordFile({
      body: [
        title('题目'),
        ...formats.map((_, index) => numbered(`第${index}条。`, index + 1)),
        numbered('太深的一级。', 1, 999_999_999),
        paragraph(run('绕圈的样式。'), { style: 'A' }),
        `<w:tbl><w:tr><w:tc><w:tcPr><w:gridSpan w:val="1000000000"/></w:tcPr>${plain('一')}</w:tc></w:tr><w:tr><w:tc>${plain('二')}</w:tc><w:tc>${plain('三')}</w:tc></w:tr></w:tbl>`,
        `<w:p><w:r><w:sym w:char="FFFFFFFF"/><w:sym w:char="zz"/><w:t>符号。</w:t></w:r></w:p>`,
      ].join(''),
      numbering,
      styles,
    });
    const story = outcome(file);
    expect(story).toMatchObject({ body: expect.stringContaining('2147483647、第0条。') });
    expect(story).toMatchObject({ body: expect.stringContaining('绕圈的样式。') });
  });

  test('a field that never ends hides what follows, and that is counted', () => {
    const open = '<w:p><w:r><w:fldChar w:fldCharType="begin"/></w:r></w:p>';
    expect(outcome(wordFile({ body: title('题目') + plain('好') + open + plain('藏') }))).toMatchObject({
      body: '好',
      notes: ['有 1 处隐藏的文字没有读入。'],
    });
  });

  test('long lines of marks, spaces and digits are read quickly', () => {
    const long = 100_000;
    const lines = [
      '　'.repeat(long),
      '2021 '.repeat(long / 5),
      '（'.repeat(long),
      '* _'.repeat(long / 3),
      '摄'.repeat(long),
      '一'.repeat(long),
    ];
    for (const line of lines) {
      const file = wordFile({ body: title('题目') + centred(line) + plain(`好${line}好`), media: {} });
      expect(outcome(file)).toMatchObject({ fields: { title: { value: '题目' } } });
    }
  });
});

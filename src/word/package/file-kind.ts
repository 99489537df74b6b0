// Runs in browser and Node: pure.
import { LIMITS } from './limits.ts';
import type { RefusalCode, WordRefusal } from './refusal.ts';

const SAVE_AS = '请用 Word 或 WPS 打开，选“文件 › 另存为”，类型选“Word 文档（*.docx）”，再放进来。';
const GIVE_WORD = '请放 Word 文档（.docx）。';
const PHOTO_PLACE = '照片请放到“照片”一栏；这里放 Word 文档（.docx）。';

/** Number of bytes at the start of a file that are examined for signatures. */
const HEAD_BYTES = 2048;

function refusal(code: RefusalCode, what: string, remedy: string): WordRefusal {
  return { code, what, remedy };
}

/** Size of a directory entry of a compound file ([MS-CFB] 2.6.1), and the offset of its name's length in bytes. */
const ENTRY_BYTES = 128;
const LENGTH_AT = 64;

/**
 * Returns whether a compound file ([MS-CFB]: .doc, .xls, .ppt, encrypted .docx) has a stream with this name. Looks at
 * every place where a directory entry can begin: sectors are multiples of 128 bytes.
 */
function hasStream(bytes: Uint8Array, name: string): boolean {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const length = 2 * (name.length + 1);
  for (let at = 0; at + ENTRY_BYTES <= bytes.length; at += ENTRY_BYTES) {
    if (view.getUint16(at + LENGTH_AT, true) !== length) continue;
    let same = 0;
    while (same < name.length && view.getUint16(at + 2 * same, true) === name.charCodeAt(same)) same += 1;
    if (same === name.length) return true;
  }
  return false;
}

function compoundRefusal(bytes: Uint8Array, name: string): WordRefusal {
  if (hasStream(bytes, 'EncryptedPackage')) {
    return refusal('password', '这个文档设了打开密码', '请去掉密码，保存后再放进来。');
  }
  if (hasStream(bytes, 'Workbook') || hasStream(bytes, 'Book')) {
    return refusal('excel', '这是 Excel 表格，不是 Word 文档', GIVE_WORD);
  }
  if (hasStream(bytes, 'PowerPoint Document')) return refusal('slides', '这是演示文稿，不是 Word 文档', GIVE_WORD);
  // The old formats of Word and WPS have the same first bytes and streams.
  return /\.wps$/iu.test(name)
    ? refusal('old-wps', '这是 WPS 文字的旧格式（.wps），这里读不了', SAVE_AS)
    : refusal('old-word', '这是旧版 Word 文档（.doc），这里读不了', SAVE_AS);
}

const UNPACK = '请先解压，再放里面的 Word 文档和照片。';

/** Refusals of files by the text at their start, without byte-order mark and white space. */
const TEXTS: readonly [start: RegExp, WordRefusal][] = [
  [
    /^%PDF/u,
    refusal(
      'pdf',
      '这是 PDF，文字的段落和照片的原图都取不出来',
      '请放写稿时的 Word 文档；只有 PDF 的，请在编辑页里粘贴文字。',
    ),
  ],
  [/^\{\\rtf/u, refusal('rtf', '这是 RTF 文档，这里读不了', SAVE_AS)],
  [
    /^<\?xml[\s\S]*(?:wordDocument|pkg:package)/u,
    refusal('word-xml', '这是 Word 2003 的 XML 文档，这里读不了', SAVE_AS),
  ],
  [
    /^(?:<!doctype html|<html|mime-version:)/iu,
    refusal('web-page', '这是网页，只是名字像 Word 文档，这里读不了', SAVE_AS),
  ],
  // eslint-disable-next-line no-control-regex
  [/^(?:Rar!|7z\xbc\xaf|\x1f\x8b|PK\x05\x06)/u, refusal('archive', '这是压缩包，不是 Word 文档', UNPACK)],
  [/^(?:\xff\xd8\xff|\x89PNG|GIF8|RIFF)/u, refusal('picture', '这是图片，不是 Word 文档', PHOTO_PLACE)],
];

/**
 * Returns the refusal of a file that cannot be a .docx, judged by its size and first bytes; its name only tells .wps
 * from .doc. Returns undefined for a zip file, which may be a .docx.
 */
export function fileRefusal(bytes: Uint8Array, name: string): WordRefusal | undefined {
  if (bytes.length === 0) {
    return refusal('empty', '文件是空的（0 字节）', '请重新保存或重新传输，确认能打开后再放进来。');
  }
  if (bytes.length > LIMITS.file) {
    const [size, most] = [Math.ceil(bytes.length / 1024 / 1024), LIMITS.file / 1024 / 1024];
    return refusal('too-heavy', `文件有 ${size} MB，最多 ${most} MB`, '请把照片从 Word 里去掉，另外上传原图。');
  }
  const head = String.fromCharCode(...bytes.subarray(0, HEAD_BYTES));
  if (head.startsWith('PK\x03\x04')) return undefined;
  if (head.startsWith('\xd0\xcf\x11\xe0')) return compoundRefusal(bytes, name);
  const text = head.replace(/^\xef\xbb\xbf/u, '').trimStart();
  return TEXTS.find(([start]) => start.test(text))?.[1] ?? refusal('other', '这不是 Word 文档', SAVE_AS);
}

/** Returns the refusal of a zip file without a Word document, by the names of its parts. */
export function zipRefusal(names: readonly string[]): WordRefusal {
  const has = (folder: string): boolean => names.some((name) => name.toLowerCase().startsWith(folder));
  if (has('xl/')) return refusal('excel', '这是 Excel 表格，不是 Word 文档', GIVE_WORD);
  if (has('ppt/')) return refusal('slides', '这是演示文稿，不是 Word 文档', GIVE_WORD);
  if (names[0] === 'mimetype' && names.includes('content.xml')) {
    return refusal('open-document', '这是 OpenDocument 文档（.odt 等），这里读不了', SAVE_AS);
  }
  return refusal('archive', '这是压缩包，不是 Word 文档', UNPACK);
}

// Runs in browser and Node: pure.
import { LineCounter, parseDocument } from 'yaml';

/** An entry's file taken apart: what its YAML says, and its Markdown. */
export interface ParsedDocument {
  data: unknown;
  body: string;
}

/** A file that cannot be taken apart, and why. */
export interface UnparsableDocument {
  what: string;
  remedy: string;
}

const FENCE = /^---[ \t]*\r?\n/u;
const CLOSING = /^---[ \t]*(?:\r?\n|$)/mu;

/** A story has some 2,000 characters of YAML, a unit with every change of ten years not 20,000. */
const MOST_YAML = 32 * 1024;

function parseYaml(source: string, firstLine: number): { data: unknown } | UnparsableDocument {
  // Taking apart what is nested thousands of times keeps everybody waiting.
  if (source.length > MOST_YAML) return { what: '信息栏太长', remedy: '长的文字请写进正文。' };
  const lines = new LineCounter();
  // Keys that are lists or maps are nobody's, and take for ever where they are nested (measured: 5,000 of `? `).
  const parsed = parseDocument(source, { lineCounter: lines, prettyErrors: false, uniqueKeys: true, stringKeys: true });
  const [error] = parsed.errors;
  if (error) {
    const { line, col } = lines.linePos(error.pos[0]);
    return {
      what: `第 ${line + firstLine} 行第 ${col} 列的 YAML 写法有误（${error.code}）`,
      remedy: '请检查这一行的冒号、引号和缩进；带冒号或引号的文字请整体加引号。',
    };
  }
  // An alias bomb is refused by the library with an exception of its own.
  try {
    return { data: parsed.toJS() ?? {} };
  } catch {
    return { what: 'YAML 里的引用过多', remedy: '请去掉 & 和 * 写法。' };
  }
}

/** Takes a Markdown file with front matter, or a YAML file, apart. A byte-order mark at the start is ignored. */
export function parseDocumentFile(file: string, source: string): ParsedDocument | UnparsableDocument {
  const text = source.replace(/^\ufeff/u, '');
  if (!file.endsWith('.md')) {
    const parsed = parseYaml(text, 0);
    return 'what' in parsed ? parsed : { data: parsed.data, body: '' };
  }
  const opening = FENCE.exec(text);
  const rest = opening ? text.slice(opening[0].length) : '';
  const closing = CLOSING.exec(rest);
  if (!opening || !closing) {
    return {
      what: '找不到文件开头的信息栏',
      remedy: '文件要以一行“---”开始，各栏写完后再用一行“---”结束，其下是正文。',
    };
  }
  const parsed = parseYaml(rest.slice(0, closing.index), 1);
  return 'what' in parsed ? parsed : { data: parsed.data, body: rest.slice(closing.index + closing[0].length) };
}

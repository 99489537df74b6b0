// Runs in browser and Node: pure. The only place that knows how YAML is read here.
import {
  isAlias,
  isMap,
  isNode,
  isPair,
  isScalar,
  LineCounter,
  parseDocument,
  visit,
  type Document,
  type Node,
  type YAMLMap,
} from 'yaml';

/** YAML that cannot be used, and why. */
export interface YamlFault {
  what: string;
  remedy: string;
}

/** A story has some 2,000 characters of YAML, a unit with every change of ten years not 20,000. */
const MOST_YAML = 32 * 1024;

/**
 * What makes the parser work: each begins or ends something. A story with three photos has 150, one that was changed 300
 * times 2,000. With so many, the worst that was found takes 25 ms (33,000 characters without a bound: 5 s).
 */
const MARK = /[\n,[\]{}?&*!%:"']|- /gu;
const MOST_MARKS = 2500;

/** How values are made into YAML here: never with anchors, so that no value can stand for another. */
export const WRITING = { aliasDuplicateObjects: false } as const;

function hasTooManyMarks(source: string): boolean {
  let count = 0;
  for (const _ of source.matchAll(MARK)) {
    count += 1;
    if (count > MOST_MARKS) return true;
  }
  return false;
}

/** The first key that a map has twice. The parser's own check compares all with all. */
function repeatedKey(document: Document): { key: string; at: number } | undefined {
  let found: { key: string; at: number } | undefined;
  visit(document, {
    Map(_, map: YAMLMap) {
      const keys = new Set<string>();
      for (const { key } of map.items) {
        if (!isScalar(key)) continue;
        const name = String(key.value);
        if (keys.has(name)) {
          found = { key: name, at: key.range?.[0] ?? 0 };
          return visit.BREAK;
        }
        keys.add(name);
      }
      return undefined;
    },
  });
  return found;
}

/** How notations are called that let one place stand for another, or give a value another meaning than it seems. */
function foreignNotation(node: Node): { what: string; remedy: string } | undefined {
  if (isAlias(node)) {
    return { what: `YAML 的引用“*${node.source}”`, remedy: '请把要写的内容直接写在那里，去掉 & 和 *。' };
  }
  if (node.anchor !== undefined) {
    return { what: `YAML 的锚点“&${node.anchor}”`, remedy: '请去掉它；别处用“*”引用它的地方，请直接写出内容。' };
  }
  return node.tag === undefined
    ? undefined
    : { what: `YAML 的类型标记“${node.tag.slice(0, 40)}”`, remedy: '请去掉它，只写内容；带符号的文字请加引号。' };
}

/** The YAML of one file, parsed. */
export class ParsedYaml {
  readonly document: Document;
  readonly #lines: LineCounter;
  /** The number of the line before the first one of the YAML in its file. */
  readonly #before: number;

  private constructor(document: Document, lines: LineCounter, before: number) {
    this.document = document;
    this.#lines = lines;
    this.#before = before;
  }

  /** Parses YAML that begins behind a line of its file (0: at its beginning). */
  static of(source: string, before: number): ParsedYaml | YamlFault {
    // What takes long to parse is not parsed.
    if (source.length > MOST_YAML) return { what: '信息栏太长', remedy: '长的文字请写进正文。' };
    if (hasTooManyMarks(source)) {
      return {
        what: `信息栏里的行和标点（冒号、逗号、括号、引号等）超过 ${MOST_MARKS} 个`,
        remedy: '长的文字和清单请写进正文。',
      };
    }
    const lines = new LineCounter();
    // Keys that are lists or maps are nobody's, and take for ever where they are nested (measured: 5,000 of `? `).
    const document = parseDocument(source, {
      version: '1.2',
      merge: false,
      stringKeys: true,
      uniqueKeys: false,
      prettyErrors: false,
      lineCounter: lines,
    });
    const parsed = new ParsedYaml(document, lines, before);
    const [error] = document.errors;
    if (error) {
      const { line, col } = lines.linePos(error.pos[0]);
      return {
        what: `第 ${line + before} 行第 ${col} 列的 YAML 写法有误`,
        remedy: '请检查这一行的冒号、引号和缩进；带冒号或引号的文字请整体加引号。',
      };
    }
    const repeated = repeatedKey(document);
    if (repeated) {
      const { key, at } = repeated;
      const remedy = '同一栏只能写一次：请删去多余的。';
      return { what: `第 ${parsed.#lineAt(at)} 行又写了一次“${key.slice(0, 40)}”`, remedy };
    }
    return parsed;
  }

  /** What the YAML says, with everything that stands for something else resolved. */
  resolve(): { data: unknown } | YamlFault {
    // An alias bomb is refused by the library with an exception of its own, and so is an alias of nothing.
    try {
      return { data: this.document.toJS() ?? {} };
    } catch (error) {
      const isNothing = error instanceof ReferenceError && error.message.startsWith('Unresolved');
      const what = isNothing ? 'YAML 的引用（*）没有来处' : 'YAML 里的引用过多';
      return { what, remedy: '请去掉 & 和 * 写法。' };
    }
  }

  /** Whether it is a list of fields; one that says nothing yet is. */
  get hasFields(): boolean {
    const { contents } = this.document;
    return isMap(contents) || contents === null || (isScalar(contents) && contents.value === null);
  }

  /** A fault where the YAML has anchors, aliases, tags, merge keys or directives, or is no list of fields at all. */
  plainnessFault(): YamlFault | undefined {
    if (!this.hasFields) {
      return { what: '信息栏不是一栏一栏的写法', remedy: '请一行写一栏，例如“title: 标题”。' };
    }
    const { yaml, tags } = this.document.directives ?? {};
    if (yaml?.explicit || Object.keys(tags ?? {}).some((handle) => handle !== '!!')) {
      return { what: '信息栏用了 YAML 的指令（以“%”开始的行）', remedy: '请删去以“%”开始的行。' };
    }
    let fault: YamlFault | undefined;
    visit(this.document, (key, node, path) => {
      const isMergeKey = key === 'key' && isScalar(node) && node.value === '<<';
      const found = isMergeKey
        ? { what: 'YAML 的合并写法“<<”', remedy: '请把要写的各栏直接写出来。' }
        : isNode(node)
          ? foreignNotation(node)
          : undefined;
      if (!found || !isNode(node)) return undefined;
      const pairs = [...path, node].filter(isPair);
      const field = pairs[0] && isScalar(pairs[0].key) ? String(pairs[0].key.value).slice(0, 40) : '';
      const where = `第 ${this.#lineAt(node.range?.[0] ?? 0)} 行${field === '' ? '' : `“${field}”一栏`}`;
      fault = { what: `${where}用了 ${found.what}`, remedy: found.remedy };
      return visit.BREAK;
    });
    return fault;
  }

  #lineAt(offset: number): number {
    return this.#lines.linePos(offset).line + this.#before;
  }
}

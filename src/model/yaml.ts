// Runs in browser and Node: pure. The only module that reads YAML.
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

/** The reason why YAML cannot be used, and what to do about it, both in Chinese. */
export interface YamlFault {
  what: string;
  remedy: string;
}

/**
 * Greatest length of YAML in UTF-16 code units. The YAML of a story has some 2,000. The file of a unit has less than
 * 20,000, even with every change of ten years.
 */
const MOST_YAML = 32 * 1024;

/**
 * Matches the punctuation that takes the parser time, because it begins or ends something. MOST_MARKS is the greatest
 * number of such marks. A story with three photos has 150 of them; a story that was changed 300 times has 2,000. With
 * MOST_MARKS, the worst input found takes 25 ms. Without a limit, 33,000 characters took 5 s.
 */
const MARK = /[\n,[\]{}?&*!%:"']|- /gu;
const MOST_MARKS = 2500;

/** Options for writing values as YAML: without anchors, so that no value refers to another. */
export const WRITING = { aliasDuplicateObjects: false } as const;

function hasTooManyMarks(source: string): boolean {
  let count = 0;
  for (const _ of source.matchAll(MARK)) {
    count += 1;
    if (count > MOST_MARKS) return true;
  }
  return false;
}

/**
 * Returns the first key that a map contains twice, with its offset in the YAML in UTF-16 code units; undefined if there
 * is none. Replaces the parser's own check, which takes quadratic time.
 */
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

/**
 * Returns what is not plain about a node, and what to do about it. An alias or anchor is not plain, because one place
 * repeats another through it. A tag is not plain, because it gives a value a type that readers of the YAML cannot see.
 * Returns undefined for a plain node.
 */
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

/** The parsed YAML of one file, as a tree that can be changed. */
export class ParsedYaml {
  readonly document: Document;
  readonly #lines: LineCounter;
  /** Number of lines in the file before the YAML, added to the line numbers in messages. */
  readonly #before: number;

  private constructor(document: Document, lines: LineCounter, before: number) {
    this.document = document;
    this.#lines = lines;
    this.#before = before;
  }

  /**
   * Parses YAML that begins after `before` lines of its file. Returns a fault if the YAML is too long, has too many
   * punctuation marks, is not valid or contains a key twice.
   */
  static of(source: string, before: number): ParsedYaml | YamlFault {
    // Input that would take long to parse is refused before it is parsed.
    if (source.length > MOST_YAML) return { what: '信息栏太长', remedy: '长的文字请写进正文。' };
    if (hasTooManyMarks(source)) {
      return {
        what: `信息栏里的行和标点（冒号、逗号、括号、引号等）超过 ${MOST_MARKS} 个`,
        remedy: '长的文字和清单请写进正文。',
      };
    }
    const lines = new LineCounter();
    // `stringKeys`: no entry has lists or maps as keys, and nested ones take very long to parse (measured with 5,000
    // times `? `).
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

  /**
   * Returns the value of the YAML, with aliases resolved. Returns a fault if an alias has no anchor or there are too
   * many aliases.
   */
  resolve(): { data: unknown } | YamlFault {
    // The library throws if an alias has no anchor, and if aliases multiply the data without bounds (an alias bomb).
    try {
      return { data: this.document.toJS() ?? {} };
    } catch (error) {
      const isNothing = error instanceof ReferenceError && error.message.startsWith('Unresolved');
      const what = isNothing ? 'YAML 的引用（*）没有来处' : 'YAML 里的引用过多';
      return { what, remedy: '请去掉 & 和 * 写法。' };
    }
  }

  /** Whether the YAML is a map of fields. Empty YAML counts as a map without fields. */
  get hasFields(): boolean {
    const { contents } = this.document;
    return isMap(contents) || contents === null || (isScalar(contents) && contents.value === null);
  }

  /**
   * Returns a fault if the YAML contains anchors, aliases, tags, merge keys or directives, or is not a map of fields;
   * undefined if it is plain.
   */
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

// Runs in browser and Node: pure.
import { ParsedYaml, type YamlFault } from './yaml.ts';

/** The content of an entry's file: `data` is the value of its YAML, `body` its Markdown (empty in a YAML file). */
export interface ParsedDocument {
  data: unknown;
  body: string;
}

/** The reason why a file cannot be parsed, and what to do about it, both in Chinese. */
export type UnparsableDocument = YamlFault;

/**
 * The text of an entry's file in parts. Joined in this order, the parts are the whole text without its byte-order mark.
 */
export interface FileParts {
  /** The `---` line before the YAML, including its line break; empty in a YAML file. */
  opening: string;
  yaml: string;
  /** The `---` line after the YAML, including its line break; empty in a YAML file. */
  closing: string;
  /** The Markdown after the closing line; empty in a YAML file. */
  body: string;
}

const FENCE = /^---[ \t]*\r?\n/u;
const CLOSING = /^---[ \t]*(?:\r?\n|$)/mu;

/**
 * Splits the text of a Markdown file with front matter, or of a YAML file, into its parts. A path that ends with `.md`
 * is a Markdown file; every other path is a YAML file.
 *
 * @returns undefined if a Markdown file has no complete front matter.
 */
export function partsOfFile(file: string, source: string): FileParts | undefined {
  const text = source.replace(/^\ufeff/u, '');
  if (!file.endsWith('.md')) return { opening: '', yaml: text, closing: '', body: '' };
  const [opening] = FENCE.exec(text) ?? [];
  if (opening === undefined) return undefined;
  const rest = text.slice(opening.length);
  const closing = CLOSING.exec(rest);
  if (!closing) return undefined;
  const end = closing.index + closing[0].length;
  return { opening, yaml: rest.slice(0, closing.index), closing: closing[0], body: rest.slice(end) };
}

/**
 * A parsed file that can be changed: the content, the parts of the text, and the YAML as a tree. The tree can be
 * changed in place and written back between the other parts.
 */
export interface ParsedFile extends ParsedDocument {
  path: string;
  /** The whole text that was parsed. */
  source: string;
  parts: FileParts;
  yaml: ParsedYaml;
}

/**
 * Parses a Markdown file with front matter, or a YAML file. Ignores a byte-order mark at the start. Returns the reason
 * if the file cannot be parsed.
 *
 * @param options.plain whether anchors, aliases, tags, merge keys and directives are faults.
 */
export function parseFile(path: string, source: string, { plain = false } = {}): ParsedFile | UnparsableDocument {
  const parts = partsOfFile(path, source);
  if (!parts) {
    return {
      what: '找不到文件开头的信息栏',
      remedy: '文件要以一行“---”开始，各栏写完后再用一行“---”结束，其下是正文。',
    };
  }
  const yaml = ParsedYaml.of(parts.yaml, parts.opening === '' ? 0 : 1);
  if ('what' in yaml) return yaml;
  const fault = plain ? yaml.plainnessFault() : undefined;
  if (fault) return fault;
  const resolved = yaml.resolve();
  return 'what' in resolved ? resolved : { path, source, parts, yaml, data: resolved.data, body: parts.body };
}

/** Parses a file like `parseFile`, but returns only the content, without what is needed to change the file. */
export function parseDocumentFile(file: string, source: string): ParsedDocument | UnparsableDocument {
  const parsed = parseFile(file, source);
  return 'what' in parsed ? parsed : { data: parsed.data, body: parsed.body };
}

/**
 * Parses a text that somebody sends, like `parseFile`. Here anchors, aliases, tags, merge keys and directives are
 * faults, because with them one place of the YAML can repeat or change another place. Stored files that contain them
 * can still be read with `parseFile`.
 */
export function parseSentFile(file: string, source: string): ParsedFile | UnparsableDocument {
  return parseFile(file, source, { plain: true });
}

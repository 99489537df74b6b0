// Runs in browser and Node: pure.
import { ParsedYaml, type YamlFault } from './yaml.ts';

/** An entry's file taken apart: what its YAML says, and its Markdown. */
export interface ParsedDocument {
  data: unknown;
  body: string;
}

/** A file that cannot be taken apart, and why. */
export type UnparsableDocument = YamlFault;

/** An entry's file cut up; put together again it is the file, a byte-order mark apart. */
export interface FileParts {
  /** The line before the YAML; empty in a YAML file. */
  opening: string;
  yaml: string;
  /** The line behind the YAML, as far as there is one. */
  closing: string;
  /** The Markdown. */
  body: string;
}

const FENCE = /^---[ \t]*\r?\n/u;
const CLOSING = /^---[ \t]*(?:\r?\n|$)/mu;

/** Cuts a Markdown file with front matter, or a YAML file, up. Undefined: it has no front matter. */
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

/** The YAML of an entry's file, and its Markdown. */
export function yamlOfFile(file: string, source: string): { yaml: ParsedYaml; body: string } | UnparsableDocument {
  const parts = partsOfFile(file, source);
  if (!parts) {
    return {
      what: '找不到文件开头的信息栏',
      remedy: '文件要以一行“---”开始，各栏写完后再用一行“---”结束，其下是正文。',
    };
  }
  const yaml = ParsedYaml.of(parts.yaml, parts.opening === '' ? 0 : 1);
  return 'what' in yaml ? yaml : { yaml, body: parts.body };
}

/** Takes a Markdown file with front matter, or a YAML file, apart. A byte-order mark at the start is ignored. */
export function parseDocumentFile(file: string, source: string): ParsedDocument | UnparsableDocument {
  const read = yamlOfFile(file, source);
  if ('what' in read) return read;
  const resolved = read.yaml.resolve();
  return 'what' in resolved ? resolved : { data: resolved.data, body: read.body };
}

/**
 * The same for a text that somebody sends: what lets one place of YAML stand for another (anchors, aliases, tags, merge
 * keys, directives) is a fault. Stored files that have it are read all the same.
 */
export function parseSentFile(file: string, source: string): ParsedDocument | UnparsableDocument {
  const read = yamlOfFile(file, source);
  if ('what' in read) return read;
  const fault = read.yaml.plainnessFault();
  if (fault) return fault;
  const resolved = read.yaml.resolve();
  return 'what' in resolved ? resolved : { data: resolved.data, body: read.body };
}

// Runs in browser and Node: pure.
import { ParsedYaml, type YamlFault } from './yaml.ts';

/** A parsed entry file: the data of its YAML, and its Markdown. */
export interface ParsedDocument {
  data: unknown;
  body: string;
}

/** Why a file cannot be parsed. */
export type UnparsableDocument = YamlFault;

/** The parts of an entry's file. Joined in order they are the file without its byte-order mark. */
export interface FileParts {
  /** The line before the YAML; empty in a YAML file. */
  opening: string;
  yaml: string;
  /** The line after the YAML; empty in a YAML file. */
  closing: string;
  /** The Markdown. */
  body: string;
}

const FENCE = /^---[ \t]*\r?\n/u;
const CLOSING = /^---[ \t]*(?:\r?\n|$)/mu;

/**
 * Splits a Markdown file with front matter, or a YAML file, into its parts.
 *
 * @returns undefined if a Markdown file has no front matter.
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

/** An entry's file, parsed once: what it says, and its YAML to be changed in place and put back between its parts. */
export interface ParsedFile extends ParsedDocument {
  path: string;
  /** The whole text, as it was parsed. */
  source: string;
  parts: FileParts;
  yaml: ParsedYaml;
}

/**
 * Parses a Markdown file with front matter, or a YAML file. A byte-order mark at the start is ignored.
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

/** Parses a file for what it says alone: `parseFile` without the parts that are needed to change it. */
export function parseDocumentFile(file: string, source: string): ParsedDocument | UnparsableDocument {
  const parsed = parseFile(file, source);
  return 'what' in parsed ? parsed : { data: parsed.data, body: parsed.body };
}

/**
 * Parses a file like `parseDocumentFile`, but for texts that somebody sends: anchors, aliases, tags, merge keys and
 * directives, with which one place of YAML can stand for another, are faults. Stored files that have them can still be
 * read.
 */
export function parseSentFile(file: string, source: string): ParsedFile | UnparsableDocument {
  return parseFile(file, source, { plain: true });
}

// npm run photo -- [--json] FILE…: prints what the photo rules find in each file. Exits with code 1 if a file has an
// error, 2 if a file cannot be read or none is given.
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { photoFindings } from '../model/photo-faults.ts';
import { noticeLimits } from '../model/rules.ts';
import { duplicate, nearDuplicate } from '../photo/rules/duplicate-rule.ts';
import { findingLine, levelOf, type Finding } from '../photo/rules/finding.ts';
import { inspectPhoto, type Inspection } from '../photo/encode/inspection.ts';
import { LikenessIndex } from '../photo/judging/likeness.ts';
import { measureLine } from './measure-line.ts';

const USAGE = '用法：npm run photo -- [--json] 照片文件…';

const MARKS = { ok: '✓', warning: '⚠', error: '✗' } as const;
const KINDS = { warning: '提醒', error: '问题' } as const;
const FORMATS = { jpeg: 'JPEG', png: 'PNG', webp: 'WebP', avif: 'AVIF', unknown: '' } as const;

/** The inspection of a file, with the file's path and size and all findings about it. */
interface JudgedFile extends Inspection {
  file: string;
  /** Size of the file in bytes. */
  size: number;
}

/** The files that this run has inspected so far, to find duplicates among them. */
class EarlierFiles {
  readonly #hashes = new Map<string, string>();
  readonly #likenesses = new LikenessIndex<string>();

  /**
   * Compares a file with the earlier ones and adds it to them. Returns the finding about a duplicate, or an empty list.
   */
  compare(file: string, bytes: Uint8Array, { likeness }: Inspection): Finding[] {
    const hash = createHash('sha256').update(bytes).digest('hex');
    const same = this.#hashes.get(hash);
    if (same !== undefined) return [duplicate(`“${same}”`)];
    this.#hashes.set(hash, file);
    if (!likeness) return [];
    const alike = this.#likenesses.near(likeness)[0];
    this.#likenesses.set(file, likeness);
    return alike === undefined ? [] : [nearDuplicate(`“${alike}”`)];
  }
}

/** Formats a number of bytes: in kB below 100 kB, otherwise in MB. */
function fileSize(bytes: number): string {
  const kilobytes = bytes / 1024;
  return kilobytes < 100 ? `${Math.ceil(kilobytes)} kB` : `${(kilobytes / 1024).toFixed(1)} MB`;
}

/** Returns one line of JSON about a file, for programs. */
function jsonLine({ file, format, width, height, size, findings, measures }: JudgedFile): string {
  const level = levelOf(findings);
  const shown = findings.map((finding) => ({
    code: finding.code,
    level: finding.level,
    message: findingLine(finding),
  }));
  return JSON.stringify({ file, level, findings: shown, format, width, height, size, measures });
}

/** Returns a paragraph about a file, for people. */
function paragraph({ file, format, width, height, size, findings, measures }: JudgedFile): string {
  const pixels = width > 0 ? [`${width}×${height}`] : [];
  const facts = [...pixels, FORMATS[format], fileSize(size)].filter((fact) => fact !== '');
  const verdict = findings.length === 0 ? '没有问题' : `${findings.length} 个问题`;
  const lines = findings.flatMap(({ level, message, remedy }) => [
    `  ${KINDS[level]}：${message}。`,
    `  办法：${remedy}`,
  ]);
  const measured = measureLine(measures);
  return [
    `${MARKS[levelOf(findings)]} ${file}（${facts.join('，')}）：${verdict}`,
    ...lines,
    ...(measured === '' ? [] : [`  测量：${measured}`]),
  ].join('\n');
}

/** Parses the arguments of the command. Returns undefined if they are invalid or name no file. */
function readArguments(): { files: string[]; json: boolean } | undefined {
  try {
    const { values, positionals } = parseArgs({
      options: { json: { type: 'boolean', default: false } },
      allowPositionals: true,
    });
    return positionals.length > 0 ? { files: positionals, json: values.json } : undefined;
  } catch {
    return undefined;
  }
}

const given = readArguments();
if (given) {
  const earlier = new EarlierFiles();
  let faulty = false;
  let unread = false;
  for (const file of given.files) {
    const bytes = await readFile(file).catch(() => undefined);
    if (!bytes) {
      unread = true;
      console.error(`读不到文件“${file}”：请检查路径和读取权限。`);
      continue;
    }
    const inspection = await inspectPhoto(bytes);
    const findings = [...photoFindings(inspection, noticeLimits.photo), ...earlier.compare(file, bytes, inspection)];
    const judged: JudgedFile = { ...inspection, file, size: bytes.length, findings };
    faulty ||= levelOf(findings) === 'error';
    console.log(given.json ? jsonLine(judged) : paragraph(judged));
  }
  if (unread) process.exitCode = 2;
  else if (faulty) process.exitCode = 1;
} else {
  process.exitCode = 2;
  console.error(`没有可检查的照片文件。${USAGE}`);
}

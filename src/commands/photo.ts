// npm run photo -- [--json] FILE…: what the photo rules say of each file. Exit 1: a file has an error; 2: no answer.
import { readFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { findingLine, levelOf, type Finding } from '../photo/finding.ts';
import { inspectPhoto } from '../photo/inspection.ts';
import { judgeSize, type PhotoLimits, type Size } from '../photo/size-rule.ts';

const USAGE = '用法：npm run photo -- [--json] 照片文件…';

/** The demands of the notice. */
const LIMITS: PhotoLimits = { longSide: 1920, shortSide: 1080 };

const MARKS = { ok: '✓', warning: '⚠', error: '✗' } as const;

/** Everything the rules say of one photo, and its size as far as it is known. */
async function judgePhoto(bytes: Uint8Array): Promise<Size & { findings: Finding[] }> {
  const { width, height, findings } = await inspectPhoto(bytes);
  const small = levelOf(findings) === 'error' ? undefined : judgeSize({ width, height }, LIMITS);
  return { width, height, findings: small ? [...findings, small] : findings };
}

/** What is shown of one file to a program. */
function jsonLine(file: string, findings: readonly Finding[]): string {
  const shown = findings.map((finding) => ({ code: finding.code, message: findingLine(finding) }));
  return JSON.stringify({ file, level: levelOf(findings), findings: shown });
}

/** What is shown of one file to a person. */
function paragraph(file: string, { width, height }: Size, findings: readonly Finding[]): string {
  const size = width > 0 ? `（${width}×${height}）` : '';
  const verdict = findings.length === 0 ? '没有问题' : `${findings.length} 个问题`;
  const lines = findings.flatMap(({ message, remedy }) => [`  问题：${message}。`, `  办法：${remedy}`]);
  return [`${MARKS[levelOf(findings)]} ${file}${size}：${verdict}`, ...lines].join('\n');
}

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
  let faulty = false;
  let unread = false;
  for (const file of given.files) {
    const bytes = await readFile(file).catch(() => undefined);
    if (!bytes) {
      unread = true;
      console.error(`读不到文件“${file}”：请检查路径和读取权限。`);
      continue;
    }
    const { findings, ...size } = await judgePhoto(bytes);
    faulty ||= levelOf(findings) === 'error';
    console.log(given.json ? jsonLine(file, findings) : paragraph(file, size, findings));
  }
  if (unread) process.exitCode = 2;
  else if (faulty) process.exitCode = 1;
} else {
  process.exitCode = 2;
  console.error(`没有可检查的照片文件。${USAGE}`);
}

import { spawnSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { grain, picture } from '../fixtures/photos/samples.ts';

const COMMAND = resolve(import.meta.dirname, '../../src/commands/photo.ts');
const SMALL = '照片只有 1919×1080 像素，需要至少 1920×1080';
const REMEDY = '请上传原图；经微信发送时请勾选“原图”。';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'photo-command-'));
  await writeFile(join(folder, '好 照片😀.jpg'), await grain(1920, 1080).jpeg().toBuffer());
  await writeFile(join(folder, 'small.png'), await picture(1919, 1080).png().toBuffer());
  await writeFile(join(folder, 'text.jpg'), 'hello');
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** Runs the command in the folder of the files. */
function photo(...given: string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [COMMAND, ...given], {
    cwd: folder,
    encoding: 'utf8',
  });
  return { status, stdout, stderr };
}

describe('npm run photo', () => {
  test('tells a person of each file its size, what is wrong and what to do', () => {
    const { status, stdout } = photo('好 照片😀.jpg', 'small.png', 'text.jpg');
    expect(status).toBe(1);
    expect(stdout).toContain('✓ 好 照片😀.jpg（1920×1080）：没有问题\n');
    expect(stdout).toContain(`✗ small.png（1919×1080）：1 个问题\n  问题：${SMALL}。\n  办法：${REMEDY}\n`);
    expect(stdout).toContain('✗ text.jpg：1 个问题\n  问题：文件不是照片，而是文本文件。\n');
  });

  test('tells a program the same, one line a file', () => {
    const { status, stdout } = photo('--json', '好 照片😀.jpg', 'small.png', 'text.jpg');
    expect(status).toBe(1);
    const lines: unknown[] = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(lines).toEqual([
      { file: '好 照片😀.jpg', level: 'ok', findings: [] },
      { file: 'small.png', level: 'error', findings: [{ code: 'too-small', message: `${SMALL}。${REMEDY}` }] },
      { file: 'text.jpg', level: 'error', findings: [{ code: 'not-an-image', message: expect.any(String) }] },
    ]);
  });

  test('answers 0 where nothing is wrong', () => expect(photo('好 照片😀.jpg').status).toBe(0));

  test('answers 2 for a file that cannot be read, and still judges the others', () => {
    const { status, stdout, stderr } = photo('nowhere.jpg', '.', 'small.png');
    expect(status).toBe(2);
    expect(stderr).toContain('读不到文件“nowhere.jpg”');
    expect(stderr).toContain('读不到文件“.”');
    expect(stdout).toContain('small.png');
  });

  test.each([[[]], [['--json']], [['--wrong', 'small.png']]])('answers 2 and the usage for %j', (given) => {
    const { status, stdout, stderr } = photo(...given);
    expect(status).toBe(2);
    expect(stdout).toBe('');
    expect(stderr).toContain('用法：npm run photo');
  });
});

import { spawnSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { grain, photograph, picture } from '../../fixtures/photos/samples.ts';

const COMMAND = resolve(import.meta.dirname, '../../../src/commands/photo.ts');
const SMALL = '照片只有 1919×1080 像素，需要至少 1920×1080';
const REMEDY = '请上传原图；经微信发送时请勾选“原图”。';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'photo-command-'));
  await writeFile(join(folder, '好 照片😀.jpg'), await grain(1920, 1080).jpeg().toBuffer());
  await writeFile(join(folder, 'small.png'), await picture(1919, 1080).png().toBuffer());
  await writeFile(join(folder, 'text.jpg'), 'hello');
  const hills = photograph('hills');
  await writeFile(join(folder, 'hills.jpg'), hills);
  await writeFile(join(folder, 'copy.jpg'), hills);
  await writeFile(join(folder, 'smaller.jpg'), await sharp(hills).resize(2000).jpeg().toBuffer());
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** Runs `npm run photo` in the folder of the test's files. Returns its status and output. */
function photo(...given: string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [COMMAND, ...given], {
    cwd: folder,
    encoding: 'utf8',
  });
  return { status, stdout, stderr };
}

describe('npm run photo', () => {
  test('prints for people the size of each file, what is wrong and what to do', () => {
    const { status, stdout } = photo('好 照片😀.jpg', 'small.png', 'text.jpg');
    expect(status).toBe(1);
    expect(stdout).toMatch(/^✓ 好 照片😀\.jpg（1920×1080，JPEG，\d\.\d MB）：没有问题\n {2}测量：.*JPEG 质量约 80\n/u);
    expect(stdout).toMatch(/\n✗ small\.png（1919×1080，PNG，\d+ kB）：1 个问题\n/u);
    expect(stdout).toContain(`：1 个问题\n  问题：${SMALL}。\n  办法：${REMEDY}\n  测量：`);
    expect(stdout).toMatch(/✗ text\.jpg（1 kB）：1 个问题\n {2}问题：文件不是照片，而是文本文件。\n {2}办法：.+\n$/u);
  });

  test('prints the same as JSON, one line per file', () => {
    const { status, stdout } = photo('--json', '好 照片😀.jpg', 'small.png', 'text.jpg');
    expect(status).toBe(1);
    const lines: unknown[] = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    const measures = expect.objectContaining({ acutance: expect.any(Number), hf: expect.any(Number) });
    const small = { code: 'too-small', level: 'error', message: `${SMALL}。${REMEDY}` };
    const text = { code: 'not-an-image', level: 'error', message: expect.any(String) };
    expect(lines).toMatchObject([
      { file: '好 照片😀.jpg', level: 'ok', format: 'jpeg', width: 1920, height: 1080, findings: [], measures },
      { file: 'small.png', level: 'error', format: 'png', findings: [small], measures },
      { file: 'text.jpg', level: 'error', format: 'unknown', size: 5, findings: [text], measures: {} },
    ]);
  });

  test('compares its files: a copy is an error, a similar photo a warning', () => {
    const { status, stdout } = photo('--json', 'hills.jpg', 'copy.jpg', 'smaller.jpg', '好 照片😀.jpg');
    expect(status).toBe(1);
    const found = stdout.trimEnd().split('\n');
    const said = found.map((line) => [...line.matchAll(/这张照片与“([^”]+)”(是同一个文件|很像)/gu)].map(([it]) => it));
    expect(said).toEqual([[], ['这张照片与“hills.jpg”是同一个文件'], ['这张照片与“hills.jpg”很像'], []]);
    expect(found[2]).toContain('"level":"warning"');
  });

  test('exits with 0 if nothing is wrong', () => expect(photo('好 照片😀.jpg').status).toBe(0));

  test('exits with 2 for a file that cannot be read, and still judges the others', () => {
    const { status, stdout, stderr } = photo('nowhere.jpg', '.', 'small.png');
    expect(status).toBe(2);
    expect(stderr).toContain('读不到文件“nowhere.jpg”');
    expect(stderr).toContain('读不到文件“.”');
    expect(stdout).toContain('small.png');
  });

  test.each([[[]], [['--json']], [['--wrong', 'small.png']]])('exits with 2 and prints the usage for %j', (given) => {
    const { status, stdout, stderr } = photo(...given);
    expect(status).toBe(2);
    expect(stdout).toBe('');
    expect(stderr).toContain('用法：npm run photo');
  });
});

// Pointers are byte for byte those of git-lfs.
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { afterAll, expect, test } from 'vitest';
import { formatPointer, parsePointer } from '../../../src/desk/originals/pointer.ts';
import { SampleFiles } from '../../fixtures/originals/files.ts';

const files = new SampleFiles();

afterAll(() => files.dispose());

test.for([1, 1023, 1024, 1025, 3_000_000])('git-lfs writes the same pointer to a file of %i bytes', (size) => {
  const { file, name } = files.make(size);
  const written = execFileSync('git', ['lfs', 'pointer', `--file=${file}`], { stdio: ['ignore', 'pipe', 'ignore'] });
  expect(written.toString()).toBe(formatPointer(name));
  expect(parsePointer(written)).toEqual(name);
});

test('git-lfs accepts our pointers as canonical', () => {
  const { name } = files.make(100);
  const pointer = files.path('pointer');
  writeFileSync(pointer, formatPointer(name));
  execFileSync('git', ['lfs', 'pointer', '--check', '--strict', `--file=${pointer}`]);
  writeFileSync(pointer, readFileSync(pointer, 'utf8').replaceAll('\n', '\r\n'));
  expect(() => execFileSync('git', ['lfs', 'pointer', '--check', '--strict', `--file=${pointer}`])).toThrow();
});

// Which test files belong to which project and run.
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { testsWithoutTools } from '../src/commands/testing/system-tools.ts';
import { LONG } from './run-size.ts';

const ROOT = join(import.meta.dirname, '..');

/** Does a file belong to the long run, either only there (by its name) or also there (it imports run-size.ts)? */
function isLong(file: string): boolean {
  return file.endsWith('.long.test.ts') || readFileSync(join(ROOT, file), 'utf8').includes("/run-size.ts'");
}

/** Returns the test files in some folders of tests/ that belong to this run and whose system tools are installed. */
function filesOf(folders: readonly string[]): string[] {
  const left = new Set(testsWithoutTools().flatMap((pattern) => globSync(pattern, { cwd: ROOT })));
  return folders
    .flatMap((folder) => globSync(`tests/${folder}/**/*.test.ts`, { cwd: ROOT }))
    .filter((file) => !left.has(file) && (LONG ? isLong(file) : !file.endsWith('.long.test.ts')))
    .sort();
}

/** Returns a Vitest project: folders of tests/ that need the same set-up. */
export function project(name: string, folders: readonly string[], globalSetup: readonly string[] = []) {
  return {
    extends: true as const,
    test: { name, include: filesOf(folders), globalSetup: globalSetup.map((noun) => `tests/setup/${noun}.ts`) },
  };
}

// Decides which test files belong to which Vitest project and to this run.
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { testsWithoutTools } from '../src/commands/testing/system-tools.ts';
import { LONG } from './run-size.ts';

const ROOT = join(import.meta.dirname, '..');

/**
 * Returns whether a file belongs to the long run. Files named `*.long.test.ts` belong only to the long run; files that
 * import run-size.ts belong to both runs.
 */
function isLong(file: string): boolean {
  return file.endsWith('.long.test.ts') || readFileSync(join(ROOT, file), 'utf8').includes("/run-size.ts'");
}

/**
 * Returns the test files in some folders of tests/ that belong to this run, sorted. Leaves out files that need a system
 * program that is not installed.
 */
function filesOf(folders: readonly string[]): string[] {
  const left = new Set(testsWithoutTools().flatMap((pattern) => globSync(pattern, { cwd: ROOT })));
  return folders
    .flatMap((folder) => globSync(`tests/${folder}/**/*.test.ts`, { cwd: ROOT }))
    .filter((file) => !left.has(file) && (LONG ? isLong(file) : !file.endsWith('.long.test.ts')))
    .sort();
}

/**
 * Returns the configuration of a Vitest project.
 *
 * @param folders folders of tests/ whose files are in the project
 * @param globalSetup names of modules in tests/setup/ that run before the files
 */
export function project(name: string, folders: readonly string[], globalSetup: readonly string[] = []) {
  return {
    extends: true as const,
    test: { name, include: filesOf(folders), globalSetup: globalSetup.map((noun) => `tests/setup/${noun}.ts`) },
  };
}

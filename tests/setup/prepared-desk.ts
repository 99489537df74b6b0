import { execFile } from 'node:child_process';
import { rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { TestProject } from 'vitest/node';

declare module 'vitest' {
  interface ProvidedContext {
    /** Data folder of a desk with one published story and one administrator, to be copied (desk-data.ts). */
    preparedDesk: string;
  }
}

/**
 * Runs in Node itself: Vitest's loader, which runs this file, has no `import.meta.resolve`, which the site's code
 * needs.
 */
const PROGRAM = fileURLToPath(new URL('../fixtures/desk/preparing-desk.ts', import.meta.url));

/** Prepares once the data folder with which most files about the desk begin. */
export default async function setup({ provide }: TestProject): Promise<() => void> {
  const { stdout: folder } = await promisify(execFile)(process.execPath, [PROGRAM]);
  provide('preparedDesk', folder);
  return () => rmSync(folder, { recursive: true, force: true });
}

import { execFile } from 'node:child_process';
import { rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { TestProject } from 'vitest/node';

declare module 'vitest' {
  interface ProvidedContext {
    /**
     * Path of a desk's data folder with one published story and one administrator. Test files copy it (copyOfDesk in
     * desk-data.ts).
     */
    preparedDesk: string;
  }
}

/**
 * Path of the program that prepares the folder. It runs in a separate Node process, because the site's code needs
 * `import.meta.resolve`, which is missing in Vitest's module loader.
 */
const PROGRAM = fileURLToPath(new URL('../fixtures/desk/preparing-desk.ts', import.meta.url));

/**
 * Prepares the data folder that most test files about the desk copy, and provides its path. Resolves to a function that
 * deletes the folder.
 */
export default async function setup({ provide }: TestProject): Promise<() => void> {
  const { stdout: folder } = await promisify(execFile)(process.execPath, [PROGRAM]);
  provide('preparedDesk', folder);
  return () => rmSync(folder, { recursive: true, force: true });
}

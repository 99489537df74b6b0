import { execFile } from 'node:child_process';
import { rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { TestProject } from 'vitest/node';

declare module 'vitest' {
  interface ProvidedContext {
    /** Data folder of a desk with one story published and one administrator: to be copied (desk-data.ts). */
    preparedDesk: string;
  }
}

/** The code of the site needs Node itself: Vitest's own loader, which runs this file, has no `import.meta.resolve`. */
const PROGRAM = fileURLToPath(new URL('../fixtures/desk/preparing-desk.ts', import.meta.url));

/** Seeds, publishes and gives an account once what most files about the desk begin with. */
export default async function setup({ provide }: TestProject): Promise<() => void> {
  const { stdout: folder } = await promisify(execFile)(process.execPath, [PROGRAM]);
  provide('preparedDesk', folder);
  return () => rmSync(folder, { recursive: true, force: true });
}

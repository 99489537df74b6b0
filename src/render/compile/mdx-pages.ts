import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { PROJECT_ROOT } from './build-cache.ts';

/** Names of the MDX pages (`about`): code of the checkout, whatever the content is. */
export function ownPages(): string[] {
  return readdirSync(join(PROJECT_ROOT, 'content/pages'))
    .filter((file) => file.endsWith('.mdx'))
    .map((file) => file.slice(0, -'.mdx'.length))
    .sort();
}

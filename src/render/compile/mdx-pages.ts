import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { PROJECT_ROOT } from './build-cache.ts';

/**
 * Returns the names of the MDX pages (`about`), sorted. They are code of the checkout and do not depend on the
 * published content.
 */
export function ownPages(): string[] {
  return readdirSync(join(PROJECT_ROOT, 'content/pages'))
    .filter((file) => file.endsWith('.mdx'))
    .map((file) => file.slice(0, -'.mdx'.length))
    .sort();
}

import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Page } from 'playwright-core';

const AXE = readFileSync(fileURLToPath(import.meta.resolve('axe-core/axe.min.js')), 'utf8');

/** Axe, in a page that has been given it. */
declare const axe: typeof import('axe-core');

/** The rules whose answer depends on how a page looks: colours, size of type, room. All others read its elements. */
export const RULES_OF_LOOKS = [
  'color-contrast',
  'link-in-text-block',
  'scrollable-region-focusable',
  'target-size',
] as const;

/**
 * Returns what axe finds wrong, one element a line. `within`: selector of what is looked at. `rules`: only these; without
 * it all that axe runs by itself, and target-size. The page's context must bypass the policy of the page, unless that
 * allows code that is made at run time.
 */
export async function axeFaults(page: Page, within = 'html', rules?: readonly string[]): Promise<string[]> {
  if (!(await page.evaluate(() => 'axe' in window))) await page.evaluate(AXE);
  return page.evaluate(
    async ({ selector, only }) => {
      const { violations } = await axe.run(
        selector,
        only ? { runOnly: only, resultTypes: ['violations'] } : { rules: { 'target-size': { enabled: true } } },
      );
      return violations.flatMap(({ id, nodes }) =>
        nodes.map(({ html, failureSummary }) => `${id}: ${html} ${failureSummary}`),
      );
    },
    { selector: within, only: rules && [...rules] },
  );
}

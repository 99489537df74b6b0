import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Page } from 'playwright-core';

const AXE = readFileSync(fileURLToPath(import.meta.resolve('axe-core/axe.min.js')), 'utf8');

/** The global that AXE defines in a page. */
declare const axe: typeof import('axe-core');

/** The rules that depend on the look of a page: colours, type size, spacing. All others read the elements only. */
export const RULES_OF_LOOKS = [
  'color-contrast',
  'link-in-text-block',
  'scrollable-region-focusable',
  'target-size',
] as const;

/**
 * Returns the violations that axe finds, one element per line. The page's context must bypass the content security
 * policy of the page, unless that allows code that is evaluated at run time.
 *
 * @param within selector of the part to check
 * @param rules the only rules to run; by default axe's own and target-size
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

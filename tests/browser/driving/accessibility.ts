import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Page } from 'playwright-core';

const AXE = readFileSync(fileURLToPath(import.meta.resolve('axe-core/axe.min.js')), 'utf8');

/** The global variable that AXE defines in a page that runs it. */
declare const axe: typeof import('axe-core');

/**
 * Names of the axe rules whose result depends on the look of a page: colours, type size, spacing. All other rules read
 * only the elements.
 */
export const RULES_OF_LOOKS = [
  'color-contrast',
  'link-in-text-block',
  'scrollable-region-focusable',
  'target-size',
] as const;

/**
 * Resolves to the violations that axe finds in a page: a string with rule, HTML and summary for each faulty element.
 * The browser context must bypass the page's content security policy (`bypassCSP`), unless the policy allows code that
 * is evaluated at run time.
 *
 * @param within CSS selector of the part to check
 * @param rules names of the only rules to run; by default the rules that axe enables itself, and `target-size`
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

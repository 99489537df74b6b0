// The HTML of every page is valid and follows the rules of html-validate.
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { HtmlValidate, StaticConfigLoader, type ConfigData } from 'html-validate';
import { expect } from 'vitest';
import { test } from '../browser/driving/reader.ts';

const config: ConfigData = {
  root: true,
  extends: ['html-validate:recommended', 'html-validate:document'],
  rules: {
    // Readers would copy the non-breaking hyphens with the number, and a search for the number would not find it.
    'tel-non-breaking': 'off',
    // All buttons in forms of the site submit the form, which is the default type.
    'no-implicit-button-type': 'off',
    // Photos need style attributes, because each has other colours, ratios and placeholders. The policy of a page
    // allows style attributes only if the page has some. (The rule's list of allowed properties does not help: the rule
    // splits a style even at the semicolon inside a `data:` URL.)
    'no-inline-style': 'off',
    // All scripts come from the site itself, and their names contain a hash of their content.
    'require-sri': 'off',
    // An id may begin with a digit (HTML, 3.2.6). A CSS selector would have to escape it, but no style sheet has one.
    'valid-id': ['error', { relaxed: true }],
  },
};
const checker = new HtmlValidate(new StaticConfigLoader(config));
/** Resolves to the faults of a page, one string each. `path`: the file to check; `file`: its name in the strings. */
async function faultsOf(path: string, file: string): Promise<string[]> {
  const { results } = await checker.validateFile(path);
  return results.flatMap(({ messages }) =>
    messages.map(({ ruleId, message, selector }) => `${file} ${ruleId}: ${message} (${selector ?? ''})`),
  );
}

test('No page of the sample site has a fault', async ({ site }) => {
  const files = readdirSync(site.output, { recursive: true, encoding: 'utf8' }).filter((file) =>
    file.endsWith('.html'),
  );
  expect(files.length).toBeGreaterThan(50);
  const faults: string[] = [];
  for (const file of files.sort()) faults.push(...(await faultsOf(join(site.output, file), file)));
  expect(faults).toEqual([]);
});

test.each([
  ['an element where none may be', '<p><div></div></p>'],
  ['an id that two elements have', '<p id="a"></p><p id="a"></p>'],
  ['a picture without alternative text', '<img src="a.jpg">'],
  ['a label without a field', '<label for="none">标签</label>'],
  ['a missing end tag', '<section><p></p>'],
])('A fault is found: %s', async (_case, html) => {
  const { valid } = await checker.validateString(`<!doctype html><html lang="zh-CN"><title>标题</title>${html}</html>`);
  expect(valid).toBe(false);
});

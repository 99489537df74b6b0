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
    // A search does not find a number written with non-breaking hyphens, and they are copied with it.
    'tel-non-breaking': 'off',
    // All our buttons in forms submit, which is the default.
    'no-implicit-button-type': 'off',
    // Colours, ratios and placeholders differ from photo to photo; the policy of a page allows style attributes where
    // it has them. (The rule's list of properties does not help: it splits at the semicolon of a `data:` address.)
    'no-inline-style': 'off',
    // Scripts come from this site, under names that contain a hash of their content.
    'require-sri': 'off',
    // An id may begin with a digit (HTML, 3.2.6); our style sheets use none.
    'valid-id': ['error', { relaxed: true }],
  },
};
const checker = new HtmlValidate(new StaticConfigLoader(config));
/** Returns the faults of a page, one per line. */
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

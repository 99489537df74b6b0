// The HTML of every page is what the standard and good manners ask for.
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { HtmlValidate, StaticConfigLoader, type ConfigData } from 'html-validate';
import { expect } from 'vitest';
import { test } from '../browser/driving/reader.ts';

const config: ConfigData = {
  root: true,
  extends: ['html-validate:recommended', 'html-validate:document'],
  rules: {
    // A hyphen that does not break is not found by who searches for the number, and is copied with it.
    'tel-non-breaking': 'off',
    // What a button in a form does by itself, submit, is what all of ours are for.
    'no-implicit-button-type': 'off',
    // Colours, ratios and stand-ins differ from one photo to the next; the policy of a page allows style attributes
    // where it has them. (To name the properties here does not help: the semicolon of a `data:` address ends one.)
    'no-inline-style': 'off',
    // Scripts come from this site, under names that say their content.
    'require-sri': 'off',
    // An id may begin with a digit (HTML, 3.2.6); ours do not stand in style sheets.
    'valid-id': ['error', { relaxed: true }],
  },
};
const checker = new HtmlValidate(new StaticConfigLoader(config));
/** What is wrong with a page, one fault a line. */
async function faultsOf(path: string, file: string): Promise<string[]> {
  const { results } = await checker.validateFile(path);
  return results.flatMap(({ messages }) =>
    messages.map(({ ruleId, message, selector }) => `${file} ${ruleId}: ${message} (${selector ?? ''})`),
  );
}

test('no page of the sample site has a fault', async ({ site }) => {
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
  ['a name that two have', '<p id="a"></p><p id="a"></p>'],
  ['a picture without words for who cannot see it', '<img src="a.jpg">'],
  ['a label of nothing', '<label for="none">标签</label>'],
  ['an end that is missing', '<section><p></p>'],
])('a fault would be found: %s', async (_case, html) => {
  const { valid } = await checker.validateString(`<!doctype html><html lang="zh-CN"><title>标题</title>${html}</html>`);
  expect(valid).toBe(false);
});

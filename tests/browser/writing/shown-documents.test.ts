// What the body field shows is what the page shows, for every document, and opening one changes no byte.
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { PROJECT_ROOT } from '../../../src/render/compile/build-cache.ts';
import { renderMarkdown } from '../../../src/text/markdown.ts';
import { writeDocument } from '../../../src/writing/document/write-document.ts';
import { Random } from '../../fixtures/random.ts';
import { RandomDocuments } from '../../fixtures/writing/random-document.ts';
import { shownByHtml } from '../../fixtures/writing/shown-content.ts';
import { seedsOf } from '../../run-size.ts';
import { test } from '../driving/reader.ts';
import { BodyPage } from './body-page.ts';

const DOCUMENTS = 300;

test.override('own', { scope: 'worker' }, {});
let body: BodyPage;

test.beforeAll(async ({ browser }) => {
  body = await BodyPage.open(browser);
});

/** Opens a Markdown text. Resolves to a description of what is wrong, or undefined. */
async function fault(markdown: string): Promise<object | undefined> {
  await body.write(markdown);
  await body.press('ControlOrMeta+Home', 'ArrowDown', 'ArrowRight', 'Shift+ArrowRight');
  const [shown, page] = [shownByHtml(await body.shown()), shownByHtml(renderMarkdown(markdown))];
  const [value, changes] = [await body.value(), await body.changes()];
  const faults = body.faults.splice(0);
  const isSame = JSON.stringify(shown) === JSON.stringify(page) && value === markdown && changes === 0;
  if (isSame && faults.length === 0) return undefined;
  return { markdown, shown: shown.join(''), page: page.join(''), value, changes, faults };
}

test.each(seedsOf('documents in the browser', 7))(`${DOCUMENTS} random documents, seed %i`, async (seed) => {
  const random = new RandomDocuments(new Random(seed));
  const wrong: object[] = [];
  for (let index = 0; index < DOCUMENTS && wrong.length < 3; index += 1) {
    const found = await fault(writeDocument(random.document()).markdown);
    if (found) wrong.push(found);
  }
  expect(wrong).toEqual([]);
});

/** The bodies of all Markdown files of the sample content, by path. */
const SAMPLES = globSync('content/**/*.md', { cwd: PROJECT_ROOT }).map((path): [string, string] => {
  const text = readFileSync(join(PROJECT_ROOT, path), 'utf8');
  return [path, text.replace(/^---\n[\s\S]*?\n---\n+/u, '').trimEnd()];
});

test('Every sample text is shown as on its page, and the caret moves in it without a change', async () => {
  expect(SAMPLES.length).toBeGreaterThan(20);
  for (const [path, markdown] of SAMPLES) expect([path, await fault(markdown)]).toEqual([path, undefined]);
});

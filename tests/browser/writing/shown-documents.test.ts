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
import { seedsOf, sized } from '../../run-size.ts';
import { test } from '../driving/reader.ts';
import { BodyPage } from './body-page.ts';
import type { OpenedText } from './mounted-body.ts';

const DOCUMENTS = 300;
/** Number of documents in which the caret is also moved. */
const WITH_KEYS = sized({ usual: 30, long: DOCUMENTS });

let body: BodyPage;

test.beforeAll(async ({ browser }) => {
  body = await BodyPage.open(browser);
});

/** Returns what is wrong about a text that was opened, or undefined. */
function fault(markdown: string, { shown, value, changes }: OpenedText): object | undefined {
  const [here, page] = [shownByHtml(shown), shownByHtml(renderMarkdown(markdown))].map((parts) => parts.join(''));
  const isRight = here === page && value === markdown && changes === 0;
  return isRight ? undefined : { markdown, here, page, value, changes };
}

/** Moves the caret through a text with keys. Resolves to what is wrong then, or undefined. */
async function faultAfterKeys(markdown: string): Promise<object | undefined> {
  await body.write(markdown);
  await body.press('ControlOrMeta+Home', 'ArrowDown', 'ArrowRight', 'Shift+ArrowRight');
  const opened = { shown: await body.shown(), value: await body.value(), changes: await body.changes() };
  return fault(markdown, opened);
}

test.each(seedsOf('documents in the browser', 7))(`${DOCUMENTS} random documents, seed %i`, async (seed) => {
  const random = new RandomDocuments(new Random(seed));
  const texts = Array.from({ length: DOCUMENTS }, () => writeDocument(random.document()).markdown);
  const opened = await body.openAll(texts);
  expect(opened.length).toBe(DOCUMENTS);
  expect(opened.flatMap((one, index) => fault(texts[index] ?? '', one) ?? []).slice(0, 3)).toEqual([]);
  for (const text of texts.slice(0, WITH_KEYS)) expect(await faultAfterKeys(text)).toBeUndefined();
  expect(body.faults).toEqual([]);
});

/** The bodies of all Markdown files of the sample content, by path. */
const SAMPLES = globSync('content/**/*.md', { cwd: PROJECT_ROOT }).map((path): [string, string] => {
  const text = readFileSync(join(PROJECT_ROOT, path), 'utf8');
  return [path, text.replace(/^---\n[\s\S]*?\n---\n+/u, '').trimEnd()];
});

test('Every sample text is shown as on its page, and the caret moves in it without a change', async () => {
  expect(SAMPLES.length).toBeGreaterThan(20);
  for (const [path, markdown] of SAMPLES) expect([path, await faultAfterKeys(markdown)]).toEqual([path, undefined]);
  expect(body.faults).toEqual([]);
});

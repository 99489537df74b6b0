// Everything that people paste becomes what the page shows, through the real clipboard, and what is left out is named.
import { expect } from 'vitest';
import { plainText, renderMarkdown } from '../../../src/text/markdown.ts';
import { isElement, type HtmlNode } from '../../../src/writing/paste/html-tree.ts';
import { htmlTree } from '../../fixtures/writing/html-tree.ts';
import { shownByHtml } from '../../fixtures/writing/shown-content.ts';
import { test } from '../driving/reader.ts';
import { BodyPage } from './body-page.ts';
import { PASTES, type Paste } from './pastes.ts';

// The clipboard is shared by all pages of a browser.
test.override('own', { scope: 'worker' }, {});

let body: BodyPage;

test.beforeAll(async ({ browser }) => {
  body = await BodyPage.open(browser);
});

/** Returns the text of HTML, without that of elements that browsers do not show. */
function textOf(node: HtmlNode): string {
  if (!isElement(node)) return node;
  return ['script', 'style', 'title'].includes(node.name) ? '' : node.children.map(textOf).join('');
}

function han(text: string): number {
  return [...text.matchAll(/\p{Script=Han}/gu)].length;
}

/** Returns the number of Han characters that somebody who pastes expects in the text. */
function pastedHan({ html, text = '', isPlain }: Paste): number {
  return han(html === undefined || isPlain === true ? text : textOf(htmlTree(html)));
}

test.for(PASTES)('$name', async (paste) => {
  const { markdown, notice = [], lost = 0, isPlain } = paste;
  await body.write('');
  await body.copy(paste);
  await body.paste(isPlain);
  await expect.poll(async () => body.value()).toBe(markdown);
  const words = await body.notice.innerText();
  for (const part of notice) expect(words).toContain(part);
  expect(words === '').toBe(notice.length === 0);
  // The text shows what the page shows.
  expect(shownByHtml(await body.shown())).toEqual(shownByHtml(renderMarkdown(markdown)));
  // Emoji as pictures become their names, such as [微笑].
  const added = han(/\\\[(.*)\\\]/u.exec(markdown)?.[1] ?? '');
  expect(han(plainText(markdown)) - added + lost).toBe(pastedHan(paste));
});

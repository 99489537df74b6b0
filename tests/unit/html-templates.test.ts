// Escaping of values in the templates of the desk's pages, and the lint rule that refuses places where escaping is not
// enough.
import { Linter } from 'eslint';
import { expect, test } from 'vitest';
import { htmlTemplates } from '../../lint/html-templates.mjs';
import { attributes, Html, html, type Content } from '../../src/desk/pages/shell/html.ts';

const ATTACK = `"'><script>x()</script>&amp;`;
const ESCAPED = '&quot;&apos;&gt;&lt;script&gt;x()&lt;/script&gt;&amp;amp;';

test('Values are escaped in text, in attributes and in lists', () => {
  expect(html`<p title="${ATTACK}">${ATTACK}${[ATTACK, [ATTACK]]}</p>`.toString()).toBe(
    `<p title="${ESCAPED}">${ESCAPED}${ESCAPED}${ESCAPED}</p>`,
  );
  expect(html`<a ${attributes({ href: ATTACK })}></a>`.toString()).toBe(`<a href="${ESCAPED}"></a>`);
});

test('HTML in a template is not escaped twice', () => {
  const item = html`<i>${'&'}</i>`;
  expect(html`<b>${[item, item]}</b>`.toString()).toBe('<b><i>&amp;</i><i>&amp;</i></b>');
  expect(html`<div>${new Html('<b>known</b>')}</div>`.toString()).toBe('<div><b>known</b></div>');
});

test('An object that only looks like HTML is not written as it is', () => {
  const parsed: { content: Content } = JSON.parse('{ "content": [["<b>"]] }');
  expect(html`<p>${parsed.content}</p>`.toString()).toBe('<p>&lt;b&gt;</p>');
  const fake: { content: Content } = JSON.parse('{ "content": { "markup": "<b>" } }');
  expect(() => html`<p>${fake.content}</p>`).toThrow();
});

test('Nothing is written for undefined, null and false', () => {
  expect(html`<p>${undefined}${null}${false}${''}${0}</p>`.toString()).toBe('<p>0</p>');
  expect(html`<a ${attributes({ id: undefined, hidden: false, download: true, tabindex: 0 })}></a>`.toString()).toBe(
    '<a download tabindex="0"></a>',
  );
});

test('A line end in a template is one space, at its ends nothing, and one in a value stays', () => {
  const list = html`
    <ul>
      <li>${'b\n  c'}</li>
    </ul>
  `;
  expect(list.toString()).toBe('<ul> <li>b\n  c</li> </ul>');
});

test.each([
  ['text', 'html`<p class="a">${x}</p><p>${y}</p>`', true],
  ['an attribute in quotes', 'html`<a class="b ${x}" href="/${y}?z=${z}">c</a>`', true],
  ['attributes()', 'html`<a href="${x}" ${attributes(y)}>${z}</a>`', true],
  ['an attribute without quotes', 'html`<a href=${x}></a>`', false],
  ['an attribute in single quotes', "html`<a href='${x}'></a>`", false],
  ['the inside of a tag', 'html`<a href="${x}" ${y}></a>`', false],
  ['the name of a tag', 'html`<${x}></a>`', false],
  ['the name of an end tag', 'html`<a></${x}>`', false],
  ['a comment', 'html`<!-- ${x} -->`', false],
  ['a script', 'html`<script>${x}</script>`', false],
])('A value in %s: %s → %s', (_place, code, allowed) => {
  const plugins = { house: { rules: { 'html-templates': htmlTemplates } } };
  const found = new Linter().verify(code, [{ plugins, rules: { 'house/html-templates': 'error' } }]);
  expect(found).toHaveLength(allowed ? 0 : 1);
});

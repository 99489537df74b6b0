import { expect, test } from 'vitest';
import { pruneCss } from '../../src/render/html/prune-css.ts';

const page = (styles: string, body: string): string =>
  `<!DOCTYPE html><html><head><meta charset="utf-8">${styles}</head><body>${body}</body></html>`;
const slim = (css: string, body: string): { css: string; body: string } => {
  const [, style = '', rest = ''] =
    /<style>([^]*)<\/style><\/head><body>([^]*)<\/body>/u.exec(pruneCss(page(`<style>${css}</style>`, body))) ?? [];
  return { css: style, body: rest };
};

const [A, B] = ['astro-aaaaaaaa', 'astro-bbbbbbbb'];

test.each([
  ['A rule for an existing element stays', `p.${A}{color:red}`, `<p class="${A}">x</p>`, 'p.z0{color:red}'],
  [
    'A rule for an absent component is removed',
    `p.${A}{color:red}i.${B}{top:0}`,
    `<p class="${A}">x</p>`,
    'p.z0{color:red}',
  ],
  [
    'A rule for another element of the component is removed',
    `p.${A}{color:red}b.${A}{top:0}`,
    `<p class="${A}">x</p>`,
    'p.z0{color:red}',
  ],
  ['Of a list of selectors, those that match stay', `p.${A},b.${A}{top:0}`, `<p class="${A}">x</p>`, 'p.z0{top:0}'],
  ['A rule for a class that no element has is removed', `.lead.${A}{top:0}`, `<p class="${A}">x</p>`, ''],
  [
    'Descendants of a component are matched by their tag',
    `.${A} table{top:0}.${A} p{top:0}`,
    `<div class="${A}"><p>x</p></div>`,
    '.z0 p{top:0}',
  ],
  [
    'States and pseudo-elements are ignored in matching',
    `a.${A}:hover{top:0}a.${A}::after{top:0}`,
    `<a class="${A}">x</a>`,
    'a.z0:hover{top:0}a.z0::after{top:0}',
  ],
  [
    'Selectors in :not() are ignored in matching',
    `a.${A}:not(.${B}){top:0}`,
    `<a class="${A}">x</a>`,
    'a.z0:not(.z1){top:0}',
  ],
  ['Global rules stay', `.spoken{top:0}table{top:0}`, `<p class="${A}">x</p>`, '.spoken{top:0}table{top:0}'],
  ['An empty at-rule is removed', `@media print{b.${A}{top:0}}p.${A}{top:0}`, `<p class="${A}">x</p>`, 'p.z0{top:0}'],
  [
    'Animations stay',
    `@keyframes k{from{top:0}}p.${A}{animation:k}`,
    `<p class="${A}">x</p>`,
    '@keyframes k{from{top:0}}p.z0{animation:k}',
  ],
])('%s', (_case, css, body, left) => {
  expect(slim(css, body).css).toBe(left);
});

test('Scope classes stay under short names if a rule uses them, and other classes stay unchanged', () => {
  const { body } = slim(
    `p.${A}{top:0}`,
    `<p class="lead ${A}">x</p><b class="${A}" id="b">y</b><i class="own ${A}">z</i>`,
  );
  expect(body).toBe('<p class="lead z0">x</p><b id="b">y</b><i class="own">z</i>');
});

test('The styles of a page become one element, in their order', () => {
  const html = pruneCss(page(`<style>p.${A}{top:0}</style><style>p.${A}{top:1px}</style>`, `<p class="${A}">x</p>`));
  expect(html.match(/<style/gu)).toHaveLength(1);
  expect(html).toContain('<style>p.z0{top:0}p.z0{top:1px}</style>');
});

test('Text that looks like a style or a class is unchanged', () => {
  const text = `&lt;style&gt;p.${A}{}&lt;/style&gt; class="${A}"`;
  expect(slim(`p.${A}{top:0}`, `<p class="${A}" title="a > b">${text}</p>`).body).toBe(
    `<p class="z0" title="a > b">${text}</p>`,
  );
});

test('A page without styles is unchanged', () => {
  expect(pruneCss(page('', '<p>x</p>'))).toBe(page('', '<p>x</p>'));
});

import { expect, test } from 'vitest';
import { framedPage } from '../../src/cms/preview/framed-page.ts';
import { withPolicy } from '../../src/render/html/content-security-policy.ts';

const ORIGIN = 'https://he.example.cn';
const PAGE = `<!doctype html><html><head><meta charset="utf-8"><style>p{color:red}</style><script>a('self')</script></head>
<body><p style="color:blue">'self'</p><img src="/photos/a.jpg"><script type="module" src="/_astro/a.js"></script></body></html>`;

/**
 * Returns the sources of one directive in the content security policy of a page. `kind`: the directive, such as
 * `img-src`.
 */
function sources(html: string, kind: string): string[] {
  const policy = /http-equiv="content-security-policy" content="([^"]*)"/u.exec(html)?.[1] ?? '';
  const directive = policy.split('; ').find((one) => one.startsWith(`${kind} `));
  return directive?.split(' ').slice(1) ?? [];
}

test('A page in a frame may load photos and styles from our origin by name, since Firefox does not match ‘self’ there', () => {
  const html = framedPage(withPolicy(PAGE, { wasm: false }), ORIGIN);
  expect(sources(html, 'img-src')).toEqual(["'self'", ORIGIN, 'data:']);
  expect(sources(html, 'style-src')).toEqual(expect.arrayContaining(["'self'", ORIGIN]));
  expect(sources(html, 'default-src')).toEqual(["'none'"]);
});

test('A page in a frame has no scripts, and its text is unchanged', () => {
  const html = framedPage(withPolicy(PAGE, { wasm: false }), ORIGIN);
  expect(html).not.toContain('<script');
  expect(html).toContain(`<p style="color:blue">'self'</p>`);
});

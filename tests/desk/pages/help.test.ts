// The handbooks at the desk, which everybody who is signed in may read, and nobody else.
import { expect } from 'vitest';
import { role } from '../../../src/model/roles.ts';
import type { DeskClient } from '../../fixtures/desk/desk-client.ts';
import type { DeskSite } from '../../fixtures/desk/desk-site.ts';
import { test } from '../../fixtures/desk/desk-test.ts';
import { ask } from '../../fixtures/desk/raw-request.ts';

const TITLES = { author: '作者手册', reviewer: '审核手册', administrator: '管理员手册' } as const;

let site: DeskSite;
let clients: Record<keyof typeof TITLES, DeskClient>;

test.beforeAll(async ({ site: opened }) => {
  site = opened;
  clients = {
    author: await site.client({ login: 'li', name: '李作者', role: 'author', unit: 'jiefang' }),
    reviewer: await site.client({ login: 'zhao', name: '赵审核', role: 'reviewer', unit: undefined }),
    administrator: site.desk,
  };
});

async function pageFor(client: DeskClient, path: string): Promise<string> {
  const response = await client.request(path);
  expect(response.status).toBe(200);
  expect(response.headers.get('content-security-policy')).toContain("img-src 'self'");
  return response.text();
}

/** Returns the titles of the handbooks that a page links to, in the order of the links. */
function linked(html: string): string[] {
  return [...html.matchAll(/<a href="\/desk\/help\/\w+\/">([^<]+)<\/a>/gu)].map(([, title = '']) => title);
}

test.each(role.options)(
  'The start page of the %s links to help, and help links to the own handbook first',
  async (own) => {
    const start = await pageFor(clients[own], '/desk/');
    expect(start).toContain('<a href="/desk/help/">帮助</a>');
    const help = await pageFor(clients[own], '/desk/help/');
    expect(help).toContain('<a href="/desk/help/" aria-current="page">帮助</a>');
    const others = role.options.filter((name) => name !== own).map((name) => TITLES[name]);
    expect(linked(help)).toEqual([TITLES[own], ...others]);
    const [, section = ''] = new RegExp(`href="/desk/help/${own}/#([^"]+)"`, 'u').exec(help) ?? [];
    expect(await pageFor(clients[own], `/desk/help/${own}/`)).toContain(`<h2 id="${section}">`);
  },
);

test.each(role.options)('Everybody may read the handbook of the %s, with its pictures', async (name) => {
  for (const client of Object.values(clients)) {
    const html = await pageFor(client, `/desk/help/${name}/`);
    expect(html).toContain(`<h1>${TITLES[name]}</h1>`);
    expect(html).toContain('aria-current="page">帮助</a>');
    expect(html).not.toContain('![');
    // The table of contents links to every section.
    const ids = [...html.matchAll(/<h2 id="([^"]+)">/gu)].map(([, id = '']) => id);
    expect([...html.matchAll(/<a href="#([^"]+)">[^<]*<\/a><\/li>/gu)].map(([, id = '']) => id)).toEqual(
      expect.arrayContaining(ids),
    );
    const pictures = [...html.matchAll(/<img src="([^"]+)" width="\d+" height="\d+"/gu)].map(([, src = '']) => src);
    expect(pictures.length).toBeGreaterThan(5);
    const picture = await client.request(pictures[0] ?? '');
    expect(picture.status).toBe(200);
    expect(Object.fromEntries(picture.headers)).toMatchObject({
      'content-type': 'image/webp',
      'cache-control': 'private, max-age=31536000, immutable',
      'content-security-policy': "default-src 'none'; sandbox",
    });
  }
});

test('Without a session the handbooks redirect to the page to sign in, which leads back', async () => {
  const [, picture = ''] = /<img src="([^"]+)"/u.exec(await pageFor(site.desk, '/desk/help/author/')) ?? [];
  for (const path of ['/desk/help/', '/desk/help/author/', picture]) {
    const { status, headers } = await ask(site.desk.origin, { path });
    expect(status).toBe(303);
    expect(headers.location).toBe(`/desk/sign-in?next=${encodeURIComponent(path)}`);
  }
});

test.each([
  ['/desk/help', 301, '/desk/help/'],
  ['/desk/help/author', 301, '/desk/help/author/'],
  ['/desk/help/nobody/', 404, null],
  ['/desk/help/pictures/000000000000/start.webp', 404, null],
  ['/desk/help/pictures/000000000000/..%2f..%2fauthor.md', 404, null],
])('%s answers %i', async (path, status, location) => {
  const response = await site.desk.request(path);
  expect(response.status).toBe(status);
  expect(response.headers.get('location')).toBe(location);
});

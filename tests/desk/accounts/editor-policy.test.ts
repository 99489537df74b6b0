// The content security policy of the editor's page.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { DeskSite } from '../../fixtures/desk/desk-site.ts';

let site: DeskSite;

beforeAll(async () => {
  site = await DeskSite.open();
});

afterAll(async () => {
  await site.dispose();
});

/** Resolves to the allowed sources of each directive in the policy of the editor's page. */
async function policyOf(): Promise<Map<string, string[]>> {
  const response = await site.desk.request('/admin/');
  const policy = response.headers.get('content-security-policy') ?? '';
  return new Map(
    policy.split('; ').map((directive) => {
      const [name = '', ...sources] = directive.split(' ');
      return [name, sources];
    }),
  );
}

test('The preview may load from our origin also by name, since Firefox does not match ‘self’ in its frame', async () => {
  const policy = await policyOf();
  const { origin } = site.desk;
  for (const kind of ['img-src', 'style-src', 'frame-src']) {
    expect(policy.get(kind), kind).toEqual(expect.arrayContaining(["'self'", origin]));
  }
  expect(policy.get('default-src')).toEqual(["'none'"]);
  expect([...policy.values()].flat().filter((source) => /^https?:/u.test(source) && source !== origin)).toEqual([]);
});

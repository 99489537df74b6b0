// What the editor's page may load, as its header says it.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { DeskSite } from '../../fixtures/desk/desk-site.ts';

let site: DeskSite;

beforeAll(async () => {
  site = await DeskSite.open();
});

afterAll(async () => {
  await site.dispose();
});

/** What the policy of the editor lets each kind of thing come from. */
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

test('what the preview shows may come from our origin by its name, too: Firefox knows no self in its frame', async () => {
  const policy = await policyOf();
  const { origin } = site.desk;
  for (const kind of ['img-src', 'style-src', 'frame-src']) {
    expect(policy.get(kind), kind).toEqual(expect.arrayContaining(["'self'", origin]));
  }
  expect(policy.get('default-src')).toEqual(["'none'"]);
  expect([...policy.values()].flat().filter((source) => /^https?:/u.test(source) && source !== origin)).toEqual([]);
});

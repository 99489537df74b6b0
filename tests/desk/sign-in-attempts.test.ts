import { expect, test } from 'vitest';
import { DeskClient } from '../fixtures/desk-client.ts';
import { DeskSite } from '../fixtures/desk-site.ts';

test('one address cannot try many accounts without end', async () => {
  const site = await DeskSite.open();
  const someone = new DeskClient(site.desk.origin);
  const statuses: number[] = [];
  for (let account = 0; account < 55; account += 1) {
    statuses.push(await someone.signIn({ login: `account${account}`, password: 'x' }));
  }
  expect(new Set(statuses.slice(0, 40))).toEqual(new Set([401]));
  expect(statuses.slice(-3)).toEqual([429, 429, 429]);
  await site.dispose();
});

// How accounts are made and closed: first administrator, invitations, passwords and sessions.
import { expect } from 'vitest';
import { z } from 'zod';
import { DeskClient, PASSWORD, writtenStory } from '../../fixtures/desk/desk-client.ts';
import { DeskSite } from '../../fixtures/desk/desk-site.ts';
import { test } from '../../fixtures/desk/desk-test.ts';

const OTHER_PASSWORD = 'dongtian-mianhua-yaoshi-88';
const me = z.object({ login: z.string(), name: z.string(), role: z.string(), unit: z.string().optional() });

let site: DeskSite;
/** Client of the administrator. */
let boss: DeskClient;
/** Number in the latest account's login, so that all logins differ. */
let serial = 0;

test.beforeAll(({ site: opened }) => {
  site = opened;
  boss = site.desk;
});

function stranger(): DeskClient {
  return new DeskClient(site.desk.origin);
}

/** Returns the text of the element with an id, or '' if there is none. */
function textById(html: string, id: string): string {
  return new RegExp(`id="${id}"[^>]*>([^<]*)<`, 'u').exec(html)?.[1]?.replaceAll('&amp;', '&') ?? '';
}

async function invite(form: Record<string, string>): Promise<string> {
  const response = await boss.form('/desk/people/invite', form);
  expect(response.status).toBe(200);
  return textById(await response.text(), 'link');
}

async function idOf(login: string): Promise<string> {
  const html = await (await boss.request('/desk/people')).text();
  const row = html.split('<tr').find((part) => part.includes(`<small>${login}</small>`)) ?? '';
  return /name="id" value="([^"]+)"/u.exec(row)?.[1] ?? '';
}

async function isIn(client: DeskClient): Promise<boolean> {
  return (await client.request('/api/me')).status === 200;
}

/** Makes an author of jiefang by an invitation. Resolves to the author's client and login. */
async function invited(): Promise<{ author: DeskClient; login: string }> {
  serial += 1;
  const login = `li${serial}`;
  const link = await invite({ name: '李作者', role: 'author', unit: 'jiefang' });
  const author = stranger();
  expect(await author.follow(link, { login, password: PASSWORD, name: '李作者' })).toBe(303);
  return { author, login };
}

test('A desk with an account offers no link for a first administrator', () => {
  expect(site.firstLink()).toBeUndefined();
});

test.each(['/desk/first', '/desk/invitation'])('A wrong token lets nobody in: %s', async (path) => {
  for (const query of ['', '?token=', '?token=wrong', '?token=a&token=b']) {
    const someone = stranger();
    expect((await someone.request(path + query)).status).toBe(403);
    expect(await someone.follow(site.desk.origin + path + query, { login: 'mallory', password: PASSWORD })).toBe(403);
    expect(await isIn(someone)).toBe(false);
  }
});

test('An invitation makes one account with its role and unit, whatever else the form says', async () => {
  const link = await invite({ name: '李作者', role: 'author', unit: 'jiefang' });
  const { pathname, searchParams } = new URL(link);
  const author = stranger();
  expect((await author.request(pathname + new URL(link).search)).status).toBe(200);
  const token = searchParams.get('token') ?? '';
  const form = { token, login: 'zhang', name: '李作者', password: PASSWORD, role: 'administrator', unit: 'wenxian' };
  const response = await author.form(pathname, form);
  expect(response.status).toBe(303);
  expect(await author.signIn({ login: 'zhang', password: PASSWORD })).toBe(303);
  const body: unknown = await (await author.request('/api/me')).json();
  expect(me.parse(body)).toEqual({ login: 'zhang', name: '李作者', role: 'author', unit: 'jiefang' });

  expect(await stranger().follow(link, { login: 'second', password: PASSWORD })).toBe(403);
});

test('Of three people who use one invitation at once, one gets in', async () => {
  const link = await invite({ name: '李作者', role: 'author', unit: 'jiefang' });
  const statuses = await Promise.all(
    ['qian', 'sun', 'zhao'].map(async (login) => stranger().follow(link, { login, password: PASSWORD })),
  );
  expect(statuses.sort()).toEqual([303, 403, 403]);
});

test('An invitation can be used again after invalid input, but not after it was revoked', async () => {
  const link = await invite({ name: '李作者', role: 'author', unit: 'jiefang' });
  const author = stranger();
  for (const [login, password] of [
    ['zhou', 'short'],
    ['zhou', '1234567890'],
    ['李', PASSWORD],
    ['editor', PASSWORD],
    ['', ''],
  ] as const) {
    expect([409, 422]).toContain(await author.follow(link, { login, password }));
  }
  expect(await author.follow(link, { login: 'zhou', password: PASSWORD })).toBe(303);

  const second = await invite({ name: '王作者', role: 'author', unit: 'jiefang' });
  const page = await (await boss.request('/desk/people')).text();
  const token = /name="token" value="([^"]+)"/u.exec(page)?.[1] ?? '';
  expect((await boss.form('/desk/people/revoke', { token })).status).toBe(200);
  expect(await stranger().follow(second, { login: 'wang', password: PASSWORD })).toBe(403);
});

test.each([
  ['an author without a unit', { name: '李', role: 'author', unit: '' }],
  ['an unknown unit', { name: '李', role: 'author', unit: 'nowhere' }],
  ['an unknown role', { name: '李', role: 'owner', unit: 'jiefang' }],
  ['nothing', {}],
])('No invitation is made for %s', async (_case, form) => {
  expect((await boss.form('/desk/people/invite', form)).status).toBe(422);
});

test('Names with line breaks or markup are refused', async () => {
  for (const name of ['坏人 <x@y>', 'a\nDesk-State: pending_publish', 'a\u2028Desk-State: x', '', '长'.repeat(21)]) {
    const link = await invite({ name: '李作者', role: 'author', unit: 'jiefang' });
    expect(await stranger().follow(link, { login: 'wu', password: PASSWORD, name })).toBe(422);
  }
});

test('A disabled account is signed out at once and cannot sign in until it is enabled again', async () => {
  const { author, login } = await invited();
  const id = await idOf(login);
  expect((await boss.form('/desk/people/disable', { id })).status).toBe(200);
  expect(await isIn(author)).toBe(false);
  expect(await author.signIn({ login, password: PASSWORD })).toBe(403);
  expect((await boss.form('/desk/people/enable', { id })).status).toBe(200);
  expect(await author.signIn({ login, password: PASSWORD })).toBe(303);
});

test('The only administrator can neither be disabled nor get another role', async () => {
  const id = await idOf('editor');
  expect((await boss.form('/desk/people/disable', { id })).status).toBe(409);
  expect((await boss.form('/desk/people/change', { id, role: 'reviewer', unit: '' })).status).toBe(409);
  expect(await isIn(boss)).toBe(true);
});

test('A changed role applies from the next request on', async () => {
  const { author, login } = await invited();
  expect((await author.request('/desk/reports.csv')).status).toBe(403);
  expect((await boss.form('/desk/people/change', { id: await idOf(login), role: 'reviewer', unit: '' })).status).toBe(
    200,
  );
  expect((await author.request('/desk/reports.csv')).status).toBe(200);
});

test('A link sets a new password once, ends every session, and makes the old password invalid', async () => {
  const { author, login } = await invited();
  const response = await boss.form('/desk/people/link', { id: await idOf(login) });
  const token = new URL(textById(await response.text(), 'link')).searchParams.get('token') ?? '';
  expect((await stranger().form('/desk/password', { token, password: '1234567890' })).status).toBe(422);
  expect((await stranger().form('/desk/password', { token, password: OTHER_PASSWORD })).status).toBe(200);
  expect(await isIn(author)).toBe(false);
  expect(await author.signIn({ login, password: PASSWORD })).toBe(401);
  expect(await author.signIn({ login, password: OTHER_PASSWORD })).toBe(303);
  expect((await stranger().form('/desk/password', { token, password: PASSWORD })).status).toBe(403);
});

test('Changing one’s own password keeps this session and ends all others', async () => {
  const { author: here, login } = await invited();
  const elsewhere = stranger();
  expect(await elsewhere.signIn({ login, password: PASSWORD })).toBe(303);
  expect((await here.form('/desk/me', { current: 'wrong', password: OTHER_PASSWORD })).status).toBe(422);
  expect((await here.form('/desk/me', { current: PASSWORD, password: 'short' })).status).toBe(422);
  expect(await isIn(elsewhere)).toBe(true);
  const changed = await here.form('/desk/me', { current: PASSWORD, password: OTHER_PASSWORD });
  expect(changed.status).toBe(200);
  expect(await isIn(elsewhere)).toBe(false);
  expect(await elsewhere.signIn({ login, password: OTHER_PASSWORD })).toBe(303);
});

test('A wrong login and a wrong password get the same answer, and an account tried too often must wait', async () => {
  const { login: account } = await invited();
  const someone = stranger();
  const sentence = async (login: string, password: string): Promise<string> => {
    const response = await someone.form('/desk/sign-in', { login, password });
    return /role="alert">([^<]*)</u.exec(await response.text())?.[1] ?? '';
  };
  const wrong = await sentence(account, 'not-the-password');
  expect(wrong).toMatch(/登录名或密码不对/u);
  expect(await sentence('nobody', 'not-the-password')).toBe(wrong);

  const attempts = Array.from({ length: 20 }, async () =>
    someone.signIn({ login: account, password: 'not-the-password' }),
  );
  const statuses = await Promise.all(attempts);
  expect(statuses.filter((status) => status === 401).length).toBeLessThan(10);
  expect(await someone.signIn({ login: account, password: PASSWORD })).toBe(429);
  expect(await someone.signIn({ login: 'editor', password: PASSWORD })).toBe(303);
});

test('Signing in begins a new session, and a session id chosen by the client is refused', async () => {
  const { author, login } = await invited();
  const before = author.cookie;
  expect(await author.signIn({ login, password: PASSWORD })).toBe(303);
  expect(author.cookie).not.toBe(before);
  const forged = await fetch(`${site.desk.origin}/api/me`, { headers: { cookie: 'desk.session_token=chosen.by-me' } });
  expect(forged.status).toBe(401);
});

test('The session cookie is HttpOnly and SameSite=Lax', async () => {
  const response = await stranger().form('/desk/sign-in', { login: 'editor', password: PASSWORD });
  const [cookie = ''] = response.headers.getSetCookie();
  expect(cookie).toMatch(/; HttpOnly/u);
  expect(cookie).toMatch(/; SameSite=Lax/u);
});

test.each(['https://evil.example', 'null', ''])('No form is accepted from the origin %j', async (origin) => {
  for (const path of ['/desk/sign-in', '/desk/people/invite', '/desk/me', '/desk/sign-out', '/desk/clear-sample']) {
    const response = await boss.request(path, { method: 'POST', headers: { origin }, body: new URLSearchParams({}) });
    expect(response.status).toBe(403);
  }
  expect(await isIn(boss)).toBe(true);
});

test.each([
  ['//evil.example/', '/desk/'],
  ['https://evil.example/', '/desk/'],
  ['/desk/../../evil', '/desk/'],
  ['/admin/', '/admin/'],
  ['/desk/reports?year=2021', '/desk/reports?year=2021'],
])('After signing in nobody is redirected to another site: next=%s', async (next, place) => {
  const response = await stranger().form('/desk/sign-in', { login: 'editor', password: PASSWORD, next });
  expect(response.status).toBe(303);
  expect(response.headers.get('location')).toBe(place);
});

test('Sign-ins, failures and changes are in the audit log for administrators, without passwords', async () => {
  const { author, login } = await invited();
  await author.signIn({ login, password: 'not-the-password' });
  await author.signIn({ login, password: PASSWORD });
  await boss.form('/desk/people/disable', { id: await idOf(login) });
  const page = await (await boss.request('/desk/audit')).text();
  for (const action of ['邀请', '接受邀请', '登录', '登录失败', '停用账号']) expect(page).toContain(`>${action}<`);
  expect(page).toContain(`李作者（${login}）`);
  expect(page).not.toMatch(/password|qiufeng/u);
});

test('The audit log names entries by their titles, drafts, published and deleted ones, with links to their histories', async () => {
  // The only person at a desk who may review can also publish his or her own stories.
  const own = await DeskSite.open();
  const names = await own.desk.photos(...own.freshPhotos());
  const story = writtenStory('jiefang', '20210402-080000aa', names, { title: '一只修好的<b>水壶' });
  await own.desk.save(story, null);
  const record = async () => (await own.desk.request('/desk/audit')).text();
  const link = `<a href="/desk/history/stories/jiefang/${story.id}/index">故事：一只修好的&lt;b&gt;水壶</a>`;
  expect(await record()).toContain(`保存草稿</td> <td data-label="对象">${link}`);
  expect((await own.desk.saveAndPublish(story)).status).toBe(200);
  expect(await record()).toContain(`发布</td> <td data-label="对象">${link}`);
  const unwanted = writtenStory('jiefang', '20210402-080001aa', names, { title: '没有留下的稿子' });
  await own.desk.save(unwanted, null);
  const slug = `jiefang/${unwanted.id}/index`;
  await own.desk.call('deleteUnpublishedEntry', { collection: 'stories', slug });
  const address = `/desk/history/stories/${slug}`;
  expect(await record()).toContain(`删除草稿</td> <td data-label="对象"><a href="${address}">故事：没有留下的稿子</a>`);
  await own.dispose();
});

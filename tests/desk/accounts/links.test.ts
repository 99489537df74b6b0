// The table of one-time links: how long a link is valid, that it works once, and what revokes it.
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Accounts } from '../../../src/desk/accounts/accounts.ts';
import { Invitations } from '../../../src/desk/accounts/invitations.ts';
import type { Links } from '../../../src/desk/accounts/one-time-links.ts';
import { hashOfToken } from '../../../src/desk/accounts/tokens.ts';
import type { Editor } from '../../../src/desk/domain/editor.ts';
import { DeskFolder } from '../../fixtures/desk/bare-desk.ts';
import { CountedPasswords } from '../../fixtures/desk/counted-passwords.ts';
import { PASSWORD } from '../../fixtures/desk/desk-client.ts';

const NOW = Date.parse('2026-03-02T10:00:00+08:00');
const DAY = 86_400_000;
const NEW_PASSWORD = 'dongtian-mianhua-yaoshi-88';
const INVITED = { role: 'author', unit: 'jiefang', name: '李作者' } as const;

let database: DatabaseSync;
let passwords: CountedPasswords;
let accounts: Accounts;
let invitations: Invitations;
let links: Links;
let boss: Editor;

beforeEach(async () => {
  vi.useFakeTimers({ toFake: ['Date'], now: NOW });
  database = new DatabaseSync(':memory:');
  passwords = new CountedPasswords();
  accounts = await Accounts.open(database, passwords);
  invitations = new Invitations(database, accounts);
  links = accounts.links;
  boss = await accounts.create({
    login: 'chen',
    name: '陈',
    role: 'administrator',
    unit: undefined,
    password: PASSWORD,
  });
});

afterEach(() => {
  database.close();
  vi.useRealTimers();
});

async function colleague(login: string): Promise<Editor> {
  return accounts.create({ login, name: '李', role: 'author', unit: 'jiefang', password: PASSWORD });
}

test('a token is searched by its hash, through the index of the table, and is stored nowhere', () => {
  const token = invitations.issue(INVITED, boss);
  const rows = database.prepare('SELECT * FROM links').all();
  expect(rows).toMatchObject([
    { hash: hashOfToken(token), kind: 'invitation', issuer: boss.id, issued: NOW, expires: NOW + 7 * DAY, used: null },
  ]);
  expect(JSON.stringify(rows)).not.toContain(token);
  const asked: string[] = [];
  const prepare = database.prepare.bind(database);
  vi.spyOn(database, 'prepare').mockImplementation((sql) => {
    asked.push(sql);
    return prepare(sql);
  });
  expect(invitations.require(token).name).toBe('李作者');
  const [search = ''] = asked.filter((sql) => sql.includes('FROM links'));
  const plan = prepare(`EXPLAIN QUERY PLAN ${search}`).all('', 0);
  expect(plan.map(({ detail }) => detail)).toEqual([
    expect.stringMatching(/^SEARCH links USING INDEX \w+ \(hash=\?\)$/u),
  ]);
  // The database contains the token's hash, with which nobody can use the link.
  expect(() => invitations.require(hashOfToken(token))).toThrow('这条链接');
});

test('a link is good for nothing but its kind', async () => {
  const { id } = await colleague('li');
  const invitation = invitations.issue(INVITED, boss);
  const password = accounts.passwordLink(id, boss.id);
  await expect(accounts.setPassword(invitation, NEW_PASSWORD)).rejects.toMatchObject({ status: 403 });
  expect(() => invitations.require(password)).toThrow('这条链接');
  expect(() => invitations.revoke(hashOfToken(password))).toThrow('已收回');
  expect(invitations.isFirst(invitation)).toBe(false);
  expect(await accounts.setPassword(password, NEW_PASSWORD)).toBe('li');
  expect(invitations.require(invitation).name).toBe('李作者');
});

test.each([
  ['invitation', 7 * DAY],
  ['password', DAY],
] as const)('a link of kind %s is valid for %i ms', async (kind, goodFor) => {
  const { id } = await colleague('li');
  const token = kind === 'invitation' ? invitations.issue(INVITED, boss) : accounts.passwordLink(id);
  vi.setSystemTime(NOW + goodFor - 1);
  expect(links.find(token)?.kind).toBe(kind);
  vi.setSystemTime(NOW + goodFor);
  expect(links.find(token)).toBeUndefined();
  expect(invitations.open()).toEqual([]);
  // The clock is right again, so the link is valid again.
  vi.setSystemTime(NOW);
  expect(links.find(token)?.kind).toBe(kind);
});

test('a link whose account was refused works again, and once', async () => {
  const token = invitations.issue(INVITED, boss);
  const accepted = { login: 'li', name: '李', password: PASSWORD };
  await expect(invitations.accept(token, { ...accepted, password: 'short' })).rejects.toMatchObject({ status: 422 });
  const both = await Promise.allSettled(
    ['li', 'wang'].map(async (login) => invitations.accept(token, { ...accepted, login })),
  );
  expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
  expect(() => invitations.require(token)).toThrow('这条链接');
  expect(() => invitations.revoke(hashOfToken(token))).toThrow('已经用过');
});

test('a password link uses up the others of its account, and not those of another', async () => {
  const [{ id }, other] = [await colleague('li'), await colleague('wang')];
  const [first, second, foreign] = [
    accounts.passwordLink(id),
    accounts.passwordLink(id),
    accounts.passwordLink(other.id),
  ];
  expect(await accounts.setPassword(second, NEW_PASSWORD)).toBe('li');
  for (const token of [first, second]) expect(links.find(token)).toBeUndefined();
  expect(await accounts.setPassword(foreign, NEW_PASSWORD)).toBe('wang');
});

test('a password that cannot be stored leaves its link valid', async () => {
  const { id } = await colleague('li');
  const token = accounts.passwordLink(id);
  database.exec("CREATE TRIGGER full BEFORE UPDATE ON account BEGIN SELECT RAISE(ABORT, 'full'); END");
  await expect(accounts.setPassword(token, NEW_PASSWORD)).rejects.toThrow();
  database.exec('DROP TRIGGER full');
  expect(await accounts.setPassword(token, NEW_PASSWORD)).toBe('li');
});

test('a link that ended while it was in use is not valid again when that fails', async () => {
  const second = await accounts.create({
    login: 'zhao',
    name: '赵',
    role: 'administrator',
    unit: undefined,
    password: PASSWORD,
  });
  const token = invitations.issue(INVITED, second);
  passwords.before = async () => links.endBy(second.id);
  const refused = invitations.accept(token, { login: 'chen', name: '李', password: PASSWORD });
  await expect(refused).rejects.toMatchObject({ status: 409 });
  const late = invitations.issue(INVITED, second);
  const failing = accounts.links.use(
    { kind: 'invitation', ...INVITED, hash: hashOfToken(late), issuer: second.id, issuerName: '赵', expires: 0 },
    async () => {
      links.endBy(second.id);
      throw new Error('It failed.');
    },
  );
  await expect(failing).rejects.toThrow('It failed.');
  expect(links.find(late)).toBeUndefined();
});

test('links that expired are deleted 30 days later, used ones too', async () => {
  const count = () => database.prepare('SELECT count(*) AS links FROM links').get()?.['links'];
  const opened = await Accounts.open(database, passwords, () => new Date());
  const { id } = await colleague('li');
  await opened.setPassword(opened.passwordLink(id), NEW_PASSWORD);
  invitations.issue(INVITED, boss);
  vi.setSystemTime(NOW + 31 * DAY);
  opened.passwordLink(id);
  expect(count()).toBe(2);
  vi.setSystemTime(NOW + 37 * DAY);
  opened.passwordLink(id);
  expect(count()).toBe(2);
});

test('the link for the first administrator ends with the next one and with the next start', async () => {
  const folder = new DeskFolder();
  const tokenOf = (path: string | undefined): string => path?.split('token=')[1] ?? '';
  const desk = await folder.open({ passwords });
  const [before, token] = [tokenOf(desk.firstPath()), tokenOf(desk.firstPath())];
  expect(desk.options.invitations.isFirst(before)).toBe(false);
  expect(desk.options.invitations.isFirst(token)).toBe(true);
  await desk.close();
  const next = await folder.open({ passwords });
  expect(next.options.invitations.isFirst(token)).toBe(false);
  const last = tokenOf(next.firstPath());
  const person = { login: 'zhou', name: '周', password: PASSWORD };
  await expect(next.options.invitations.acceptFirst(last, { ...person, password: 'short' })).rejects.toThrow();
  expect((await next.options.invitations.acceptFirst(last, person)).role).toBe('administrator');
  expect(next.firstPath()).toBeUndefined();
  await next.close();
  folder.dispose();
});

// Migration of databases of earlier versions, which had one table of invitations and one of password links.
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { Accounts } from '../../../src/desk/accounts/accounts.ts';
import { Invitations } from '../../../src/desk/accounts/invitations.ts';
import { moveOldLinks } from '../../../src/desk/accounts/migrate-links.ts';
import { hashOfToken } from '../../../src/desk/accounts/tokens.ts';
import type { Editor } from '../../../src/desk/domain/editor.ts';
import type { OpenDesk } from '../../../src/desk/open-desk.ts';
import { backUp } from '../../../src/desk/operations/backup.ts';
import { restore } from '../../../src/desk/operations/restore.ts';
import { DeskFolder, openBareDesk } from '../../fixtures/desk/bare-desk.ts';
import { CountedPasswords } from '../../fixtures/desk/counted-passwords.ts';
import { PASSWORD } from '../../fixtures/desk/desk-client.ts';

const DAY = 86_400_000;
const NEW_PASSWORD = 'dongtian-mianhua-yaoshi-88';
const ADMINISTRATOR = { name: '陈', role: 'administrator', unit: undefined, password: PASSWORD } as const;

const passwords = new CountedPasswords();
let folder: DeskFolder;
let desk: OpenDesk | undefined;
let boss: Editor;

beforeEach(async () => {
  folder = new DeskFolder();
  const open = await opened();
  boss = await open.accounts.create({ ...ADMINISTRATOR, login: 'chen' });
});

afterEach(async () => {
  await desk?.close();
  desk = undefined;
  folder.dispose();
});

async function opened(): Promise<OpenDesk> {
  await desk?.close();
  desk = undefined;
  desk = await folder.open({ passwords });
  return desk;
}

/** Closes the desk and runs SQL statements on its database. */
async function sql(statements: string): Promise<void> {
  await desk?.close();
  desk = undefined;
  const database = new DatabaseSync(join(folder.data, 'desk.sqlite'));
  database.exec(statements);
  database.close();
}

/** Runs an SQL statement on the database, whether the desk is open or not. Returns the rows. */
function rows(statement: string): unknown[] {
  const database = new DatabaseSync(join(folder.data, 'desk.sqlite'), { readOnly: true });
  const found = database.prepare(statement).all();
  database.close();
  return found;
}

const OLD_TABLES = `
  CREATE TABLE invitations (
    token TEXT PRIMARY KEY, role TEXT NOT NULL, unit TEXT, name TEXT NOT NULL, by TEXT NOT NULL,
    expires INTEGER NOT NULL, used TEXT, issuer TEXT
  );
  CREATE TABLE password_links (
    token TEXT PRIMARY KEY, account TEXT NOT NULL, issuer TEXT, expires INTEGER NOT NULL
  );
  INSERT INTO tables VALUES ('invitations'), ('password_links');
`;

/** Closes the desk and changes its database into one of an earlier version, with links in it. */
async function makeOld(): Promise<void> {
  const [soon, gone] = [Date.now() + DAY, Date.now() - 1];
  const invitation = (token: string, expires: number, used: string): string =>
    `('${hashOfToken(token)}', 'author', 'jiefang', '李', '陈', ${expires}, ${used}, '${boss.id}')`;
  await sql(`
    DROP TABLE links;
    DELETE FROM tables WHERE name = 'links';
    ${OLD_TABLES}
    INSERT INTO invitations VALUES
      ${invitation('open', soon, 'NULL')}, ${invitation('expired', gone, 'NULL')}, ${invitation('used', soon, "'wang'")};
    INSERT INTO password_links VALUES
      ('${hashOfToken('password')}', '${boss.id}', '${boss.id}', ${soon}),
      ('${hashOfToken('server')}', '${boss.id}', NULL, ${soon});
  `);
}

/** Expects that the links of `makeOld` work at a desk exactly as they did in the earlier version. */
async function expectLinks({ accounts, options: { invitations } }: OpenDesk): Promise<void> {
  expect(invitations.open()).toMatchObject([
    { hash: hashOfToken('open'), name: '李', issuerName: '陈', role: 'author', unit: 'jiefang', issuer: boss.id },
  ]);
  for (const token of ['expired', 'used', 'password']) expect(() => invitations.require(token)).toThrow('这条链接');
  const person = { login: 'li', name: '李', password: PASSWORD };
  expect(await invitations.accept('open', person)).toMatchObject({ role: 'author', unit: 'jiefang' });
  await expect(invitations.accept('open', { ...person, login: 'li2' })).rejects.toMatchObject({ status: 403 });
  expect(await accounts.setPassword('server', NEW_PASSWORD)).toBe('chen');
  await expect(accounts.setPassword('password', NEW_PASSWORD)).rejects.toMatchObject({ status: 403 });
}

test('links of an earlier version stay valid, and its tables go', async () => {
  await makeOld();
  const ends = rows('SELECT token AS hash, expires FROM invitations WHERE used IS NULL ORDER BY hash');
  await opened();
  expect(rows("SELECT hash, expires FROM links WHERE kind = 'invitation' ORDER BY hash")).toEqual(ends);
  expect(rows("SELECT issued + 7 * 86400000 - expires AS lag FROM links WHERE kind = 'invitation'")).toEqual([
    { lag: 0 },
    { lag: 0 },
  ]);
  const noted = rows('SELECT name FROM tables ORDER BY name');
  expect(noted).toEqual(rows("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name"));
  expect(JSON.stringify(noted)).not.toMatch(/invitations|password_links/u);
  // The links work after another start too.
  await expectLinks(await opened());
});

test('a password link of an earlier version ends with its issuer', async () => {
  await makeOld();
  const open = await opened();
  const second = await open.accounts.create({ ...ADMINISTRATOR, login: 'zhao' });
  expect(open.accounts.isAdministrator(second.id)).toBe(true);
  await sql(`UPDATE user SET role = 'reviewer' WHERE id = '${boss.id}'`);
  const { accounts, options } = await opened();
  await expect(accounts.setPassword('password', NEW_PASSWORD)).rejects.toMatchObject({ status: 403 });
  expect(options.invitations.open()).toEqual([]);
  expect(await accounts.setPassword('server', NEW_PASSWORD)).toBe('chen');
});

test('the backup of an earlier version is restored with its links', async () => {
  await makeOld();
  const archive = join(folder.content.root, 'old.tar');
  await backUp(folder.data, archive);
  const data = join(folder.content.root, 'restored');
  await restore(archive, data);
  const restored = await openBareDesk(data, folder.content.root, { passwords });
  await expectLinks(restored);
  await restored.close();
});

test('an earlier version may have run in between: its links are added to those that are there', async () => {
  const token = (await opened()).accounts.passwordLink(boss.id);
  await sql(
    `${OLD_TABLES} INSERT INTO password_links VALUES ('${hashOfToken('old')}', '${boss.id}', NULL, ${Date.now() + DAY})`,
  );
  const { accounts } = await opened();
  for (const open of [token, 'old']) expect(accounts.links.find(open)?.kind).toBe('password');
});

test('a link that is made on the server before the next start is valid, and so are the old ones after it', async () => {
  await makeOld();
  const database = new DatabaseSync(join(folder.data, 'desk.sqlite'));
  const token = (await Accounts.open(database, passwords)).passwordLink(boss.id);
  database.close();
  expect(rows('SELECT token FROM password_links')).toHaveLength(2);
  const open = await opened();
  expect(open.accounts.links.find(token)?.kind).toBe('password');
  await expectLinks(open);
});

test.each(['invitations', 'password_links'])('a database without its old table %s is damaged', async (name) => {
  await makeOld();
  await sql(`DROP TABLE ${name}`);
  await expect(opened()).rejects.toThrow(`里缺了表 ${name}`);
});

test('a database without the table of links is damaged', async () => {
  await opened();
  await sql('DROP TABLE links');
  await expect(opened()).rejects.toThrow('里缺了表 links');
});

test('where links cannot be moved, none of them is, and the next start moves them', async () => {
  await makeOld();
  await sql(`CREATE TABLE links (
    hash TEXT PRIMARY KEY, kind TEXT NOT NULL, account TEXT, role TEXT, unit TEXT, name TEXT,
    issuer TEXT, issuerName TEXT, issued INTEGER NOT NULL, expires INTEGER, used INTEGER
  );
  CREATE TRIGGER full BEFORE INSERT ON links WHEN NEW.kind = 'password' BEGIN SELECT RAISE(ABORT, 'no room'); END`);
  await expect(opened()).rejects.toThrow('no room');
  expect(rows('SELECT * FROM links')).toEqual([]);
  expect(rows('SELECT token FROM invitations')).toHaveLength(3);
  expect(rows('SELECT token FROM password_links')).toHaveLength(2);
  await sql('DROP TRIGGER full');
  await expectLinks(await opened());
});

test('the earliest invitations are their issuer’s, where only one account has the name', async () => {
  const database = new DatabaseSync(':memory:');
  const accounts = await Accounts.open(database, passwords);
  await accounts.create({ ...ADMINISTRATOR, login: 'chen' });
  for (const login of ['li1', 'li2']) await accounts.create({ ...ADMINISTRATOR, login, name: '李' });
  database.exec(`
    CREATE TABLE invitations (
      token TEXT PRIMARY KEY, role TEXT NOT NULL, unit TEXT, name TEXT NOT NULL, by TEXT NOT NULL,
      expires INTEGER NOT NULL, used TEXT
    );
    INSERT INTO invitations VALUES ('a', 'author', 'jiefang', '甲', '陈', 9e15, NULL);
    INSERT INTO invitations VALUES ('b', 'author', 'jiefang', '乙', '李', 9e15, NULL);
    INSERT INTO invitations VALUES ('c', 'author', 'jiefang', '丙', '不在', 9e15, NULL);
  `);
  const open = new Invitations(database, accounts).open();
  expect(open.map(({ name, issuerName }) => [name, issuerName])).toEqual([['甲', '陈']]);
  moveOldLinks(database);
  database.close();
});

// What an account loses when it is disabled or changed: its sessions, its requests in progress, and links that it made
// or that were made for it.
import { once } from 'node:events';
import { request } from 'node:http';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { PublishQueue } from '../../../src/desk/publishing/publish-queue.ts';
import { CountedPasswords } from '../../fixtures/desk/counted-passwords.ts';
import { DeskClient, PASSWORD, writtenStory, type WrittenStory } from '../../fixtures/desk/desk-client.ts';
import { DeskSite, FIRST } from '../../fixtures/desk/desk-site.ts';

const passwords = new CountedPasswords();
const NEW_PASSWORD = 'dongtian-mianhua-yaoshi-88';

let site: DeskSite;
let boss: DeskClient;
let serial = 0;

beforeAll(async () => {
  site = await DeskSite.open(undefined, {}, undefined, passwords);
  boss = site.desk;
});

afterAll(async () => {
  expect(site.troubles).toEqual([]);
  await site.dispose();
});

/** Makes a new account with a role. Resolves to its client, login and id. */
async function somebody(role: 'author' | 'reviewer' | 'administrator') {
  serial += 1;
  const login = `${role}${serial}`;
  const client = await site.client({ login, name: login, role, unit: role === 'author' ? 'jiefang' : undefined });
  const html = await (await boss.request('/desk/people')).text();
  const row = html.split('<tr').find((part) => part.includes(`<small>${login}</small>`)) ?? '';
  return { client, login, id: /name="id" value="([^"]+)"/u.exec(row)?.[1] ?? '' };
}

/**
 * Submits a form on the desk's page of people, as the administrator `client`. Resolves to the link that the response
 * shows.
 */
async function linkBy(client: DeskClient, path: string, form: Record<string, string>): Promise<string> {
  const response = await client.form(path, form);
  expect(response.status).toBe(200);
  return /id="link"[^>]*>([^<]*)</u.exec(await response.text())?.[1]?.replaceAll('&amp;', '&') ?? '';
}

async function inviteBy(client: DeskClient, name: string): Promise<string> {
  return linkBy(client, '/desk/people/invite', { name, role: 'author', unit: 'jiefang' });
}

/** Accepts an invitation. Resolves to the status of the response. */
async function take(link: string): Promise<number> {
  serial += 1;
  return new DeskClient(site.desk.origin).follow(link, { login: `taken${serial}`, password: PASSWORD });
}

/** Sets a password by a link. Resolves to the status of the response. */
async function set(link: string, password = NEW_PASSWORD): Promise<number> {
  const token = new URL(link).searchParams.get('token') ?? '';
  return (await new DeskClient(site.desk.origin).form('/desk/password', { token, password })).status;
}

async function disable(id: string): Promise<void> {
  expect((await boss.form('/desk/people/disable', { id })).status).toBe(200);
}

async function enable(id: string): Promise<void> {
  expect((await boss.form('/desk/people/enable', { id })).status).toBe(200);
}

async function change(id: string, role: string, unit = ''): Promise<void> {
  expect((await boss.form('/desk/people/change', { id, role, unit })).status).toBe(200);
}

test.each(['disabled', 'made a reviewer'])(
  'Links issued by an administrator who is %s become invalid forever',
  async (how) => {
    const { client, id } = await somebody('administrator');
    const other = await somebody('author');
    const invitation = await inviteBy(client, '甲');
    const later = await inviteBy(client, '乙');
    const password = await linkBy(client, '/desk/people/link', { id: other.id });
    if (how === 'disabled') await disable(id);
    else await change(id, 'reviewer');
    expect(await take(invitation)).toBe(403);
    expect(await set(password)).toBe(403);
    expect(await (await boss.request('/desk/people')).text()).not.toContain('甲（作者');
    if (how === 'disabled') await enable(id);
    else await change(id, 'administrator');
    expect(await take(later)).toBe(403);
    expect(await set(password)).toBe(403);
    // Links that other administrators made stay valid.
    expect(await take(await inviteBy(boss, '丙'))).toBe(303);
    expect(await set(await linkBy(boss, '/desk/people/link', { id: other.id }))).toBe(200);
  },
);

test('Links and sessions of a disabled account become invalid forever', async () => {
  const { client, id, login } = await somebody('reviewer');
  const link = await linkBy(boss, '/desk/people/link', { id });
  await disable(id);
  expect(await set(link)).toBe(403);
  expect((await client.request('/api/me')).status).toBe(401);
  expect((await boss.form('/desk/people/link', { id })).status).toBe(409);
  await enable(id);
  expect(await set(link)).toBe(403);
  expect((await client.request('/api/me')).status).toBe(401);
  expect(await client.signIn({ login, password: PASSWORD })).toBe(303);
});

test('Using a link invalidates other links of the account, or other invitations of the same person', async () => {
  const { id } = await somebody('author');
  const older = await linkBy(boss, '/desk/people/link', { id });
  const newer = await linkBy(boss, '/desk/people/link', { id });
  expect(await set(newer)).toBe(200);
  expect(await set(older)).toBe(403);

  const [first, second, another] = [await inviteBy(boss, '丁'), await inviteBy(boss, '丁'), await inviteBy(boss, '戊')];
  expect(await take(second)).toBe(303);
  expect(await take(first)).toBe(403);
  expect(await take(another)).toBe(303);
});

test('Changing one’s own password invalidates the links for a new one', async () => {
  const { client, id } = await somebody('author');
  const link = await linkBy(boss, '/desk/people/link', { id });
  expect((await client.form('/desk/me', { current: PASSWORD, password: NEW_PASSWORD })).status).toBe(200);
  expect(await set(link)).toBe(403);
});

/** Makes the next two password hashes wait. `both` resolves when both have started; `release` lets them continue. */
function holdTwoBack(): { both: Promise<undefined>; release: () => void } {
  const [come, held] = [Promise.withResolvers<undefined>(), Promise.withResolvers<undefined>()];
  let waiting = 0;
  passwords.before = async () => {
    waiting += 1;
    if (waiting === 2) {
      passwords.before = async () => undefined;
      come.resolve(undefined);
    }
    await held.promise;
  };
  return { both: come.promise, release: () => held.resolve(undefined) };
}

test('If two people use one link at once, one sets the password and the other’s password is not stored', async () => {
  const { id, login, client } = await somebody('author');
  const link = await linkBy(boss, '/desk/people/link', { id });
  const chosen = ['dongtian-mianhua-yaoshi-1', 'dongtian-mianhua-yaoshi-2'];
  const { both, release } = holdTwoBack();
  const setting = Promise.all(chosen.map(async (password) => set(link, password)));
  // Both requests have passed the check of the link.
  await both;
  release();
  const statuses = await setting;
  expect(statuses.toSorted()).toEqual([200, 403]);
  for (const [at, password] of chosen.entries()) {
    expect(await client.signIn({ login, password })).toBe(statuses[at] === 200 ? 303 : 401);
  }
});

test('A link whose issuer is disabled while its password is hashed has no effect', async () => {
  const { client, id } = await somebody('administrator');
  const other = await somebody('author');
  const invitation = await inviteBy(client, '己');
  const password = await linkBy(client, '/desk/people/link', { id: other.id });
  const { both, release } = holdTwoBack();
  const answered = Promise.all([take(invitation), set(password)]);
  await both;
  await disable(id);
  release();
  expect(await answered).toEqual([403, 403]);
  await enable(id);
  expect(await take(invitation)).toBe(403);
  expect(await other.client.signIn({ login: other.login, password: PASSWORD })).toBe(303);
});

/**
 * Sends the first half of a photo. Resolves to a function that sends the rest and resolves to the status of the
 * response.
 */
async function sending(client: DeskClient, bytes: Uint8Array, path = '/api/photos') {
  const { hostname, port } = new URL(client.origin);
  const half = bytes.length >> 1;
  const sent = request({
    hostname,
    port,
    path,
    method: 'PUT',
    headers: {
      cookie: client.cookie,
      origin: client.origin,
      'content-type': 'application/octet-stream',
      'content-length': bytes.length,
    },
  });
  const answered = once(sent, 'response');
  await new Promise<void>((resolve) => sent.write(bytes.subarray(0, half), () => resolve()));
  return async (): Promise<number> => {
    sent.end(bytes.subarray(half));
    const [response] = await answered;
    response.resume();
    return response.statusCode;
  };
}

/** Waits until the desk is receiving an upload. */
async function underWay(): Promise<void> {
  const { readdirSync } = await import('node:fs');
  await expect.poll(() => readdirSync(`${site.data}/uploads`).length).toBe(1);
}

test('A photo in transfer is refused if its sender is disabled meanwhile', async () => {
  const { client, id } = await somebody('author');
  const [photo] = site.freshPhotos();
  if (!photo) throw new Error('There is no photo.');
  const finish = await sending(client, photo);
  await underWay();
  await disable(id);
  expect(await finish()).toBe(401);
  const database = new DatabaseSync(`${site.data}/desk.sqlite`, { readOnly: true });
  expect(
    database.prepare('SELECT count(*) AS photos FROM uploaders WHERE login LIKE ?').get('author%')?.['photos'],
  ).toBe(0);
  database.close();
});

test('A photo in transfer counts for the unit that its sender has when it arrives', async () => {
  const { client, id, login } = await somebody('author');
  const [photo] = site.freshPhotos();
  if (!photo) throw new Error('There is no photo.');
  const finish = await sending(client, photo);
  await underWay();
  await change(id, 'author', 'wenxian');
  expect(await finish()).toBe(200);
  const database = new DatabaseSync(`${site.data}/desk.sqlite`, { readOnly: true });
  expect(database.prepare('SELECT unit FROM uploaders WHERE login = ?').get(login)?.['unit']).toBe('wenxian');
  database.close();
});

test('A lowered role or a changed unit applies to the next action on a page that is already open', async () => {
  const author = await somebody('author');
  const reviewer = await somebody('reviewer');
  const names = await author.client.photos(...site.freshPhotos());
  const story = writtenStory('jiefang', '20210405-080000aa', names);
  expect((await author.client.save(story, null)).status).toBe(200);
  expect((await author.client.move(story, 'pending_review')).status).toBe(200);
  // The reviewer opens the draft.
  const shown = await reviewer.client.call('unpublishedEntry', {
    collection: 'stories',
    slug: `jiefang/${story.id}/index`,
  });
  expect(shown.status).toBe(200);
  await change(reviewer.id, 'author', 'wenxian');
  expect((await reviewer.client.move(story, 'pending_publish')).status).toBe(403);
  await change(author.id, 'author', 'wenxian');
  expect((await author.client.save(story, null)).status).toBe(403);
});

/** Makes a story that is in review, or that the administrator has approved. */
async function story(state: 'pending_review' | 'pending_publish'): Promise<WrittenStory> {
  serial += 1;
  const { client } = await somebody('author');
  const written = writtenStory('jiefang', `20210406-${String(serial).padStart(6, '0')}aa`, [
    ...(await client.photos(...site.freshPhotos())),
  ]);
  expect((await client.save(written, null)).status).toBe(200);
  expect((await client.move(written, 'pending_review')).status).toBe(200);
  if (state === 'pending_publish') expect((await boss.move(written, state)).status).toBe(200);
  return written;
}

/**
 * Makes the next check of a draft wait. `begun` resolves when the desk has requested the check; `release` lets it
 * continue.
 */
function holdJudgement(): { begun: Promise<undefined>; release: () => void } {
  const [begun, held] = [Promise.withResolvers<undefined>(), Promise.withResolvers<undefined>()];
  const judge = site.publisher.judge.bind(site.publisher);
  vi.spyOn(site.publisher, 'judge').mockImplementationOnce(async (...asked) => {
    begun.resolve(undefined);
    await held.promise;
    return judge(...asked);
  });
  return { begun: begun.promise, release: () => held.resolve(undefined) };
}

const commits = (): number => Number(site.git('rev-list', '--count', '--first-parent', 'main'));
const first = { collection: 'stories', slug: `jiefang/${FIRST}/index` };

test('A change that waits in the publication queue is not made for people who may no longer make it', async () => {
  const [earlier, ready] = [await story('pending_publish'), await story('pending_publish')];
  const [disabled, lowered, second] = [
    await somebody('reviewer'),
    await somebody('reviewer'),
    await somebody('reviewer'),
  ];
  const administrator = await somebody('administrator');
  const before = commits();
  const queued = [
    vi.spyOn(PublishQueue.prototype, 'publish'),
    vi.spyOn(PublishQueue.prototype, 'withdraw'),
    vi.spyOn(PublishQueue.prototype, 'remove'),
    vi.spyOn(PublishQueue.prototype, 'rewrite'),
  ];
  const { begun, release } = holdJudgement();
  const published = boss.publish(earlier);
  await begun;
  const waiting = [
    disabled.client.publish(ready),
    lowered.client.publish(ready),
    second.client.call('withdrawEntry', { ...first, reason: '理由' }),
    disabled.client.call('deleteFile', { path: `stories/jiefang/${FIRST}/index.md` }),
    administrator.client.form('/desk/clear-sample', {}),
  ];
  await expect.poll(() => queued.reduce((calls, { mock }) => calls + mock.calls.length, 0)).toBe(1 + waiting.length);
  await disable(disabled.id);
  for (const { id } of [lowered, second]) await change(id, 'author', 'jiefang');
  await change(administrator.id, 'reviewer');
  release();
  expect((await published).status).toBe(200);
  const statuses = (await Promise.all(waiting)).map(({ status }) => status);
  expect(statuses).toEqual([401, 403, 403, 401, 403]);
  expect(commits()).toBe(before + 1);
  expect(await boss.published(ready)).toBeNull();
  vi.restoreAllMocks();
});

test('A publication is not made for a reviewer who is disabled while it is judged', async () => {
  const written = await story('pending_publish');
  const { client, id } = await somebody('reviewer');
  const before = commits();
  const { begun, release } = holdJudgement();
  const answer = client.publish(written);
  await begun;
  await disable(id);
  release();
  expect((await answer).status).toBe(401);
  expect(commits()).toBe(before);
  vi.restoreAllMocks();
});

test('A decision is not made if the person is no longer a reviewer at its turn or after it was judged', async () => {
  const [one, other] = [await story('pending_review'), await story('pending_review')];
  const { client, id } = await somebody('reviewer');
  const { begun, release } = holdJudgement();
  const answered = client.move(one, 'pending_publish');
  await begun;
  const seen = site.git('rev-parse', `refs/heads/cms/stories/jiefang/${other.id}^{tree}`);
  const named = { collection: 'stories', slug: `jiefang/${other.id}/index` };
  const waits = client.call('updateUnpublishedEntryStatus', { ...named, newStatus: 'pending_publish', seen });
  // When the desk has responded to this later request, it has already authorised the decision.
  expect((await client.call('unpublishedEntry', named)).status).toBe(200);
  await change(id, 'author', 'jiefang');
  release();
  expect((await answered).status).toBe(403);
  expect((await waits).status).toBe(403);
  vi.restoreAllMocks();
});

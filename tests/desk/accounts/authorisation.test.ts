// Calls every action of the editor's API and every route of a running desk as its access rule says: without a session,
// with too low a role, as another unit's author, and with the lowest role that may call it. The tests fail for a new
// action or route until this file contains a call for it.
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import Fastify, { type FastifyInstance, type RouteOptions } from 'fastify';
import { describe, expect } from 'vitest';
import { z } from 'zod';
import { action, actionRegistry, type Action } from '../../../src/desk/api/action-registry.ts';
import type { AccessRule } from '../../../src/desk/authorisation/access-rule.ts';
import { Permissions } from '../../../src/desk/authorisation/permissions.ts';
import { access, enforceAccess } from '../../../src/desk/authorisation/route-access.ts';
import { Refusal } from '../../../src/desk/domain/refusal.ts';
import { role as roles, type Role } from '../../../src/model/roles.ts';
import { DeskClient, PASSWORD, writtenStory } from '../../fixtures/desk/desk-client.ts';
import { FIRST, type DeskSite } from '../../fixtures/desk/desk-site.ts';
import { test } from '../../fixtures/desk/desk-test.ts';

const DRAFT = '20210401-080000aa';
const SAVED = '20210402-080000aa';
/** Id of a story that does not exist, in the author's unit. A permitted request for this story gets 404. */
const MISSING = '20210403-080000aa';
const ZERO = '0'.repeat(40);

const at = (id: string) => ({ collection: 'stories', slug: `jiefang/${id}/index` });
const fileOf = (id: string): string => `stories/jiefang/${id}/index.md`;
/** Unit that only administrators may change. */
const UNIT = { collection: 'units', slug: 'jiefang' };

/** Routes of the readers' site and of monitoring, which need no access rule. */
const PUBLIC = ['ALL /*', 'GET /healthz', 'GET /speculation.json', 'HEAD /healthz', 'HEAD /speculation.json'];

type Params = Record<string, unknown>;

/** The parameters with which an action is called. */
interface ActionCall {
  /** Parameters that the lowest permitted role may use: they name entries of the unit jiefang. */
  params: Params;
  /** Parameters with which an author of another unit is refused; undefined: `params`. */
  foreign?: Params;
  /**
   * Parameters with which a reviewer is refused although the lowest role is reviewer: they name an entry that only
   * administrators may change.
   */
  above?: Params;
}

/** The request with which a route is called. */
interface RouteCall {
  path: string;
  init?: RequestInit;
  /** Path with which an author of another unit is refused; undefined: `path`. */
  foreign?: string;
}

/** Data that exist at the desk and that the calls name. */
interface World {
  photo: string;
  comment: string;
  commit: string;
  conflict: string;
  bytes: Uint8Array;
}

let site: DeskSite;
let world: World = { photo: '', comment: '', commit: ZERO, conflict: '', bytes: new Uint8Array() };
let people: Readonly<Record<Role | 'outsider', { client: DeskClient; login: string }>>;

/** Every route of the desk's server by method and URL. */
const routes = new Map<string, RouteOptions>();
/** The actions that the route of the editor's API performs, by name. */
let actions: ReadonlyMap<string, Action> = new Map();

function isInitialization(message: unknown): message is { fastify: FastifyInstance } {
  return typeof message === 'object' && message !== null && 'fastify' in message;
}

/** Adds the routes of a server that is being created to `routes`, and its actions to `actions`. */
function collectRoutes(message: unknown): void {
  if (!isInitialization(message)) return;
  message.fastify.addHook('onRoute', (route) => {
    const method = Array.isArray(route.method) ? 'ALL' : route.method;
    routes.set(`${method} ${route.url}`, route);
    actions = route.config?.actions ?? actions;
  });
}

// Fastify publishes a message on this channel for every server that is created in this process.
subscribe('fastify.initialization', collectRoutes);

const note = z.object({ note: z.object({ id: z.string() }) });
const refusedSave = z.object({ address: z.string() });

test.beforeAll(async ({ site: opened }) => {
  site = opened;
  unsubscribe('fastify.initialization', collectRoutes);
  const sign = async (login: string, role: Role, unit?: string) => ({
    login,
    client: await site.client({ login, name: login, role, unit }),
  });
  people = {
    author: await sign('li', 'author', 'jiefang'),
    outsider: await sign('wang', 'author', 'wenxian'),
    reviewer: await sign('zhao', 'reviewer'),
    administrator: { login: 'editor', client: site.desk },
  };
  const { client } = people.author;
  const [bytes = new Uint8Array()] = site.freshPhotos();
  const photos = await client.photos(...site.freshPhotos());
  const story = writtenStory('jiefang', DRAFT, photos);
  expect((await client.save(story, null)).status).toBe(200);
  const late = await client.save({ ...story, raw: `${story.raw}\n晚了一步。\n` }, null);
  const added = await client.call('addNote', { ...at(DRAFT), note: { content: '请再看一遍' } });
  world = {
    bytes,
    photo: photos[0] ?? '',
    conflict: refusedSave.parse(late.body).address,
    comment: note.parse(added.body).note.id,
    commit: site.git('rev-parse', `refs/heads/cms/stories/jiefang/${DRAFT}`),
  };
});

const text = '---\ntitle: 题\nunit: jiefang\n---\n';

const ACTIONS: Readonly<Record<string, () => ActionCall>> = {
  info: () => ({ params: {} }),
  getEntry: () => ({ params: { path: fileOf(FIRST) } }),
  unpublishedEntry: () => ({ params: at(DRAFT) }),
  unpublishedEntryDataFile: () => ({ params: { ...at(DRAFT), path: fileOf(DRAFT) } }),
  persistEntry: () => ({
    params: { dataFiles: [{ path: fileOf(SAVED), raw: text, baseId: null }], options: {} },
  }),
  updateUnpublishedEntryStatus: () => ({ params: { ...at(DRAFT), newStatus: 'pending_review', seen: ZERO } }),
  publishUnpublishedEntry: () => ({
    params: { ...at(MISSING), seen: ZERO },
    above: { ...UNIT, seen: ZERO },
  }),
  withdrawEntry: () => ({ params: { ...at(MISSING), reason: '理由' }, above: { ...UNIT, reason: '理由' } }),
  withdrawPhoto: () => ({
    params: { ...at(MISSING), src: 'a.jpg', reason: '理由' },
    above: { ...UNIT, src: 'a.jpg', reason: '理由' },
  }),
  deleteUnpublishedEntry: () => ({ params: at(MISSING) }),
  deleteFiles: () => ({ params: { paths: [fileOf(MISSING)] }, above: { paths: ['units/jiefang.yml'] } }),
  deleteFile: () => ({ params: { path: fileOf(MISSING) }, above: { path: 'units/jiefang.yml' } }),
  getMedia: () => ({ params: {} }),
  getDeployPreview: () => ({ params: {} }),
  getNotes: () => ({ params: at(DRAFT) }),
  addNote: () => ({ params: { ...at(DRAFT), note: { content: '再看一遍' } } }),
  updateNote: () => ({ params: { ...at(DRAFT), noteId: world.comment, updates: { content: '看过了' } } }),
  toggleNoteResolution: () => ({ params: { ...at(DRAFT), noteId: world.comment } }),
  keepUnsaved: () => ({ params: { ...at(DRAFT), id: 'copy-of-a-draft', revision: 1, baseId: null, text } }),
  unsavedCopies: () => ({ params: at(DRAFT) }),
  dropUnsaved: () => ({ params: { ids: ['copy-of-a-draft'] } }),
  deleteNote: () => ({ params: { ...at(DRAFT), noteId: world.comment } }),
};

const form = (path: string, fields: Record<string, string> = {}): RouteCall => ({
  path,
  init: { method: 'POST', body: new URLSearchParams(fields) },
});

const json = (path: string, body: unknown): RouteCall => ({
  path,
  init: { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) },
});

const ROUTES: Readonly<Record<string, () => RouteCall>> = {
  'ALL /api/*': () => ({ path: '/api/nothing' }),
  'GET /api/me': () => ({ path: '/api/me' }),
  'GET /api/limits': () => ({ path: '/api/limits' }),
  'GET /api/contact': () => ({ path: '/api/contact' }),
  'GET /api/choices': () => ({ path: '/api/choices' }),
  'GET /api/names': () => ({ path: '/api/names' }),
  'POST /api/sign-out': () => ({ path: '/api/sign-out', init: { method: 'POST' } }),
  'POST /api/v1': () => json('/api/v1', { action: 'info' }),
  'POST /api/preview': () => json('/api/preview', { path: fileOf(DRAFT), raw: text }),
  'PUT /api/photos': () => ({
    path: `/api/photos?entry=stories/jiefang/${DRAFT}`,
    init: { method: 'PUT', headers: { 'content-type': 'image/jpeg' }, body: Buffer.from(world.bytes) },
  }),
  'POST /api/photos/*': () => ({
    path: `/api/photos/stories/jiefang/${DRAFT}/${world.photo}?turn=1`,
    init: { method: 'POST' },
  }),
  'GET /api/photos/*': () => ({ path: `/api/photos/stories/jiefang/${DRAFT}/${world.photo}` }),
  'GET /api/judgements/*': () => ({ path: `/api/judgements/stories/jiefang/${DRAFT}/${world.photo}` }),
  'GET /admin': () => ({ path: '/admin' }),
  'GET /admin/': () => ({ path: '/admin/' }),
  'GET /admin/assets/*': () => ({ path: '/admin/assets/x.js' }),
  'GET /admin/preview/:collection/*': () => ({ path: `/admin/preview/stories/jiefang/${DRAFT}/` }),
  'GET /desk/office.css': () => ({ path: '/desk/office.css' }),
  'GET /desk/office.js': () => ({ path: '/desk/office.js' }),
  'GET /desk/sign-in': () => ({ path: '/desk/sign-in' }),
  'POST /desk/sign-in': () => form('/desk/sign-in', { login: 'editor', password: PASSWORD }),
  'GET /desk/first': () => ({ path: '/desk/first?token=x' }),
  'POST /desk/first': () => form('/desk/first', { token: 'x' }),
  'GET /desk/invitation': () => ({ path: '/desk/invitation?token=x' }),
  'POST /desk/invitation': () => form('/desk/invitation', { token: 'x' }),
  'GET /desk/password': () => ({ path: '/desk/password?token=x' }),
  'POST /desk/password': () => form('/desk/password', { token: 'x' }),
  'ALL /desk/*': () => ({ path: '/desk/nothing' }),
  'GET /desk': () => ({ path: '/desk/' }),
  'POST /desk/sign-out': () => form('/desk/sign-out'),
  'GET /desk/me': () => ({ path: '/desk/me' }),
  'POST /desk/me': () => form('/desk/me', { current: 'x', password: 'y' }),
  'GET /desk/deleted': () => ({ path: '/desk/deleted' }),
  'GET /desk/entries': () => ({ path: '/desk/entries' }),
  'GET /desk/entries/': () => ({ path: '/desk/entries/' }),
  'GET /desk/entries/:collection': () => ({ path: '/desk/entries/stories', foreign: '/desk/entries/units' }),
  'GET /desk/entries/:collection/': () => ({ path: '/desk/entries/stories/', foreign: '/desk/entries/notices/' }),
  'GET /desk/board': () => ({ path: '/desk/board' }),
  'GET /desk/board/': () => ({ path: '/desk/board/' }),
  'GET /desk/reports': () => ({ path: '/desk/reports' }),
  'GET /desk/reports.csv': () => ({ path: '/desk/reports.csv' }),
  'GET /desk/help': () => ({ path: '/desk/help' }),
  'GET /desk/help/': () => ({ path: '/desk/help/' }),
  'GET /desk/help/:role': () => ({ path: '/desk/help/author' }),
  'GET /desk/help/:role/': () => ({ path: '/desk/help/author/' }),
  'GET /desk/help/pictures/:version/:name': () => ({ path: '/desk/help/pictures/000000000000/start.webp' }),
  'GET /desk/history/*': () => ({ path: `/desk/history/stories/jiefang/${DRAFT}/index` }),
  'POST /desk/history/*': () => form(`/desk/history/stories/jiefang/${DRAFT}/index`, { version: ZERO }),
  'GET /desk/conflict/*': () => ({ path: world.conflict }),
  'POST /desk/conflict/*': () => form(world.conflict, { take: 'all', stands: 'x' }),
  'GET /desk/version-photo/*': () => ({
    path: `/desk/version-photo/${world.commit}/stories/jiefang/${DRAFT}/${world.photo}`,
  }),
  'GET /desk/withdrawn': () => ({ path: '/desk/withdrawn' }),
  'POST /desk/withdrawn/*': () => form(`/desk/withdrawn/stories/jiefang/${DRAFT}/index`, { when: 'now' }),
  'GET /desk/people': () => ({ path: '/desk/people' }),
  'POST /desk/people/invite': () => form('/desk/people/invite', { name: '某人', role: 'author', unit: 'jiefang' }),
  'POST /desk/people/revoke': () => form('/desk/people/revoke', { token: 'x' }),
  'POST /desk/people/link': () => form('/desk/people/link', { id: 'x' }),
  'POST /desk/people/disable': () => form('/desk/people/disable', { id: 'x' }),
  'POST /desk/people/enable': () => form('/desk/people/enable', { id: 'x' }),
  'POST /desk/people/change': () => form('/desk/people/change', { id: 'x', role: 'reviewer' }),
  'GET /desk/audit': () => ({ path: '/desk/audit' }),
  // This route is called last, because it deletes entries that other calls name.
  'POST /desk/clear-sample': () => form('/desk/clear-sample'),
};

/**
 * Result of a request: granted, refused because there is no session, or refused because the role or unit may not make
 * it.
 */
type Outcome = 'granted' | 'signed out' | 'forbidden';

function outcomeOf({ status, headers }: Response): Outcome {
  // Pages of the desk redirect a request without a session to the page to sign in.
  const toSignIn = headers.get('location')?.startsWith('/desk/sign-in?next=') === true;
  if (status === 401 || toSignIn) return 'signed out';
  return status === 403 ? 'forbidden' : 'granted';
}

type Send = (client: DeskClient) => Promise<Outcome>;

const callAction =
  (name: string, params: Params): Send =>
  async (client) => {
    const { path, init } = json('/api/v1', { action: name, params });
    return outcomeOf(await client.request(path, init));
  };

/** Resolves to a person's client. Signs the person in again if an earlier call has ended the session. */
async function clientOf(who: Role | 'outsider'): Promise<DeskClient> {
  const { client, login } = people[who];
  if ((await client.request('/api/me')).status === 401) await client.signIn({ login, password: PASSWORD });
  return client;
}

function leastOf({ who }: Pick<AccessRule<never>, 'who'>): Role | undefined {
  return who === 'anyone' ? undefined : who === 'signed-in' ? 'author' : who;
}

/**
 * Calls an action or a route as people who may call it and as people who may not. Expects what its access rule says.
 */
async function expectRule(
  { who, entries, collection }: AccessRule<never, unknown>,
  send: Send,
  foreign: Send = send,
): Promise<void> {
  const stranger = new DeskClient(site.desk.origin);
  const least = leastOf({ who });
  if (least === undefined) {
    expect(await send(stranger), 'without a session').not.toBe('signed out');
    return;
  }
  expect(await send(stranger), 'without a session').toBe('signed out');
  for (const lesser of roles.options.slice(0, roles.options.indexOf(least))) {
    expect(await send(await clientOf(lesser)), lesser).toBe('forbidden');
  }
  if (entries ?? collection) expect(await foreign(await clientOf('outsider')), 'another unit').toBe('forbidden');
  expect(await send(await clientOf(least)), least).toBe('granted');
}

describe('an action', () => {
  test('is known here, all of them', () => {
    expect(Object.keys(ACTIONS).sort()).toEqual([...actions.keys()].sort());
  });

  test.each(Object.entries(ACTIONS))('%s is performed for the people that it declares', async (name, callOf) => {
    const { params, foreign = params, above } = callOf();
    const rule = actions.get(name)?.access;
    if (!rule) throw new Error(`There is no action ${name}.`);
    await expectRule(rule, callAction(name, params), callAction(name, foreign));
    if (rule.who === 'reviewer' && rule.entries) {
      expect(await callAction(name, above ?? {})(await clientOf('reviewer')), 'above').toBe('forbidden');
    }
  });

  test.each([undefined, { who: 'somebody' }])('does not start with the declaration %j', (declared) => {
    const undeclared = Object.assign(
      action({ params: z.unknown(), access: { who: 'signed-in' }, run: async () => 1 }),
      {
        access: JSON.parse(JSON.stringify(declared ?? null)) ?? undefined,
      },
    );
    expect(() => actionRegistry({ undeclared })).toThrow('The action undeclared does not declare who may do it.');
  });
});

describe('a route', () => {
  test('is known here, all of them, and declares who may use it', () => {
    const heads = Object.keys(ROUTES).flatMap((key) => {
      const head = key.replace(/^GET/u, 'HEAD');
      return head !== key && routes.has(head) ? [head] : [];
    });
    // Fastify registers the HEAD route of `/desk` both with and without a slash at the end.
    const known = [...Object.keys(ROUTES), ...heads, 'HEAD /desk/'];
    expect([...routes.keys()].filter((key) => !PUBLIC.includes(key)).sort()).toEqual(known.sort());
    const undeclared = [...routes].filter(([, { config }]) => !config?.access).map(([key]) => key);
    expect(undeclared.sort()).toEqual(PUBLIC);
  });

  test.each(Object.entries(ROUTES))('%s answers the people that it declares', async (key, callOf) => {
    const rule = routes.get(key)?.config?.access;
    if (!rule) throw new Error(`There is no route ${key}.`);
    const { path, init = {}, foreign = path } = callOf();
    const sendTo =
      (to: string, how: RequestInit): Send =>
      async (client) =>
        outcomeOf(await client.request(to, how));
    await expectRule(rule, sendTo(path, init), sendTo(foreign, init));
    const head = routes.get(key.replace(/^GET/u, 'HEAD'))?.config?.access;
    if (!key.startsWith('GET') || !head) return;
    expect(head).toBe(rule);
    await expectRule(rule, sendTo(path, { method: 'HEAD' }), sendTo(foreign, { method: 'HEAD' }));
  });

  /** Returns a server whose routes must declare an access rule. Nobody can sign in to it. */
  function emptyServer(): FastifyInstance {
    const server = Fastify();
    enforceAccess(server, Object.create(Permissions.prototype));
    return server;
  }

  test('does not start without a declaration', () => {
    const server = emptyServer();
    const refusal = 'The route GET /x does not declare who may do it.';
    expect(() => server.get('/x', async () => 'x')).toThrow(refusal);
    const config = JSON.parse('{ "access": { "who": "somebody" } }');
    expect(() => server.get('/x', { config }, async () => 'x')).toThrow(refusal);
  });

  test('is refused where nothing finds out who asks', async () => {
    const server = emptyServer();
    server.get('/x', access({ who: 'signed-in' }), async () => 'x');
    server.get('/y', access({ who: 'anyone' }), async () => 'y');
    server.setErrorHandler((error, _request, reply) => {
      void reply.code(error instanceof Refusal ? error.status : 500).send('');
    });
    expect((await server.inject('/x')).statusCode).toBe(401);
    expect((await server.inject('/y')).statusCode).toBe(200);
    await server.close();
  });
});

// A desk with accounts, entries and secrets, which runs in a separate process on the loopback interface. `World.state`
// shows whether anything in it has changed.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readdirSync, rmSync, statSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { request } from 'node:http';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { DatabaseSync } from 'node:sqlite';
import { stringify } from 'yaml';
import { z } from 'zod';
import { PROJECT_ROOT } from '../../src/render/compile/build-cache.ts';
import { RunningCommand } from '../../tests/fixtures/command.ts';
import {
  FixtureContent,
  remarked,
  tinyPhotos,
  wishData,
  writeGround,
  writeStory,
} from '../../tests/fixtures/content.ts';
import { DeskClient, PASSWORD, writtenStory, type DeskAnswer } from '../../tests/fixtures/desk/desk-client.ts';
import type { AttackAnswer, AttackRequest } from './attack.ts';

/**
 * The actors that send requests. `author` and `outsider` are authors of two units; `disabled` is an account that was
 * disabled; `lowered` was a reviewer and administrator and is now an author.
 */
export const ACTORS = ['anonymous', 'author', 'outsider', 'reviewer', 'administrator', 'disabled', 'lowered'] as const;
export type Actor = (typeof ACTORS)[number];

/** A word that is in all texts that only the author's unit and reviewers may read. */
export const SECRET = 'mimi-bu-gongkai-7781';

/**
 * Ids of the entries. `published`, `withdrawn`, `draft` and `own` (the author's second draft) are stories; `goneWish`
 * is a deleted wish.
 */
export const ENTRIES = {
  published: '20210319-213000ef',
  withdrawn: '20210320-213000ef',
  draft: '20210401-080000aa',
  own: '20210402-080000aa',
  wish: '20210403-080000aa',
  goneWish: '20210404-080000aa',
} as const;

const savedIds = z.object({ ids: z.record(z.string(), z.string()) });
const stale = z.object({ address: z.string() });
const oneNote = z.object({ note: z.object({ id: z.string() }) });
const shown = z.object({ tree: z.string() });

/**
 * Database tables that a refused request may change: the audit log of refused sign-ins, and the last use of sessions.
 */
const UNWATCHED: ReadonlySet<string> = new Set(['audit', 'session', 'sqlite_sequence']);

/**
 * Returns the body of a response.
 * @throws Error if the status is not 200.
 */
function granted(answer: DeskAnswer): unknown {
  if (answer.status !== 200) throw new Error(`${answer.status}: ${JSON.stringify(answer.body)}`);
  return answer.body;
}

/** Returns the text of a wish's file. */
export function wishFile(id: string, unit: string, wish: string): string {
  return stringify(wishData(id, unit, { wish }));
}

export class World {
  readonly origin: string;
  readonly #root: string;
  readonly #content: FixtureContent;
  readonly #command: RunningCommand;
  readonly #clients: ReadonlyMap<Actor, DeskClient>;
  /** File names of the photos of the author's entries: two in the draft, then two in the author's second draft. */
  photos: readonly string[] = [];
  /** Ids of comments: one comment on each of these entries of the author. */
  notes: Readonly<Record<'draft' | 'wish' | 'goneWish', string>> = { draft: '', wish: '', goneWish: '' };
  /**
   * Paths of pages, one for each of these entries. Each page shows a text that the desk refused, because its save came
   * too late, and kept.
   */
  kept: Readonly<Record<'draft' | 'wish' | 'goneWish', string>> = { draft: '', wish: '', goneWish: '' };
  /** Commit of the author's draft. */
  version = '';
  /** Paths of photos that readers could fetch before their story was withdrawn. */
  withdrawnPhotos: readonly string[] = [];
  /** Git tree of the author's draft, which a decision must name. */
  seen = '';
  /** Blob id of the author's second draft, into which hostile texts are saved. */
  ownBlob = '';
  /** Ids of the accounts, by actor. */
  ids: Readonly<Record<string, string>> = {};
  /** Invitations and password links that are no longer valid, by reason. */
  deadLinks: Readonly<Record<string, string>> = {};

  private constructor(
    root: string,
    content: FixtureContent,
    command: RunningCommand,
    clients: ReadonlyMap<Actor, DeskClient>,
    origin: string,
  ) {
    this.#root = root;
    this.#content = content;
    this.#command = command;
    this.#clients = clients;
    this.origin = origin;
  }

  static async open(): Promise<World> {
    const root = await mkdtemp(join(tmpdir(), 'with-you-attack-'));
    const content = new FixtureContent();
    writeGround(content);
    writeStory(content, ENTRIES.published, 'jiefang');
    writeStory(content, ENTRIES.withdrawn, 'jiefang', {}, `撤下的正文${SECRET}。`);
    const command = new RunningCommand('start', {
      CONTENT_DIR: content.root,
      DATA_DIR: join(root, 'data'),
      CACHE_DIR: join(PROJECT_ROOT, '.cache'),
      PORT: '0',
    });
    const [, link = ''] = await command.printed(/编辑台登录：(http:[^\s（]+)/u);
    const { origin } = new URL(link);
    const clients = new Map(ACTORS.map((actor) => [actor, new DeskClient(origin)]));
    const world = new World(root, content, command, clients, origin);
    try {
      await world.#people(link);
      await world.#entries();
      await world.#endings();
    } catch (error) {
      await world.close();
      throw error;
    }
    return world;
  }

  client(actor: Actor): DeskClient {
    const found = this.#clients.get(actor);
    if (!found) throw new Error(`There is nobody called ${actor}.`);
    return found;
  }

  async #link(path: string, fields: Record<string, string>): Promise<string> {
    const response = await this.client('administrator').form(path, fields);
    const link = /id="link"[^>]*>([^<]*)</u.exec(await response.text())?.[1]?.replaceAll('&amp;', '&');
    if (link === undefined) throw new Error(`${path} made no link: ${response.status}.`);
    return link;
  }

  async #people(first: string): Promise<void> {
    await this.client('administrator').follow(first, { login: 'boss', password: PASSWORD, name: '管理员' });
    const units: Partial<Record<Actor, string>> = { author: 'jiefang', disabled: 'jiefang', outsider: 'wenxian' };
    for (const actor of ['author', 'outsider', 'reviewer', 'disabled', 'lowered'] as const) {
      const unit = units[actor] ?? '';
      const link = await this.#link('/desk/people/invite', {
        name: actor,
        role: unit === '' ? 'reviewer' : 'author',
        unit,
      });
      const status = await this.client(actor).follow(link, { login: actor, password: PASSWORD });
      if (status !== 303) throw new Error(`${actor} did not get in: ${status}.`);
    }
    const page = await (await this.client('administrator').request('/desk/people')).text();
    const rows = page
      .split('<tr')
      .map((row) => [
        /<small>([a-z]+)<\/small>/u.exec(row)?.[1] ?? '',
        /name="id" value="([^"]+)"/u.exec(row)?.[1] ?? '',
      ]);
    this.ids = Object.fromEntries(rows);
  }

  async #saveWish(id: string, wish: string, baseId: string | null): Promise<DeskAnswer> {
    const raw = wishFile(id, 'jiefang', wish);
    const dataFiles = [{ path: `wishes/${id}.yml`, slug: id, raw, baseId }];
    return this.client('author').call('persistEntry', { dataFiles, assets: [], options: {} });
  }

  async #note(collection: string, slug: string): Promise<string> {
    const note = { content: `批注${SECRET}` };
    return oneNote.parse(granted(await this.client('author').call('addNote', { collection, slug, note }))).note.id;
  }

  async #entries(): Promise<void> {
    const author = this.client('author');
    const marks = ['one', 'two', 'three', 'four'];
    const files = marks.map((mark, at) => remarked(at % 2 === 0 ? tinyPhotos.a : tinyPhotos.b, `attack ${mark}`));
    this.photos = await author.waivedPhotos(...files);
    const [a = '', b = '', c = '', d = ''] = this.photos;
    const draft = writtenStory('jiefang', ENTRIES.draft, [a, b], { title: `草稿${SECRET}` });
    granted(await author.save(draft, null));
    const late = await author.save({ ...draft, raw: `${draft.raw}\n迟到的${SECRET}\n` }, null);
    const slug = `jiefang/${ENTRIES.draft}/index`;
    const named = { collection: 'stories', slug };
    this.seen = shown.parse(granted(await author.call('unpublishedEntry', named))).tree;
    const own = await author.save(writtenStory('jiefang', ENTRIES.own, [c, d]), null);
    this.ownBlob = Object.values(savedIds.parse(granted(own)).ids)[0] ?? '';
    for (const id of [ENTRIES.wish, ENTRIES.goneWish]) granted(await this.#saveWish(id, `心愿${SECRET}`, null));
    const keptOf = async (id: string): Promise<string> =>
      stale.parse((await this.#saveWish(id, `迟到的心愿${SECRET}`, null)).body).address;
    this.kept = {
      draft: stale.parse(late.body).address,
      wish: await keptOf(ENTRIES.wish),
      goneWish: await keptOf(ENTRIES.goneWish),
    };
    this.notes = {
      draft: await this.#note('stories', slug),
      wish: await this.#note('wishes', ENTRIES.wish),
      goneWish: await this.#note('wishes', ENTRIES.goneWish),
    };
    this.version = this.git('rev-parse', `refs/heads/cms/stories/jiefang/${ENTRIES.draft}`);
    const gone = { collection: 'wishes', slug: ENTRIES.goneWish };
    granted(await author.call('deleteUnpublishedEntry', gone));
    const photos = `photos/${ENTRIES.withdrawn}`;
    this.withdrawnPhotos = readdirSync(join(this.data, 'site', photos), { encoding: 'utf8' })
      .slice(0, 6)
      .map((file) => `/${photos}/${encodeURIComponent(file)}`);
    const withdrawn = { collection: 'stories', slug: `jiefang/${ENTRIES.withdrawn}/index`, reason: '不再公开' };
    granted(await this.client('reviewer').call('withdrawEntry', withdrawn));
  }

  async #endings(): Promise<void> {
    const boss = this.client('administrator');
    const id = (actor: Actor): string => this.ids[actor] ?? '';
    const invite = { name: '某人', role: 'author', unit: 'jiefang' };
    // This account is an administrator for a while, and issues links during that time.
    await boss.form('/desk/people/change', { id: id('lowered'), role: 'administrator', unit: '' });
    const issued = async (path: string, fields: Record<string, string>): Promise<string> => {
      const page = await (await this.client('lowered').form(path, fields)).text();
      return /id="link"[^>]*>([^<]*)</u.exec(page)?.[1]?.replaceAll('&amp;', '&') ?? '';
    };
    const invitationByLowered = await issued('/desk/people/invite', { ...invite, name: '乙' });
    const passwordByLowered = await issued('/desk/people/link', { id: id('outsider') });
    await boss.form('/desk/people/change', { id: id('lowered'), role: 'author', unit: 'wenxian' });
    const passwordForDisabled = await this.#link('/desk/people/link', { id: id('disabled') });
    const revoked = await this.#link('/desk/people/invite', { ...invite, name: '丁' });
    const page = await (await boss.request('/desk/people')).text();
    const token = /name="token" value="([^"]+)"/u.exec(page)?.[1] ?? '';
    await boss.form('/desk/people/revoke', { token });
    const usedInvitation = await this.#link('/desk/people/invite', { ...invite, name: '丙' });
    await new DeskClient(this.origin).follow(usedInvitation, { login: 'used', password: PASSWORD });
    await boss.form('/desk/people/disable', { id: id('disabled') });
    this.deadLinks = { invitationByLowered, passwordByLowered, passwordForDisabled, revoked, usedInvitation };
  }

  get data(): string {
    return join(this.#root, 'data');
  }

  git(...args: string[]): string {
    return execFileSync('git', [`--git-dir=${join(this.data, 'content.git')}`, ...args], { encoding: 'utf8' }).trim();
  }

  /**
   * Sends a request with the cookie of an actor, and with the headers Host and Origin of the desk unless `headers`
   * replaces them. Resolves to the response; status 0 if the connection was closed.
   * @throws the error if the connection fails for another reason.
   */
  async send(actor: Actor, { method, path, headers, body }: AttackRequest): Promise<AttackAnswer> {
    const { hostname, port, host } = new URL(this.origin);
    const { cookie } = this.client(actor);
    const own = { host, origin: this.origin, ...(cookie === '' ? {} : { cookie }) };
    return new Promise((resolve, reject) => {
      const length = body === undefined ? {} : { 'content-length': Buffer.byteLength(body) };
      const all = { ...own, ...length, ...headers };
      const given = Object.entries(all).filter(([, value]) => value !== undefined);
      const sent = request(
        { hostname, port, path: '/', method, agent: false, headers: Object.fromEntries(given) },
        (answer) => {
          const { statusCode: status = 0, headers: answered } = answer;
          text(answer).then((said) => resolve({ status, location: answered.location ?? '', text: said }), reject);
        },
      );
      // The path is set here: the options of node:http would refuse or encode it.
      sent.path = path;
      sent.once('error', (error: NodeJS.ErrnoException) => {
        if (error.code === 'ECONNRESET' || error.code === 'EPIPE') resolve({ status: 0, location: '', text: '' });
        else reject(error);
      });
      sent.end(body);
    });
  }

  /**
   * Sends lines unchanged over a new connection. Resolves to everything that was received, with the lowest status of
   * all responses; 0 if there is none.
   */
  async sendLines(lines: readonly string[]): Promise<AttackAnswer> {
    const { hostname, port } = new URL(this.origin);
    const socket = connect(Number(port), hostname);
    socket.setTimeout(30_000, () => socket.destroy());
    socket.end(lines.join('\r\n'));
    const said = await text(socket).catch(() => '');
    const statuses = Array.from(said.matchAll(/^HTTP\/1\.1 (\d{3})/gmu), ([, status]) => Number(status));
    return { status: Math.min(...statuses, ...(statuses.length === 0 ? [0] : [])), location: '', text: said };
  }

  /**
   * Returns a hash of everything that a refused request must not change: git refs, database rows, and size and time of
   * the site's files.
   */
  state(): string {
    const database = new DatabaseSync(join(this.data, 'desk.sqlite'), { readOnly: true });
    const tables = database
      .prepare("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name")
      .all()
      .map(({ name }) => String(name))
      .filter((name) => !UNWATCHED.has(name));
    const rows = tables.map((name) => [name, database.prepare(`SELECT * FROM "${name}"`).all()]);
    database.close();
    const site = join(this.data, 'site');
    const files = readdirSync(site, { recursive: true, encoding: 'utf8' })
      // The search index, compressed copies and posters are written in the background after publishing.
      .filter((path) => !/(?:^|\/)\.?pagefind|\.(?:gz|br)$|poster\.png$/u.test(path))
      .sort()
      .flatMap((path) => {
        const { size, mtimeMs } = statSync(join(site, path), { throwIfNoEntry: false }) ?? {};
        return size === undefined || statSync(join(site, path)).isDirectory() ? [] : [`${path} ${size} ${mtimeMs}`];
      });
    return createHash('sha256')
      .update(JSON.stringify([this.git('for-each-ref'), rows, files]))
      .digest('hex');
  }

  async close(): Promise<void> {
    await this.#command.stop();
    rmSync(this.#root, { recursive: true, force: true });
    this.#content.dispose();
  }
}

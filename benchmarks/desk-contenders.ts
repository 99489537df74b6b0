// Our desk and decap-server, each in a separate process. Both get the requests that an editor's browser sends.
import { spawn, execFileSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import pLimit from 'p-limit';
import { z } from 'zod';
import { PROJECT_ROOT } from '../src/render/compile/build-cache.ts';
import { RunningCommand } from '../tests/fixtures/command.ts';
import { DeskClient, PASSWORD, type DeskAnswer } from '../tests/fixtures/desk/desk-client.ts';
import { storyFolder, storyText, type Story } from './corpus.ts';

/** Number of connections that a browser opens to one server. */
const CONNECTIONS = 6;

const listed = z.array(z.unknown());
const keys = z.array(z.string());

/** A server of Decap's proxy protocol that is measured. */
export interface DeskContender {
  name: string;
  /** Process id of the server. */
  pid: number;
  call(action: string, params: Record<string, unknown>): Promise<DeskAnswer>;
  /**
   * Loads what an editor's browser loads to show the list of stories.
   * @throws Error if the server refuses it or lists fewer than `least` stories.
   */
  list(least: number): Promise<void>;
  /** Loads what an editor's browser loads to show the board. Resolves to the number of refused requests. */
  board(): Promise<number>;
  /**
   * Saves a new story as a draft, with its photos.
   * @throws Error if the server refuses it.
   */
  save(story: Story, photos: readonly Uint8Array[]): Promise<void>;
  /** Saves another text of a story that was saved before. */
  saveAgain(story: Story, photos: readonly Uint8Array[]): Promise<void>;
  /** Runs all changes of status that are required before publishing. */
  makeReady(story: Story): Promise<void>;
  publish(story: Story): Promise<void>;
  end(): Promise<void>;
}

/**
 * Returns a response unchanged.
 * @throws Error if its status is not 200.
 */
export function granted(answer: DeskAnswer): DeskAnswer {
  if (answer.status !== 200) throw new Error(`${answer.status}: ${JSON.stringify(answer.body)}`);
  return answer;
}

const path = (story: Story): string => `${storyFolder(story)}/index.md`;
const slug = ({ unit, id }: Story): string => `${unit}/${id}/index`;

/** Our desk, with a client that is signed in as its administrator. */
export interface OurDesk extends DeskContender {
  desk: DeskClient;
}

/**
 * Starts our desk by its command `start` and signs in as administrator. `content` and `data` are the paths of its
 * content and data folder.
 */
export async function ourDesk(content: string, data: string): Promise<OurDesk> {
  const command = new RunningCommand('start', {
    CONTENT_DIR: content,
    DATA_DIR: data,
    CACHE_DIR: join(PROJECT_ROOT, '.cache'),
    PORT: '0',
  });
  const [, link = ''] = await command.printed(/编辑台登录：(http:[^\s（]+)/u);
  const desk = new DeskClient(new URL(link).origin);
  await desk.follow(link, { login: 'editor', password: PASSWORD });
  const names = new Map<string, string[]>();
  const written = (story: Story) => ({ unit: story.unit, id: story.id, raw: storyText(story, names.get(story.id)) });
  return {
    name: 'With You',
    pid: command.pid,
    desk,
    call: async (action, params) => desk.call(action, params),
    async list(least) {
      const page = await (await desk.request('/desk/entries/stories/')).text();
      const total = Number(/全部 <span class="count">([\d,]+)</u.exec(page)?.[1]?.replaceAll(',', ''));
      if (!(total >= least)) throw new Error(`The desk lists ${total} stories of ${least}.`);
    },
    async board() {
      const response = await desk.request('/desk/board/');
      await response.text();
      return response.status === 200 ? 0 : 1;
    },
    async save(story, photos) {
      names.set(story.id, await desk.waivedPhotos(...photos));
      granted(await desk.save(written(story), null));
    },
    saveAgain: async (story) => void granted(await desk.save(written(story))),
    async makeReady(story) {
      granted(await desk.move(written(story), 'pending_review'));
      granted(await desk.move(written(story), 'pending_publish'));
    },
    publish: async (story) => void granted(await desk.publish(written(story))),
    end: async () => void (await command.stop()),
  };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  return address !== null && typeof address === 'object' ? address.port : 0;
}

/** Starts decap-server on a content folder, after making the folder a git repository with a work tree. */
export async function decapServer(folder: string): Promise<DeskContender> {
  const git = (...args: string[]): void => void execFileSync('git', ['-C', folder, ...args], { stdio: 'pipe' });
  git('init', '--quiet', '--initial-branch=main');
  git('config', 'user.name', 'bench');
  git('config', 'user.email', 'bench@example.org');
  git('add', '.');
  git('commit', '--quiet', '--message', 'content');
  const port = await freePort();
  const child: ChildProcess = spawn(process.execPath, [join(PROJECT_ROOT, 'node_modules/decap-server/dist/index.js')], {
    cwd: folder,
    env: { ...process.env, PORT: String(port), BIND_HOST: '127.0.0.1', MODE: 'git', GIT_REPO_DIRECTORY: folder },
    stdio: 'ignore',
  });
  const ended = once(child, 'exit');
  const call = async (action: string, params: Record<string, unknown>): Promise<DeskAnswer> => {
    const response = await fetch(`http://127.0.0.1:${port}/api/v1`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ action, params: { branch: 'main', ...params } }),
    });
    const body: unknown = await response.json();
    return { status: response.status, body };
  };
  for (let tries = 0; tries < 400; tries += 1) {
    if ((await call('info', {}).catch(() => undefined))?.status === 200) break;
    await pause(50);
  }
  // With decap-server, Decap sends the photos of a draft in every save.
  const save = async (story: Story, photos: readonly Uint8Array[]): Promise<void> => {
    granted(
      await call('persistEntry', {
        dataFiles: [{ path: path(story), slug: slug(story), raw: storyText(story) }],
        assets: photos.map((photo, at) => ({
          path: `${storyFolder(story)}/${at + 1}.jpg`,
          content: Buffer.from(photo).toString('base64'),
          encoding: 'base64',
        })),
        options: { collectionName: 'stories', commitMessage: '保存', useWorkflow: true, status: 'draft' },
      }),
    );
  };
  const named = (story: Story) => ({ collection: 'stories', slug: slug(story) });
  return {
    name: 'decap-server',
    pid: child.pid ?? 0,
    call,
    async list(least) {
      const folder = { folder: 'stories', extension: 'md', depth: 3 };
      const { length } = listed.parse(granted(await call('entriesByFolder', folder)).body);
      if (length < least) throw new Error(`decap-server lists ${length} stories of ${least}.`);
    },
    // Decap loads the list of drafts, then each draft, over as many connections as a browser uses.
    async board() {
      const ids = keys.parse(granted(await call('unpublishedEntries', {})).body);
      const connections = pLimit(CONNECTIONS);
      const statuses = await Promise.all(
        ids.map(async (id) => connections(async () => (await call('unpublishedEntry', { id })).status)),
      );
      return statuses.filter((status) => status !== 200).length;
    },
    save,
    saveAgain: save,
    async makeReady(story) {
      granted(await call('updateUnpublishedEntryStatus', { ...named(story), newStatus: 'pending_publish' }));
    },
    publish: async (story) => void granted(await call('publishUnpublishedEntry', named(story))),
    async end() {
      child.kill();
      await ended;
    },
  };
}

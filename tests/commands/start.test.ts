import { get } from 'node:http';
import { createServer } from 'node:net';
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { FixtureContent, tinyPhotos, writeGround, writeStory } from '../fixtures/content.ts';
import { DeskClient, PASSWORD, writtenStory } from '../fixtures/desk/desk-client.ts';
import { RunningCommand } from '../fixtures/command.ts';
import { SiteFolder } from '../fixtures/desk/publishing.ts';

let content: FixtureContent;
let site: SiteFolder;
let running: RunningCommand | undefined;

function start(environment: Record<string, string> = {}): RunningCommand {
  running = new RunningCommand('start', {
    CONTENT_DIR: content.root,
    DATA_DIR: site.root,
    // The system chooses a free port.
    PORT: '0',
    ...environment,
  });
  return running;
}

/** Resolves to the origin of the site, which the command prints. */
async function address(command: RunningCommand): Promise<string> {
  const [, url = ''] = await command.printed(/网站：(http:\S+)\//u);
  return url;
}

/** Makes the first administrator by the link that the command prints. Resolves to the administrator's client. */
async function signedIn(command: RunningCommand): Promise<DeskClient> {
  const [, link = ''] = await command.printed(/编辑台登录：(http:\S+)/u);
  const desk = new DeskClient(new URL(link).origin);
  expect(await desk.follow(link, { login: 'editor', password: PASSWORD })).toBe(303);
  return desk;
}

/** Requests a page every 50 ms until `fits` returns true. The test's time limit applies. */
async function eventually(url: string, fits: (text: string, status: number) => boolean): Promise<void> {
  for (;;) {
    const response = await fetch(url);
    if (fits(await response.text(), response.status)) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/**
 * Sends a GET request and resolves to the status of the response. `fetch` would add headers to a conditional request.
 */
async function statusOf(url: string, headers: Record<string, string>): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    get(url, { headers }, (response) => {
      response.resume();
      resolve(response.statusCode);
    }).once('error', reject);
  });
}

beforeEach(() => {
  content = new FixtureContent();
  site = new SiteFolder();
  writeGround(content);
  writeStory(content, '20210319-213000ef', 'jiefang', { title: '第一个标题' });
});

afterEach(async () => {
  await running?.stop();
  content.dispose();
  site.dispose();
});

describe('A running site', () => {
  test('begins with content/, prints a sign-in link, publishes what is written at the desk, and stops on request', async () => {
    const command = start();
    const url = await address(command);
    await eventually(`${url}/stories/20210319-213000ef/`, (text) => text.includes('第一个标题'));
    const desk = await signedIn(command);

    const photos = await desk.photos(tinyPhotos.a, tinyPhotos.b);
    const story = writtenStory('wenxian', '20210320-213000ef', photos, { title: '刚刚写好的故事' });
    expect(await desk.saveAndPublish(story)).toMatchObject({ status: 200 });
    for (const place of ['/', '/stories/', '/stories/2021/', '/units/wenxian/', '/activities/legal-aid/', '/rss.xml']) {
      expect(await (await fetch(url + place)).text(), place).toContain('刚刚写好的故事');
    }
    const page = await (await fetch(`${url}/stories/20210320-213000ef/`)).text();
    const [image = ''] = /\/photos\/[^"\s]+\.jpg/u.exec(page) ?? [];
    expect((await fetch(url + image)).headers.get('content-type')).toBe('image/jpeg');
    expect(await command.stop()).toBe(0);
  });

  test('shows the text of stories that were published before at once, and their photos later', async () => {
    const file = 'stories/jiefang/20210319-213000ef/index.md';
    content.edit(file, /^date: /mu, 'published: 2021-03-20\ndate: ');
    const command = start();
    const url = await address(command);
    await command.printed(/文字已经上线；1 篇的照片还要处理，会从最新的起陆续补上。/u);
    const page = `${url}/stories/20210319-213000ef/`;
    await eventually(page, (text) => text.includes('第一个标题') && text.includes('/photos/20210319-213000ef/'));
    await eventually(`${url}/healthz`, (text) => text === '{"ok":true}');
    await command.printed(/补上照片（篇） 1\/1/u);
  });

  test('reads content/ only at the first start, and from then on the repository', async () => {
    await address(start({ BASE_URL: 'https://example.org' }));
    await running?.stop();
    content.edit('stories/jiefang/20210319-213000ef/index.md', '第一个标题', '第二个标题');
    const again = start({ BASE_URL: 'https://example.org', PORT: '0' });
    await again.printed(/网站：/u);
    const desk = await signedIn(again);
    const text = await desk.published({ unit: 'jiefang', id: '20210319-213000ef', raw: '' });
    expect(text).toContain('第一个标题');
  });

  test('is not disturbed by a second process on the same folder, which is refused', async () => {
    const first = start();
    const url = await address(first);
    const second = new RunningCommand('start', { CONTENT_DIR: content.root, DATA_DIR: site.root, PORT: '0' });
    expect(await second.ended()).toBe(1);
    expect(second.output.trim()).toContain('正被另一个编辑台使用');
    expect((await fetch(`${url}/`)).status).toBe(200);
  });

  test('sends the headers of a public site', async () => {
    const url = await address(start());
    // The request is for the uncompressed page: compressed copies are made in the background and have other ETags.
    const home = await fetch(`${url}/`, { headers: { 'accept-encoding': 'identity' } });
    expect(home.headers.get('x-content-type-options')).toBe('nosniff');
    expect(home.headers.get('content-security-policy')).toContain('frame-ancestors');
    expect(home.headers.get('cache-control')).toBe('public, max-age=0, must-revalidate');
    const [script = ''] = /\/_astro\/[^"]+\.js/u.exec(await (await fetch(`${url}/search/`)).text()) ?? [];
    const part = await fetch(`${url}${script}`, { headers: { 'accept-encoding': 'br' } });
    expect(part.headers.get('x-content-type-options')).toBe('nosniff');
    expect(part.headers.get('content-encoding')).toBe('br');
    expect(part.headers.get('cache-control')).toContain('immutable');
    expect(await statusOf(`${url}/`, { 'if-none-match': home.headers.get('etag') ?? '' })).toBe(304);
    const missing = await fetch(`${url}/nowhere/`);
    expect(missing.status).toBe(404);
    expect(await missing.text()).toContain('和你在一起');
    expect((await fetch(`${url}/healthz`)).status).toBe(200);
  });

  test.each(['/../journal.sqlite', '/%2e%2e/journal.sqlite', '/..%2fjournal.sqlite', '/.tmp-1', '//etc/passwd'])(
    'serves nothing from outside its folder: %s',
    async (path) => {
      const url = await address(start());
      expect((await fetch(url + path)).status).toBeGreaterThanOrEqual(400);
    },
  );

  test('renders nothing at a second start', async () => {
    await address(start({ BASE_URL: 'https://example.org' }));
    await running?.stop();
    const again = start({ BASE_URL: 'https://example.org' });
    await address(again);
    expect(again.output).not.toContain('生成页面');
  });
});

describe('A start that cannot work prints one sentence and exits with 1, if', () => {
  async function refusal(environment: Record<string, string>): Promise<string> {
    const command = start(environment);
    expect(await command.ended()).toBe(1);
    expect(command.output.trim().split('\n')).toHaveLength(1);
    return command.output.trim();
  }

  test('the port is taken', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => other.once('listening', resolve));
    const taken = other.address();
    const port = typeof taken === 'object' && taken ? String(taken.port) : '';
    expect(await refusal({ PORT: port })).toBe(`端口 ${port} 已被占用：请先停掉占用它的程序，或用 PORT 另选一个端口。`);
    other.close();
  });

  test('the port is invalid', async () => {
    expect(await refusal({ PORT: 'abc' })).toContain('PORT 写的是“abc”');
  });

  test('the address is not one of this machine', async () => {
    expect(await refusal({ HOST: '203.0.113.1' })).toContain('请检查 HOST');
  });

  test('DATA_DIR cannot be written', async () => {
    // The parent of DATA_DIR is a file, because permissions would not stop root.
    writeFileSync(join(site.root, 'file'), '');
    expect(await refusal({ DATA_DIR: join(site.root, 'file/data') })).toContain('不能写入');
  });

  test('BASE_URL is not a web address', async () => {
    expect(await refusal({ BASE_URL: 'example.org' })).toContain('应是完整的网址');
  });

  test('TRUST_PROXY names no proxy', async () => {
    expect(await refusal({ TRUST_PROXY: 'true' })).toContain('TRUST_PROXY 写的是“true”，应是 loopback');
  });

  test.each([
    ['missing', undefined, '找不到 git'],
    ['2.37', 'git version 2.37.9', 'git 的版本是 2.37'],
  ])('git is %s', async (_case, version, sentence) => {
    const bin = join(site.root, 'bin');
    mkdirSync(bin);
    if (version !== undefined) {
      writeFileSync(join(bin, 'git'), `#!/bin/sh\necho ${version}\n`);
      chmodSync(join(bin, 'git'), 0o755);
    }
    expect(await refusal({ PATH: `${bin}:${version === undefined ? '' : '/bin'}` })).toContain(sentence);
  });
});

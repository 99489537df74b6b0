// The addresses at which caches elsewhere may still hold what was taken back: noted in data/purge.txt, and passed to a
// real command, again if it fails, and after a kill.
import { chmodSync, existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { PurgeCommand } from '../../../src/desk/purge/purge-command.ts';
import { PurgeList } from '../../../src/desk/purge/purge-list.ts';
import { Purging } from '../../../src/desk/purge/purging.ts';
import { FixtureContent } from '../../fixtures/content.ts';
import { ORIGIN } from '../../fixtures/desk/publishing.ts';
import { DeskSite, FIRST } from '../../fixtures/desk/desk-site.ts';
import { filesBelow } from '../../fixtures/traces.ts';

let folder: FixtureContent;
let troubles: string[];

beforeEach(() => {
  folder = new FixtureContent();
  troubles = [];
});

afterEach(() => folder.dispose());

const file = (name: string): string => join(folder.root, name);
const linesOf = (path: string): string[] => (existsSync(path) ? readFileSync(path, 'utf8').trimEnd().split('\n') : []);

/** Writes a program of some lines of shell; returns its path. Its input goes on in `$1`. */
function program(...lines: string[]): string {
  writeFileSync(file('purge.sh'), ['#!/bin/sh', ...lines, ''].join('\n'));
  chmodSync(file('purge.sh'), 0o755);
  return file('purge.sh');
}

function purging(command: string | undefined, { retryAfter = 20, timeLimit = 10_000 } = {}): Purging {
  return new Purging({
    folder: folder.root,
    command: command === undefined ? undefined : new PurgeCommand(command, timeLimit),
    onTrouble: (error) => troubles.push(error instanceof Error ? error.message : String(error)),
    retryAfter,
  });
}

const URLS = [`${ORIGIN}/photos/a.jpg`, `${ORIGIN}/stories/x/?a=1&b=$(touch%20hacked);'"`, '-rf'];

describe('The list', () => {
  test('has one address a line, for its owner only, and no other file without a command', () => {
    const list = new PurgeList(folder.root, false);
    list.add(URLS);
    list.add([]);
    list.add([`${ORIGIN}/b`]);
    expect(linesOf(file('purge.txt'))).toEqual([...URLS, `${ORIGIN}/b`]);
    expect(statSync(file('purge.txt')).mode & 0o777).toBe(0o600);
    expect([...filesBelow(folder.root).keys()]).toEqual(['purge.txt']);
  });

  test('is rotated at 1 MB and keeps the part before', () => {
    const list = new PurgeList(folder.root, false);
    const many = Array.from(
      { length: 20_000 },
      (_, index) => `${ORIGIN}/photos/${String(index).padStart(24, '0')}.jpg`,
    );
    list.add(many);
    expect(existsSync(file('purge.txt'))).toBe(false);
    expect(linesOf(file('purge.txt.1'))).toEqual(many);
    list.add([`${ORIGIN}/next`]);
    expect(linesOf(file('purge.txt'))).toEqual([`${ORIGIN}/next`]);
    list.add(many);
    expect(linesOf(file('purge.txt.1'))).toEqual([`${ORIGIN}/next`, ...many]);
  });
});

describe('The command', () => {
  test('gets the addresses on its input, without a shell: nothing in them is run', async () => {
    const passed = purging(`${program(`cat >>"$1"`)} ${file('got')}`);
    passed.add(URLS);
    await passed.close();
    expect(linesOf(file('got'))).toEqual(URLS);
    expect(existsSync('hacked')).toBe(false);
    expect(existsSync(file('hacked'))).toBe(false);
    expect(troubles).toEqual([]);
  });

  test('that fails once is reported to the administrator in a sentence, and runs again with the URLs added since', async () => {
    const line = `${program(`if [ ! -e "$1.failed" ]; then touch "$1.failed"; echo 'key refused' >&2; exit 3; fi`, 'cat >>"$1"')} ${file('got')}`;
    const passed = purging(line);
    passed.add(URLS);
    await vi.waitFor(() => expect(troubles).toHaveLength(1));
    expect(troubles[0]).toMatch(/本站已经撤下，但 PURGE_COMMAND 没有成功：退出码 3：key refused。.+自动再试/u);
    passed.add([`${ORIGIN}/later`]);
    await vi.waitFor(() => expect(linesOf(file('got'))).toEqual([...URLS, `${ORIGIN}/later`]));
    await passed.close();
    expect(troubles).toHaveLength(1);
    expect([...filesBelow(folder.root).keys()].sort()).toEqual(['got', 'got.failed', 'purge.sh', 'purge.txt']);
  });

  test('is given what a killed process has left, at the next start', async () => {
    const failing = purging(`${program('exit 1')} x`, { retryAfter: 3_600_000 });
    failing.add(URLS);
    await vi.waitFor(() => expect(troubles).toHaveLength(1));
    await failing.close();
    // Added by the same process after it took the first, and never passed.
    new PurgeList(folder.root, true).add([`${ORIGIN}/later`]);
    const next = purging(`${program('cat >>"$1"')} ${file('got')}`);
    next.run();
    await vi.waitFor(() => expect(linesOf(file('got'))).toEqual([...URLS, `${ORIGIN}/later`]));
    await next.close();
  });

  test.each([
    ['is missing', '/nonexistent/purge', /启动不了/u],
    ['does not end', 'sleep 60', /0.3 秒还没有做完/u],
    ['reads nothing and fails', 'false', /退出码 1/u],
  ])('that %s holds nothing up', async (_case, line, sentence) => {
    const passed = purging(line, { retryAfter: 3_600_000, timeLimit: 300 });
    passed.add(Array.from({ length: 600 }, (_, index) => `${ORIGIN}/${index}`.padEnd(200, 'x')));
    await vi.waitFor(() => expect(troubles).toHaveLength(1), { timeout: 20_000 });
    expect(troubles[0]).toMatch(sentence);
    await passed.close();
  });

  test('gets many addresses in several runs', async () => {
    const passed = purging(`${program('cat >>"$1"; echo run >>"$1.runs"')} ${file('got')}`);
    const many = Array.from({ length: 1100 }, (_, index) => `${ORIGIN}/${index}`);
    passed.add(many);
    await passed.close();
    expect(linesOf(file('got'))).toEqual(many);
    expect(linesOf(file('got.runs'))).toHaveLength(3);
  });
});

describe('A desk notes every address at which something was taken back', () => {
  let site: DeskSite;
  const slug = `jiefang/${FIRST}/index`;
  const listed = (): string[] => linesOf(join(site.data, 'purge.txt'));
  /** Returns the full URLs of the files below a folder of the site. */
  const urlsBelow = (path: string): string[] =>
    [...filesBelow(join(site.output, path)).keys()].map((name) => `${ORIGIN}/${path}/${name}`);

  beforeEach(async () => {
    site = await DeskSite.open();
    await site.publisher.index({ fold: true });
  });

  afterEach(async () => site.dispose());

  test('when a photo is withdrawn: all photos, poster, results of search, own page, pages with it', async () => {
    const photos = urlsBelow(`photos/${FIRST}`);
    expect(photos).toHaveLength(4);
    const asked = { collection: 'stories', slug, src: 'a.jpg', reason: '本人不愿意' };
    expect((await site.desk.call('withdrawPhoto', asked)).status).toBe(200);
    expect(listed()).toEqual(expect.arrayContaining(photos));
    const pages = [`/stories/${FIRST}/`, '/', '/stories/', '/rss.xml', `/stories/${FIRST}/poster.png`];
    expect(listed()).toEqual(expect.arrayContaining(pages.map((path) => ORIGIN + path)));
    expect(listed()).toContainEqual(expect.stringMatching(/\/pagefind\/[0-9a-f]{12}\/fragment\/.+\.pf_fragment$/u));
    for (const line of listed()) expect(() => new URL(line)).not.toThrow();
  });

  test('when a story and later its title are withdrawn, and when it is deleted; not when it is edited', async () => {
    const raw = site.fileInMain(`stories/jiefang/${FIRST}/index.md`).toString().replace('正文', '改过的正文');
    expect((await site.desk.saveAndPublish({ unit: 'jiefang', id: FIRST, raw })).status).toBe(200);
    expect(listed()).toEqual([]);
    const asked = { collection: 'stories', slug, reason: '核实' };
    expect((await site.desk.call('withdrawEntry', asked)).status).toBe(200);
    expect(listed()).toEqual(
      expect.arrayContaining([`${ORIGIN}/stories/${FIRST}/`, `${ORIGIN}/stories/${FIRST}/qr.svg`]),
    );
    const before = listed().length;
    expect((await site.desk.call('withdrawEntry', { ...asked, hideTitle: true })).status).toBe(200);
    expect(listed().slice(before)).toContain(`${ORIGIN}/stories/${FIRST}/`);
    const then = listed().length;
    const paths = [`stories/jiefang/${FIRST}/index.md`];
    expect((await site.desk.call('deleteFiles', { paths })).status).toBe(200);
    expect(listed().slice(then)).toContain(`${ORIGIN}/stories/${FIRST}/`);
  });
});

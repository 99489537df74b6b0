import { spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, renameSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import jsQR from 'jsqr';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Publisher } from '../../src/render/publish/publisher.ts';
import {
  exampleData,
  FixtureContent,
  markdown,
  storyData,
  writeExample,
  writeGround,
  writeStory,
} from '../fixtures/content.ts';
import { bundle, differences, ORIGIN, SiteFolder } from '../fixtures/desk/publishing.ts';
import { LONG } from '../run-size.ts';

const LANDSCAPE = '20210101-000001aa';
const PORTRAIT = '20210101-000002aa';
const EXAMPLE = '20210101-000003aa';
const content = new FixtureContent();
const site = new SiteFolder();
let publisher: Publisher;

const fileOf = (folder: SiteFolder, path: string) => join(folder.output, path, 'poster.png');
const stories = [LANDSCAPE, PORTRAIT].map((id) => `stories/${id}`);
const all = [...stories, `examples/${EXAMPLE}`];
const bytesOf = (path: string) => readFileSync(fileOf(site, path));
/** Returns the inode of each poster, or 0 if there is none. A poster that is written again gets another inode. */
const stamps = () => all.map((path) => (existsSync(fileOf(site, path)) ? statSync(fileOf(site, path)).ino : 0));

async function publish(): Promise<number> {
  const { faults } = await publisher.publish();
  expect(faults).toEqual([]);
  return (await publisher.drawPosters({ workers: 1 })).drawn;
}

beforeAll(async () => {
  writeGround(content);
  writeStory(content, LANDSCAPE, 'jiefang', {
    title: '修武县“职工法律援助维权服务志愿团”走进工地，帮37名工友讨回工钱',
  });
  const portrait = writeStory(content, PORTRAIT, 'wenxian', { title: '泵房' });
  content.move(`${portrait}/a.jpg`, `${portrait}/c.jpg`);
  content.move(`${portrait}/b.jpg`, `${portrait}/a.jpg`);
  content.move(`${portrait}/c.jpg`, `${portrait}/b.jpg`);
  writeExample(content, EXAMPLE, 'jiefang');
  publisher = await site.open(content);
});

afterAll(async () => {
  await publisher.close();
  content.dispose();
  site.dispose();
});

test('Every story and example gets a poster of 1080 × 1440 whose code leads to its page', async () => {
  expect(await publish()).toBe(3);
  for (const path of all) {
    const bytes = bytesOf(path);
    expect(bytes.length).toBeLessThanOrEqual(900_000);
    const { data, info } = await sharp(bytes).ensureAlpha().raw().toBuffer({ resolveWithObject: true });
    expect([info.width, info.height]).toEqual([1080, 1440]);
    const code = jsQR(new Uint8ClampedArray(data), info.width, info.height);
    expect(code?.data).toBe(`${ORIGIN}/${path}/`);
    expect(site.page(`${path}/index.html`)).toContain(`<link rel="canonical" href="${code?.data}"`);
    const { topLeftCorner, topRightCorner } = code?.location ?? {};
    expect((topRightCorner?.x ?? 0) - (topLeftCorner?.x ?? 0)).toBeGreaterThanOrEqual(239);
  }
});

test('The code has a light margin of four modules', async () => {
  for (const path of all) {
    const { data, info } = await sharp(bytesOf(path)).ensureAlpha().raw().toBuffer({ resolveWithObject: true });
    const code = jsQR(new Uint8ClampedArray(data), info.width, info.height);
    const { x, y } = code?.location.topLeftCorner ?? { x: 0, y: 0 };
    const [left, top] = [Math.round(x), Math.round(y)];
    const side = Math.round((code?.location.topRightCorner.x ?? 0) - x);
    const quiet = Math.floor((side / (17 + 4 * (code?.version ?? 0))) * 4) - 1;
    const isLight = (column: number, row: number) => (data[(row * info.width + column) * 4] ?? 0) > 200;
    for (let along = -quiet; along < side + quiet; along += 1) {
      for (const near of [2, quiet]) {
        expect(isLight(left + along, top - near), `${path} above`).toBe(true);
        expect(isLight(left + along, top + side + near), `${path} below`).toBe(true);
        expect(isLight(left - near, top + along), `${path} left`).toBe(true);
        expect(isLight(left + side + near, top + along), `${path} right`).toBe(true);
      }
    }
  }
});

test('An unchanged poster is not drawn again, in this process or the next', async () => {
  const before = stamps();
  expect(await publish()).toBe(0);
  await publisher.close();
  publisher = await site.open(content);
  expect(await publish()).toBe(0);
  expect(stamps()).toEqual(before);
});

test('Posters drawn again from nothing have the same bytes', async () => {
  const other = new SiteFolder(site.encoded);
  const second = await other.open(content);
  await second.publish();
  expect((await second.drawPosters({ workers: 2 })).drawn).toBe(3);
  await second.close();
  expect(differences(other.output, site.output)).toEqual([]);
  other.dispose();
});

test('A new title redraws one poster, a new text none, a new site name all', async () => {
  const [first, ...others] = stamps();
  content.edit(`stories/jiefang/${LANDSCAPE}/index.md`, /^title: .*$/mu, 'title: 灯亮到九点半，这张桌子一直没收');
  expect(await publish()).toBe(1);
  const [now, ...rest] = stamps();
  expect(now).not.toBe(first);
  expect(rest).toEqual(others);
  content.edit(`stories/jiefang/${LANDSCAPE}/index.md`, '正文', '别的正文');
  expect(await publish()).toBe(0);
  content.edit('site.yml', /^name: .*$/mu, 'name: 在一起');
  expect(await publish()).toBe(3);
});

test('A deleted or altered poster is drawn again', async () => {
  const before = bytesOf(all[0] ?? '');
  const output = new FixtureContent(site.output);
  output.write(`${all[0]}/poster.png`, 'no picture');
  output.remove(`${all[1]}/poster.png`);
  expect(await publish()).toBe(2);
  expect(bytesOf(all[0] ?? '')).toEqual(before);
});

test('A withdrawn story loses its poster, and a deleted example its folder, with the publication', async () => {
  const file = `stories/jiefang/${LANDSCAPE}/index.md`;
  const before = content.read(file);
  content.write(file, markdown(storyData(LANDSCAPE, 'jiefang', { withdrawn: { date: '2021-05-01', reason: '有误' } })));
  content.remove('examples');
  await publisher.publish();
  expect(existsSync(fileOf(site, `stories/${LANDSCAPE}`))).toBe(false);
  expect(existsSync(join(site.output, `stories/${LANDSCAPE}/index.html`))).toBe(true);
  expect(existsSync(join(site.output, `examples/${EXAMPLE}`))).toBe(false);
  expect(await publish()).toBe(0);
  content.write(file, before);
  writeExample(content, EXAMPLE, 'jiefang');
  expect(await publish()).toBe(2);
});

test('A poster without an entry is removed, even if the journal does not know it', async () => {
  await publisher.close();
  const stray = new FixtureContent(site.output);
  stray.write('stories/20200101-000000zz/poster.png', 'x');
  publisher = await site.open(content);
  expect(await publish()).toBe(0);
  expect(existsSync(join(site.output, 'stories/20200101-000000zz'))).toBe(false);
});

test('A story withdrawn while its poster is being drawn gets no poster', async () => {
  const file = `stories/jiefang/${LANDSCAPE}/index.md`;
  const before = content.read(file);
  content.edit(file, /^title: .*$/mu, 'title: 正在画');
  await publisher.publish();
  const drawing = publisher.drawPosters({ workers: 1 });
  content.write(file, markdown(storyData(LANDSCAPE, 'jiefang', { withdrawn: { date: '2021-05-01', reason: '有误' } })));
  await Promise.all([publisher.publish(), drawing]);
  expect(existsSync(fileOf(site, `stories/${LANDSCAPE}`))).toBe(false);
  content.write(file, before);
  await publish();
});

test('A photo that cannot be read is reported, and the other posters are drawn', async () => {
  content.edit('site.yml', /^name: .*$/mu, 'name: 和你在一起');
  await publisher.publish();
  const folder = join(site.output, 'photos', LANDSCAPE);
  const jpegs = readdirSync(folder).filter((name) => name.endsWith('.jpg'));
  for (const name of jpegs) renameSync(join(folder, name), join(folder, `${name}.away`));
  await expect(publisher.drawPosters({ workers: 1 })).rejects.toThrow(
    `/stories/${LANDSCAPE}/poster.png 的海报没有画成`,
  );
  for (const name of jpegs) renameSync(join(folder, `${name}.away`), join(folder, name));
  expect((await publisher.drawPosters({ workers: 1 })).drawn).toBe(1);
});

test('Characters missing in the typeface are reported', async () => {
  content.write(
    `examples/jiefang/${EXAMPLE}/index.md`,
    markdown(exampleData(EXAMPLE, 'jiefang', { name: '李𰻝师傅' })),
  );
  await publisher.publish();
  const { missing } = await publisher.drawPosters({ workers: 1 });
  expect([...missing]).toEqual([[`/examples/${EXAMPLE}/poster.png`, ['𰻝']]]);
});

test('An aborted drawing ends at once and continues the next time', async () => {
  content.edit('site.yml', /^name: .*$/mu, 'name: 在一起');
  await publisher.publish();
  await expect(publisher.drawPosters({ workers: 1, signal: AbortSignal.abort(new Error('closing')) })).rejects.toThrow(
    'closing',
  );
  const controller = new AbortController();
  const drawing = publisher.drawPosters({
    workers: 1,
    signal: controller.signal,
    onDrawn: () => controller.abort(new Error('closing')),
  });
  await expect(drawing).rejects.toThrow('closing');
  expect((await publisher.drawPosters({ workers: 1 })).drawn).toBe(2);
});

if (LONG) {
  test('A process killed while drawing leaves no incomplete poster, and draws only the rest after a restart', async () => {
    const killed = new SiteFolder(site.encoded);
    const program = fileURLToPath(new URL('./drawing-host.ts', import.meta.url));
    const drawnUntil = async (posters: number): Promise<number> => {
      const args = [program, content.root, killed.root, killed.encoded, JSON.stringify(bundle)];
      const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
      let drawn = 0;
      child.stdout.setEncoding('utf8').on('data', (lines: string) => {
        drawn = Number(lines.trimEnd().split('\n').at(-1));
        if (drawn >= posters) child.kill('SIGKILL');
      });
      await new Promise((resolve) => child.on('close', resolve));
      return drawn;
    };
    const before = await drawnUntil(1);
    for (const path of all) {
      const file = fileOf(killed, path);
      if (existsSync(file)) expect(readFileSync(file).equals(bytesOf(path)), path).toBe(true);
    }
    const after = await drawnUntil(Infinity);
    expect(before).toBeLessThan(3);
    // The kill may come after a poster was written and before the journal recorded it. That poster is drawn twice.
    expect(before + after).toBeLessThanOrEqual(4);
    expect(differences(site.output, killed.output)).toEqual([]);
    killed.dispose();
  });
}

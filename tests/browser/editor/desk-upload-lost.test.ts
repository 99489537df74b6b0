// Uploads of photos over a connection that is really cut.
import { join } from 'node:path';
import sharp from 'sharp';
import type { Browser, Locator } from 'playwright-core';
import { expect } from 'vitest';
import { stringify } from 'yaml';
import { editorBundle } from '../../../src/desk/api/editor-bundle.ts';
import { PROJECT_ROOT } from '../../../src/render/compile/build-cache.ts';
import { photo, siteData, writeStory } from '../../fixtures/content.ts';
import { CuttableLine } from '../../fixtures/damage/cuttable-line.ts';
import { writtenStory, type WrittenStory } from '../../fixtures/desk/desk-client.ts';
import { DeskSite, FIRST } from '../../fixtures/desk/desk-site.ts';
import { photograph } from '../../fixtures/photos/samples.ts';
import { axeFaults } from '../driving/accessibility.ts';
import { Editor, pickedJpeg, type PickedFile } from '../driving/editor.ts';
import { test } from '../driving/reader.ts';
import { LONG } from '../../run-size.ts';

const NOTICE = { longSide: 1920, shortSide: 1080, min: 2, max: 3 };
const AUTHOR = { login: 'zhang', name: '张作者', role: 'author', unit: 'jiefang' } as const;
const WIDE = { width: 1440, height: 1000 };
const NARROW = { width: 390, height: 844 };
/** Screens on which messages must be legible. The wide one has room for everything: only the long run tries it. */
const SCREENS = [['a phone', NARROW] as const, ...(LONG ? [['a wide screen', WIDE] as const] : [])];
/** Number of bytes after which an upload is made to break or stall. All photos in this file have more bytes. */
const SOME_BYTES = 30_000;
const GIVEN_UP =
  /^“山\.jpg”：试了 4 次都没有传上去：连不上编辑台。写下的文字和别的照片都还在这一页，请检查网络，再点“再传一次”。/u;

const SUN = photograph('sun');
const plain = await photo(NOTICE.longSide, NOTICE.shortSide, '#345678');
const admin = await editorBundle(join(PROJECT_ROOT, '.cache/admin'));

let site: DeskSite;
let browser: Browser;
let line: CuttableLine;
let cookie = '';
let editor: Editor;
let story: WrittenStory;
/** HTTP statuses of the completed uploads of the current test, in order; 0 if there was no response. */
let sent: number[] = [];
let serial = 0;

test.beforeAll(async ({ browser: running }) => {
  browser = running;
  site = await DeskSite.open((content) => {
    content.write('site.yml', stringify(siteData({ photo: NOTICE })));
    const folder = writeStory(content, FIRST, 'jiefang', { title: '冬日里的一束光' });
    content.write(`${folder}/a.jpg`, SUN);
    content.write(`${folder}/b.jpg`, plain);
  });
  site.furnish(admin);
  cookie = (await site.client(AUTHOR)).cookie;
});

test.afterAll(async () => {
  await browser?.close();
  await site?.dispose();
});

test.beforeEach(async () => {
  serial += 1;
  line = await CuttableLine.to(site.desk.origin);
  story = writtenStory('jiefang', `20210801-${String(serial).padStart(6, '0')}ab`, [], { title: '一桶绿豆汤' });
  expect((await site.desk.save(story, null)).status).toBe(200);
  sent = [];
});

test.afterEach(async () => {
  await editor.page.context().close();
  await line.close();
});

/**
 * Opens the story as its author in a browser that is connected to the desk through `line`. Then changes the title
 * without saving. From then on, `sent` records the uploads.
 */
async function writing(viewport = WIDE): Promise<void> {
  editor = await Editor.withSession(browser, { origin: line.origin, cookie }, { viewport });
  await editor.openStory(`jiefang/${story.id}`);
  editor.page.on('requestfinished', (request) => {
    if (request.method() !== 'PUT') return;
    void request.response().then((response) => sent.push(response?.status() ?? 0));
  });
  await editor.field('标题').fill('还没有保存的标题');
}

/** Resolves to a photo with this file name. The desk does not have it yet: each value of `serial` gives other bytes. */
async function newPhoto(name: string): Promise<PickedFile> {
  const hills = sharp(photograph('hills'));
  return pickedJpeg(
    name,
    await hills
      .modulate({ brightness: 1 + serial / 50 })
      .jpeg({ quality: 92 })
      .toBuffer(),
  );
}

/**
 * Shortens the pauses of 3 s and 10 s between the attempts of an upload (upload-with-retry.ts) to 0. The first pause,
 * of 1 s, is not changed.
 */
async function hurryPauses(): Promise<void> {
  await editor.page.evaluate(() => {
    const usual = window.setTimeout.bind(window);
    Object.assign(window, {
      setTimeout: (then: () => void, milliseconds?: number) =>
        usual(then, milliseconds === 3000 || milliseconds === 10_000 ? 0 : milliseconds),
    });
  });
}

const photos = (): Locator => editor.page.getByTestId('photo');
const progress = (): Locator => editor.page.getByTestId('progress');
const errors = (): Locator => editor.page.getByTestId('photo-errors').locator('li');
const again = (): Locator => errors().getByRole('button', { name: '再传一次' });

/** Returns the file names of the photos that are stored with the draft of the story. */
function storedPhotos(): string[] {
  const files = site.files(`refs/heads/cms/stories/jiefang/${story.id}`, `stories/jiefang/${story.id}`);
  return files.filter((file) => file !== 'index.md');
}

async function expectSavedWith(count: number): Promise<void> {
  await expect.poll(async () => photos().count()).toBe(count);
  for (let number = 1; number <= count; number += 1) await editor.describePhoto(number);
  expect(await editor.save()).toBe(200);
  expect(storedPhotos()).toHaveLength(count);
  expect(new Set(storedPhotos()).size).toBe(count);
  expect(await site.desk.draft(story)).toContain('title: 还没有保存的标题');
}

/**
 * Expects that the buttons, links and messages of the photo field fit into the width of the window, are at least 44 CSS
 * pixels high, and violate no rule of axe.
 */
async function expectLegible(): Promise<void> {
  const width = editor.page.viewportSize()?.width ?? 0;
  const boxes = await editor.page
    .getByTestId('photos')
    .locator('button, a, .progress, li')
    .evaluateAll((all) => all.map((one) => one.getBoundingClientRect().toJSON()));
  for (const box of boxes) {
    expect(box).toMatchObject({ left: expect.any(Number) });
    expect(Number(box.right)).toBeLessThanOrEqual(width);
    expect(Number(box.height)).toBeGreaterThanOrEqual(44);
  }
  expect(await axeFaults(editor.page, '[data-testid=photos]')).toEqual([]);
}

test.each(SCREENS)(
  'A photo whose line breaks is sent again by itself, it is said which time, and it is stored once: %s',
  async (_name, size) => {
    await writing(size);
    line.breakUploadsAfter(SOME_BYTES);
    await editor.pick(await newPhoto('山.jpg'));
    await progress().getByText('连接断了，“山.jpg”没有传完，马上自动再传（第 2 次，共 4 次）…').waitFor();
    await progress().getByText('马上自动再传（第 3 次，共 4 次）').waitFor();
    await expectLegible();
    line.mend();
    await editor.page.getByTestId('photo-news').getByText('已加入“山.jpg”').waitFor();
    expect(await errors().count()).toBe(0);
    await expect.poll(() => sent).toEqual([200]);
    await expectSavedWith(1);
  },
);

test.each(SCREENS)(
  'A photo that is given up is named, nothing else is lost, and one button sends the same file: %s',
  async (_name, size) => {
    await writing(size);
    await editor.addPhotos(await newPhoto('水.jpg'));
    serial += 1;
    line.cut();
    await hurryPauses();
    await editor.pick(await newPhoto('山.jpg'));
    await again().waitFor();
    expect(await errors().innerText()).toMatch(GIVEN_UP);
    await expectLegible();

    line.mend();
    await editor.clickSave();
    const missing = '还没有保存：照片“山.jpg”没有传上去。请点“再传一次”；先不用它，就点“不要这张”再保存';
    await editor.refusals.filter({ hasText: missing }).waitFor();
    // Compares the text as displayed: if CSS set it in capitals, it would show the name of another file.
    expect(await editor.refusals.innerText()).toBe(missing);
    expect(await site.desk.draft(story)).not.toContain('还没有保存的标题');
    await again().click();
    await expectSavedWith(2);
    expect(await errors().count()).toBe(0);
    expect(await editor.field('标题').inputValue()).toBe('还没有保存的标题');
  },
);

test('A browser that is online again sends by itself what it had given up', async () => {
  await writing();
  await editor.page.context().setOffline(true);
  await hurryPauses();
  await editor.pick(await newPhoto('山.jpg'));
  await again().waitFor();
  expect(await errors().innerText()).toMatch(GIVEN_UP);
  await editor.page.context().setOffline(false);
  await expectSavedWith(1);
});

if (LONG) {
  test('A browser that goes offline while it sends does not wait for a line that is gone', async () => {
    await writing();
    line.stallUploadsAfter(SOME_BYTES);
    await editor.pick(await newPhoto('山.jpg'));
    await progress().getByText('正在上传“山.jpg”').waitFor();
    await editor.page.context().setOffline(true);
    await progress().getByText('（第 2 次，共 4 次）').waitFor();
    line.mend();
    await editor.page.context().setOffline(false);
    await expectSavedWith(1);
  });
}

test('What is not wanted any more can be given up, under way or lost, and the text is saved without it', async () => {
  await writing();
  line.stallUploadsAfter(SOME_BYTES);
  await editor.pick(await newPhoto('山.jpg'), pickedJpeg('树.jpg', photograph('larches')));
  await progress().getByText('“树.jpg”排在后面，请稍候').waitFor();
  await progress().getByText('正在上传“山.jpg”').waitFor();
  await editor.clickSave();
  await editor.refusals
    .filter({
      hasText: '还没有保存：照片“山.jpg”、“树.jpg”还在上传。请等它传完再点“保存”；不想等，就点它旁边的“不传了”',
    })
    .waitFor();
  await editor.page.getByRole('button', { name: '不传“树.jpg”了' }).click();
  await editor.page.getByRole('button', { name: '不传“山.jpg”了' }).click();
  await expect.poll(async () => progress().count()).toBe(0);

  line.cut();
  await hurryPauses();
  await editor.pick(await newPhoto('山.jpg'));
  await errors().getByRole('button', { name: '不要这张' }).click();
  expect(await errors().count()).toBe(0);
  line.mend();
  await expectSavedWith(0);
});

/**
 * Picks a new photo. Responds to its first upload request with a status, instead of the desk; later requests reach the
 * desk. Resolves to a function that returns the number of upload requests so far.
 */
async function answering(status: number, name: string): Promise<() => number> {
  let asked = 0;
  await editor.page.unroute('**/api/photos?**');
  await editor.page.route('**/api/photos?**', async (route) => {
    asked += 1;
    if (asked > 1) await route.continue();
    else await route.fulfill({ status, contentType: 'application/json', body: '{"error":"这一次不行。"}' });
  });
  serial += 1;
  await editor.pick(await newPhoto(name));
  return () => asked;
}

test('What something on the way, or a broken-off body, is answered with is tried again', async () => {
  await writing();
  for (const status of LONG ? [502, 503, 504, 400] : [503]) {
    const asked = await answering(status, `${status}.jpg`);
    await editor.page.getByTestId('photo-news').getByText(`已加入“${status}.jpg”`).waitFor();
    expect(asked(), String(status)).toBe(2);
    await editor.page.getByLabel('删除照片 1').click();
  }
});

if (LONG) {
  test('What the desk answers itself is not tried again, and is offered to be only where no rule stands against it', async () => {
    await writing();
    const refusing = [403, 413, 415, 422];
    const troubled = [500, 507];
    for (const status of [...refusing, ...troubled]) {
      const asked = await answering(status, `${status}.jpg`);
      await errors().getByText(`“${status}.jpg”：这一次不行。`).waitFor();
      expect(await progress().count(), String(status)).toBe(0);
      expect(asked(), String(status)).toBe(1);
      expect(await again().count(), String(status)).toBe(troubled.includes(status) ? 1 : 0);
      if (troubled.includes(status)) await errors().getByRole('button', { name: '不要这张' }).click();
    }
  });
}

test('A photo that the desk’s rules refuse is sent once', async () => {
  await writing();
  await editor.pick(pickedJpeg('重复.jpg', SUN));
  await errors().getByText('“重复.jpg”：这张照片与“冬日里的一束光”的照片是同一个文件').waitFor();
  await expect.poll(() => sent).toEqual([422]);
  expect(await again().count()).toBe(0);
});

if (LONG) {
  test('Whose session has ended signs in elsewhere and sends the same file', async () => {
    await writing(NARROW);
    await editor.page.context().clearCookies();
    await editor.pick(await newPhoto('山.jpg'));
    await again().waitFor();
    expect(await errors().innerText()).toMatch(
      /^“山\.jpg”：登录已失效，没有上传。.*在另一个标签页登录，再回来点“再传一次”。/u,
    );
    const link = errors().getByRole('link', { name: '去登录（新标签页）' });
    expect(await link.getAttribute('target')).toBe('_blank');
    const way = (await link.getAttribute('href')) ?? '';
    expect(await (await fetch(new URL(way, line.origin))).text()).toContain('登录名');
    await expect.poll(() => sent).toEqual([401]);
    await expectLegible();
    await editor.signIn(cookie);
    await again().click();
    await expectSavedWith(1);
  });
}

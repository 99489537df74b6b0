// The journey of editors in any browser engine: they sign in, write, paste, add photos, preview, save, review, publish.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { stringify } from 'yaml';
import { z } from 'zod';
import { editorBundle } from '../../../src/desk/api/editor-bundle.ts';
import { PROJECT_ROOT } from '../../../src/render/compile/build-cache.ts';
import { DRIVER_SILENT, type Engine } from '../../engines/driver.ts';
import { Tab } from '../../engines/tab.ts';
import { siteData } from '../../fixtures/content.ts';
import { PASSWORD } from '../../fixtures/desk/desk-client.ts';
import { DeskSite } from '../../fixtures/desk/desk-site.ts';
import { pickedPhoto } from '../driving/editor.ts';

export const AUTHOR = { login: 'author', name: '示例作者', role: 'author', unit: 'jiefang' } as const;
const REVIEWER = { login: 'reviewer', name: '李审核', role: 'reviewer' } as const;
export const SIZE = { width: 1440, height: 1000 };

const TITLE = '送到工地的一桶绿豆汤';
const TYPED = '中午最热的时候，老李推着三轮车进了工地大门。';
/** Text of the paragraph that the author pastes. */
const PASTED = '车上是两桶放凉的绿豆汤，够30个人喝。';
/** The paragraph PASTED as HTML, as a word processor puts it on the clipboard. */
const DOCUMENT = `<p class=MsoNormal style='text-indent:24.0pt'><span style='font-family:仿宋'>${PASTED}<o:p></o:p></span></p>`;
/** Number of 字 in PASTED, as the editor counts them: the number 30 is one 字. */
const PASTED_CHARACTERS = [...PASTED].length - 1;

const BODY = '[data-testid=writing]';
const ERRORS = '[data-testid=photo-errors]';
const PHOTO_FIELD = '[data-testid=photo-input]';
const STATE = '[class*=StatusButton]';
export const field = (name: string): string => `[id^=${name}-field]`;
export const button = (words: string): string => `//*[self::button or @role="button"][normalize-space()="${words}"]`;
const choice = (words: string): string => `//*[@role="menuitem"][normalize-space()="${words}"]`;

/** Paths of the photos to upload: one that is too small, and two that the desk accepts. */
interface Photos {
  small: string;
  good: readonly [string, string];
}

async function writePhotos(folder: string): Promise<Photos> {
  const write = async (name: string, width: number, height: number): Promise<string> => {
    const path = join(folder, name);
    await writeFile(path, (await pickedPhoto(name, width, height)).buffer);
    return path;
  };
  return {
    small: await write('小.jpg', 1280, 720),
    good: [await write('一.jpg', 1920, 1080), await write('二.jpg', 1080, 1920)],
  };
}

/** Copies DOCUMENT to the clipboard from another page, as from a word processor. */
async function copyDocument(tab: Tab): Promise<void> {
  await tab.goTo(`data:text/html;charset=utf-8,${encodeURIComponent(DOCUMENT)}`);
  await tab.sees('p', PASTED);
  await tab.press({ control: 'a' }, { control: 'c' });
}

export async function signIn(tab: Tab, login: string): Promise<void> {
  await tab.goTo('/desk/');
  await tab.fill('[name=login]', login);
  await tab.fill('[name=password]', PASSWORD);
  await tab.click(button('登录'));
  await tab.sees('h1', '工作台');
}

/** Fills in all required fields of a story, except its body and photos. */
export async function describeStory(tab: Tab): Promise<void> {
  await tab.fill(field('title'), TITLE);
  await tab.fillDay(field('date'), '2021-03-17');
  await tab.fill(field('place'), '示例工地');
  await tab.choose('[data-testid=choose-activity]', 'legal-aid');
  await tab.fill(field('summary'), '三伏天里，志愿者把绿豆汤送到了工地。');
  await tab.fill(field('author'), '示例甲');
  await tab.fill(field('proofreader'), '示例乙');
}

async function writeBody(tab: Tab): Promise<void> {
  await tab.click(BODY);
  await tab.type(TYPED);
  await tab.sees('[data-testid=counter]', `${[...TYPED].length} / 2000`);
  await tab.press('Enter');
  await tab.press({ control: 'v' });
  await tab.sees(BODY, PASTED);
  await tab.sees('[data-testid=counter]', `${[...TYPED].length + PASTED_CHARACTERS} / 2000`);
}

/**
 * Picks a photo that is too small, and waits for the sentence that refuses it. Then adds two good photos and fills in
 * their fields.
 */
async function addPhotos(tab: Tab, { small, good }: Photos): Promise<void> {
  await tab.upload(PHOTO_FIELD, small);
  await tab.sees(ERRORS, '“小.jpg”：照片只有 1280×720 像素，需要至少 1920×1080');
  for (const [index, path] of good.entries()) {
    await tab.upload(PHOTO_FIELD, path);
    await tab.sees(`[data-testid=photo]:nth-of-type(${index + 1}) [data-testid=measure]`, '×');
    await tab.sees(`${PHOTO_FIELD}:enabled`);
  }
  for (const number of [1, 2]) {
    const about = (label: string): string => `[aria-label^="照片 ${number} ${label}"]`;
    await tab.fill(about('替代文字'), '一张示例照片');
    await tab.fill(about('图片说明'), '示例照片，不是文中的活动，只作演示用');
    await tab.fill(about('摄影'), '示例');
    await tab.choose(about('肖像许可'), 'public');
  }
}

/** Waits until the preview beside the form contains title and body and shows both photos. */
async function seesPreview(tab: Tab): Promise<void> {
  await tab.until(
    'text and photos in the preview',
    (words) => {
      const pane = document.querySelector<HTMLIFrameElement>('#preview-pane')?.contentDocument;
      const page = pane?.querySelector('iframe')?.contentDocument;
      const text = page?.querySelector('main')?.textContent ?? '';
      const photos = [...(page?.querySelectorAll<HTMLImageElement>('main figure img') ?? [])];
      // The browser loads a photo only when it is near the viewport.
      const waiting = photos.find(({ naturalWidth }) => naturalWidth === 0);
      waiting?.scrollIntoView();
      return words.every((word) => text.includes(word)) && photos.length === 2 && waiting === undefined;
    },
    [TITLE, TYPED, PASTED],
  );
}

/** Signs in as the author, writes a complete story and sends it to review. Resolves to the id of the story. */
async function write(tab: Tab, photos: Photos): Promise<string> {
  await copyDocument(tab);
  await signIn(tab, AUTHOR.login);
  await tab.click('//a[normalize-space()="新建故事"]');
  await tab.sees(field('title'));
  await describeStory(tab);
  await writeBody(tab);
  await addPhotos(tab, photos);
  await tab.click('//button[@title="网页预览"]');
  await seesPreview(tab);
  await tab.click(button('保存'));
  await tab.until('the address of the story', () => location.hash.includes('/entries/jiefang/'), null);
  await tab.click(STATE);
  await tab.click(choice('待审'));
  await tab.sees(STATE, '待审');
  const hash = z.string().parse(await tab.ask(() => location.hash, null));
  return /\d{8}-\d{6}[a-z]{2}/u.exec(hash)?.[0] ?? '';
}

/** Signs in as the reviewer, opens a story from the desk's start page, publishes it, and opens its public page. */
async function review(tab: Tab, id: string): Promise<void> {
  await signIn(tab, REVIEWER.login);
  await tab.click(`//a[contains(@href, "${id}")]`);
  await tab.sees(field('title'));
  await tab.hasValue(field('title'), TITLE);
  await tab.click(STATE);
  await tab.click(choice('已通过'));
  await tab.sees(STATE, '已通过');
  await tab.click(button('发布'));
  await tab.click('//*[@role="menuitem"]');
  await tab.sees('[data-testid=notice-done]', '已上线');
  await tab.goTo(`/stories/${id}/`);
  await tab.sees('h1', TITLE);
  await tab.sees('main', PASTED);
  await tab.until(
    'both photos',
    () => {
      const photos = [...document.querySelectorAll<HTMLImageElement>('main figure img')];
      const waiting = photos.find(({ naturalWidth }) => naturalWidth === 0);
      waiting?.scrollIntoView();
      return photos.length === 2 && waiting === undefined;
    },
    null,
  );
}

/**
 * Registers the test of the journey in an engine. An author writes a story and a reviewer publishes it, each in a new
 * browser.
 */
export function testEditors(engine: Engine): void {
  let site: DeskSite;
  let folder: string;
  let photos: Photos;

  beforeAll(async () => {
    const notice = { longSide: 1920, shortSide: 1080, min: 2, max: 3 };
    site = await DeskSite.open((content) => content.write('site.yml', stringify(siteData({ photo: notice }))), AUTHOR);
    site.furnish(await editorBundle(join(PROJECT_ROOT, '.cache/admin')));
    await site.client(REVIEWER);
    folder = await mkdtemp(join(tmpdir(), 'photos-'));
    photos = await writePhotos(folder);
  });

  afterAll(async () => {
    await site?.dispose();
    if (folder) await rm(folder, { recursive: true });
  });

  test(
    `${engine.name}: A story is written, pasted into, illustrated, previewed, saved, reviewed by another and published`,
    { retry: { count: 2, condition: DRIVER_SILENT } },
    async () => {
      const opening = { ...SIZE, origin: site.desk.origin };
      const faults: string[] = [];
      let id = '';
      await Tab.use(engine, opening, async (tab) => {
        id = await write(tab, photos);
        faults.push(...tab.faults);
      });
      await Tab.use(engine, opening, async (tab) => {
        await review(tab, id);
        faults.push(...tab.faults);
      });
      // The editor requests the draft of each entry. If there is none, the desk responds with 404.
      expect(faults.filter((fault) => fault !== `404: ${site.desk.origin}/api/v1`)).toEqual([]);
    },
  );
}

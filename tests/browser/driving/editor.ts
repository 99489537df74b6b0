// Drives the editor as staff do, by what stands on the screen.
import type { Browser, BrowserContext, BrowserContextOptions, FrameLocator, Locator, Page } from 'playwright-core';
import { expect } from 'vitest';
import { z } from 'zod';
import { texturedPhoto } from '../../fixtures/desk/desk.ts';
import { browserCookies } from '../../fixtures/desk/desk-client.ts';

const protocolCall = z.object({ action: z.string() });

/** A state of a draft, as it is called on the screen. */
export type State = '草稿' | '待审' | '就绪';

/** A file as an editor picks it. */
export interface PickedFile {
  name: string;
  mimeType: string;
  buffer: Buffer;
}

/** A photo of a phone or a camera. */
export async function pickedPhoto(name: string, width = 1920, height = 1080): Promise<PickedFile> {
  return pickedJpeg(name, await texturedPhoto(width, height));
}

/** A JPEG of these bytes, as it is called. */
export function pickedJpeg(name: string, buffer: Buffer): PickedFile {
  return { name, mimeType: 'image/jpeg', buffer };
}

/** An editor at one tab of the browser. */
export class Editor {
  readonly page: Page;
  readonly #origin: string;
  /** What is answered to the next question for some words. */
  answer = '';
  /** What the browser asked. */
  readonly questions: string[] = [];

  private constructor(page: Page, origin: string) {
    this.page = page;
    this.#origin = origin;
    page.on('dialog', (dialog) => {
      this.questions.push(dialog.message());
      void dialog.accept(dialog.type() === 'prompt' ? this.answer : undefined);
    });
  }

  /** Somebody at a browser of their own, signed in by a session that is there already: a link works once. */
  static async withSession(
    browser: Browser,
    { origin, cookie }: { origin: string; cookie: string },
    options: BrowserContextOptions = {},
  ): Promise<Editor> {
    const context = await browser.newContext({ locale: 'zh-CN', ...options });
    const editor = await Editor.sitDown(context, origin);
    await editor.signIn(cookie);
    return editor;
  }

  /** Signs in elsewhere in the same browser. */
  async signIn(cookie: string): Promise<void> {
    await this.page.context().addCookies(browserCookies(cookie, this.#origin));
  }

  static async sitDown(context: BrowserContext, origin: string): Promise<Editor> {
    return new Editor(await context.newPage(), origin);
  }

  /** Opens a place of the editor, such as `collections/stories/new`, from nothing. */
  async open(place: string): Promise<void> {
    await this.page.goto('about:blank');
    await this.page.goto(`${this.#origin}/admin/#/${place}`);
  }

  async openNewStory(): Promise<void> {
    await this.open('collections/stories/new');
    await this.field('标题').waitFor();
  }

  async openStory(place: string): Promise<void> {
    await this.open(`collections/stories/entries/${place}/index`);
    await this.field('标题').waitFor();
  }

  /** The field whose label begins so. */
  field(label: string): Locator {
    return this.page.getByLabel(new RegExp(`^${label}`, 'u'));
  }

  get body(): Locator {
    return this.page.locator('[data-slate-editor=true]');
  }

  get refusals(): Locator {
    return this.page.locator('[class*=ControlErrorsList]');
  }

  get preview(): FrameLocator {
    return this.page.frameLocator('#preview-pane').frameLocator('iframe');
  }

  /** Replaces the whole body. */
  async writeBody(text: string): Promise<void> {
    await this.body.click();
    // The editor follows the browser's selection a moment later: a key that comes before does nothing, and is repeated.
    const emptied = async (): Promise<string> => {
      await this.page.keyboard.press('ControlOrMeta+a');
      await this.page.keyboard.press('Delete');
      return (await this.body.innerText()).trim();
    };
    if ((await this.body.innerText()).trim() !== '') await expect.poll(emptied, { interval: 100 }).toBe('');
    await this.page.keyboard.insertText(text);
    // The editor tells of changes after a pause in typing; its counter shows that it did.
    await this.counted([...text].length);
  }

  /** Waits until the body is counted as this many 字. */
  async counted(characters: number): Promise<void> {
    await this.page
      .getByTestId('counter')
      .filter({ hasText: new RegExp(`^${characters} /`, 'u') })
      .waitFor();
  }

  /** Adds photos and waits until they are there. */
  async addPhotos(...photos: readonly PickedFile[]): Promise<void> {
    const before = await this.page.getByTestId('photo').count();
    await this.pick(...photos);
    await this.page
      .getByTestId('photo')
      .nth(before + photos.length - 1)
      .waitFor();
    await this.page.locator('[data-testid=photo-input]:enabled').waitFor({ state: 'attached' });
  }

  /** Picks files without waiting for what comes of them. */
  async pick(...files: readonly PickedFile[]): Promise<void> {
    await this.page.getByTestId('photo-input').setInputFiles([...files]);
  }

  /** Says of a photo what has to be said. */
  async describePhoto(number: number): Promise<void> {
    await this.field(`照片 ${number} 替代文字`).fill('一张示例照片');
    await this.field(`照片 ${number} 图片说明`).fill('示例照片，不是文中的活动，只作演示用');
    await this.field(`照片 ${number} 摄影`).fill('示例');
    await this.field(`照片 ${number} 肖像许可`).selectOption('public');
  }

  /** Fills in all that a story needs besides its body and photos. */
  async describeStory(title: string, unit = 'jiefang'): Promise<void> {
    await this.field('标题').fill(title);
    await this.field('日期').fill('2021-03-17');
    // An author's own unit is filled in.
    const units = this.page.getByTestId('choose-unit');
    if ((await units.count()) > 0) await units.selectOption(unit);
    await this.page.getByTestId('choose-activity').selectOption('legal-aid');
    await this.field('地点').fill('示例工地');
    await this.field('摘要').fill('三伏天里，志愿者把绿豆汤送到了工地。');
    await this.field('撰稿').fill('示例甲');
    await this.field('校对').fill('示例乙');
  }

  /** Clicks 保存 without waiting for what comes of it. */
  async clickSave(): Promise<void> {
    await this.page.getByRole('button', { name: '保存', exact: true }).click();
  }

  /** Saves; answers the status the desk answers with. */
  async save(): Promise<number> {
    const [status] = await Promise.all([this.#answered('persistEntry'), this.clickSave()]);
    return status;
  }

  /** Saves a new entry; answers its place: unit and id. */
  async saveNew(): Promise<string> {
    await this.save();
    await this.page.waitForURL(/\/entries\/.+/u);
    await this.page.getByText('已保存').first().waitFor();
    return /\/entries\/(.+)\/index/u.exec(this.page.url())?.[1] ?? '';
  }

  /** Moves the entry to another state; resolves when the editor shows it. */
  async setState(state: State): Promise<void> {
    const button = this.page.locator('[class*=StatusButton]');
    await button.click();
    await this.page.getByRole('menuitem', { name: state }).click();
    await button.filter({ hasText: state }).waitFor();
  }

  /** Publishes; answers what the editor says of it. */
  async publish(): Promise<string> {
    await this.page.getByRole('button', { name: '发布', exact: true }).click();
    await this.page.getByRole('menuitem').first().click();
    const notice = this.page.getByTestId('notice-done');
    await notice.waitFor();
    return notice.innerText();
  }

  /** The status of the answer to an action. */
  async #answered(action: string): Promise<number> {
    const response = await this.page.waitForResponse((candidate) => {
      if (!candidate.url().endsWith('/api/v1')) return false;
      return protocolCall.parse(candidate.request().postDataJSON()).action === action;
    });
    return response.status();
  }
}

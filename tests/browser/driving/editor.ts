// Drives the editor as staff do, by what is on the screen.
import type { Browser, BrowserContext, BrowserContextOptions, FrameLocator, Locator, Page } from 'playwright-core';
import { expect } from 'vitest';
import { z } from 'zod';
import { texturedPhoto } from '../../fixtures/desk/desk.ts';
import { browserCookies } from '../../fixtures/desk/desk-client.ts';

const protocolCall = z.object({ action: z.string() });

/** A state of a draft, by its name on the screen. */
export type State = '草稿' | '待审' | '就绪';

/** A file in the form that a file input takes. */
export interface PickedFile {
  name: string;
  mimeType: string;
  buffer: Buffer;
}

/** Returns a photo like those of a phone or camera. */
export async function pickedPhoto(name: string, width = 1920, height = 1080): Promise<PickedFile> {
  return pickedJpeg(name, await texturedPhoto(width, height));
}

/** Returns a JPEG file with these bytes and this name. */
export function pickedJpeg(name: string, buffer: Buffer): PickedFile {
  return { name, mimeType: 'image/jpeg', buffer };
}

/** An editor in one tab of the browser. */
export class Editor {
  readonly page: Page;
  readonly #origin: string;
  /** The text with which the next prompt is answered. */
  answer = '';
  /** The messages of the browser's dialogs. */
  readonly questions: string[] = [];

  private constructor(page: Page, origin: string) {
    this.page = page;
    this.#origin = origin;
    page.on('dialog', (dialog) => {
      this.questions.push(dialog.message());
      void dialog.accept(dialog.type() === 'prompt' ? this.answer : undefined);
    });
  }

  /** Returns an editor in a new browser context who is signed in by an existing session. */
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

  /** Signs in from another place in the same browser. */
  async signIn(cookie: string): Promise<void> {
    await this.page.context().addCookies(browserCookies(cookie, this.#origin));
  }

  static async sitDown(context: BrowserContext, origin: string): Promise<Editor> {
    return new Editor(await context.newPage(), origin);
  }

  /** Loads a view of the editor, such as `collections/stories/new`, from a blank page. */
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

  /** Returns the field whose label begins with a text. */
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
    // The editor follows the browser's selection a moment later: a key pressed before has no effect and is repeated.
    const emptied = async (): Promise<string> => {
      await this.page.keyboard.press('ControlOrMeta+a');
      await this.page.keyboard.press('Delete');
      return (await this.body.innerText()).trim();
    };
    if ((await this.body.innerText()).trim() !== '') await expect.poll(emptied, { interval: 100 }).toBe('');
    await this.page.keyboard.insertText(text);
    // The editor processes changes after a pause in typing, which its counter shows.
    await this.counted([...text].length);
  }

  /** Waits until the counter of the body shows this many 字. */
  async counted(characters: number): Promise<void> {
    await this.page
      .getByTestId('counter')
      .filter({ hasText: new RegExp(`^${characters} /`, 'u') })
      .waitFor();
  }

  /** Adds photos and waits until they are shown. */
  async addPhotos(...photos: readonly PickedFile[]): Promise<void> {
    const before = await this.page.getByTestId('photo').count();
    await this.pick(...photos);
    await this.page
      .getByTestId('photo')
      .nth(before + photos.length - 1)
      .waitFor();
    await this.page.locator('[data-testid=photo-input]:enabled').waitFor({ state: 'attached' });
  }

  /** Selects files without waiting for the result. */
  async pick(...files: readonly PickedFile[]): Promise<void> {
    await this.page.getByTestId('photo-input').setInputFiles([...files]);
  }

  /** Fills in the required texts of a photo. */
  async describePhoto(number: number): Promise<void> {
    await this.field(`照片 ${number} 替代文字`).fill('一张示例照片');
    await this.field(`照片 ${number} 图片说明`).fill('示例照片，不是文中的活动，只作演示用');
    await this.field(`照片 ${number} 摄影`).fill('示例');
    await this.field(`照片 ${number} 肖像许可`).selectOption('public');
  }

  /** Fills in everything that a story needs except its body and photos. */
  async describeStory(title: string, unit = 'jiefang'): Promise<void> {
    await this.field('标题').fill(title);
    await this.field('日期').fill('2021-03-17');
    // For an author the unit is fixed.
    const units = this.page.getByTestId('choose-unit');
    if ((await units.count()) > 0) await units.selectOption(unit);
    await this.page.getByTestId('choose-activity').selectOption('legal-aid');
    await this.field('地点').fill('示例工地');
    await this.field('摘要').fill('三伏天里，志愿者把绿豆汤送到了工地。');
    await this.field('撰稿').fill('示例甲');
    await this.field('校对').fill('示例乙');
  }

  /** Clicks 保存 without waiting for the result. */
  async clickSave(): Promise<void> {
    await this.page.getByRole('button', { name: '保存', exact: true }).click();
  }

  /** Saves; returns the status of the desk's answer. */
  async save(): Promise<number> {
    const [status] = await Promise.all([this.#answered('persistEntry'), this.clickSave()]);
    return status;
  }

  /** Saves a new entry; returns its unit and id as `unit/id`. */
  async saveNew(): Promise<string> {
    await this.save();
    await this.page.waitForURL(/\/entries\/.+/u);
    await this.page.getByText('已保存').first().waitFor();
    return /\/entries\/(.+)\/index/u.exec(this.page.url())?.[1] ?? '';
  }

  /** Moves the entry to another state; resolves when the editor shows that state. */
  async setState(state: State): Promise<void> {
    const button = this.page.locator('[class*=StatusButton]');
    await button.click();
    await this.page.getByRole('menuitem', { name: state }).click();
    await button.filter({ hasText: state }).waitFor();
  }

  /** Publishes; returns the editor's notice. */
  async publish(): Promise<string> {
    await this.page.getByRole('button', { name: '发布', exact: true }).click();
    await this.page.getByRole('menuitem').first().click();
    const notice = this.page.getByTestId('notice-done');
    await notice.waitFor();
    return notice.innerText();
  }

  /** Waits for the answer to an action; returns its status. */
  async #answered(action: string): Promise<number> {
    const response = await this.page.waitForResponse((candidate) => {
      if (!candidate.url().endsWith('/api/v1')) return false;
      return protocolCall.parse(candidate.request().postDataJSON()).action === action;
    });
    return response.status();
  }
}

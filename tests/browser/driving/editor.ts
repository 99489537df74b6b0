// Uses the editor in a browser as staff do: clicks its buttons and fills in its fields.
import type { Browser, BrowserContext, BrowserContextOptions, FrameLocator, Locator, Page } from 'playwright-core';
import { z } from 'zod';
import { texturedPhoto } from '../../fixtures/desk/desk.ts';
import { browserCookies } from '../../fixtures/desk/desk-client.ts';

const protocolCall = z.object({ action: z.string() });

/** Name that the editor shows for a state of a draft. */
export type State = '草稿' | '待审' | '已通过';

/** A file as Playwright's `setInputFiles` takes it. */
export interface PickedFile {
  name: string;
  mimeType: string;
  buffer: Buffer;
}

/** Resolves to a textured JPEG with this file name; sizes in pixels. No two calls return the same picture. */
export async function pickedPhoto(name: string, width = 1920, height = 1080): Promise<PickedFile> {
  return pickedJpeg(name, await texturedPhoto(width, height));
}

/** Returns a file for a file input from a file name and the bytes of a JPEG. */
export function pickedJpeg(name: string, buffer: Buffer): PickedFile {
  return { name, mimeType: 'image/jpeg', buffer };
}

/** A member of staff who uses the editor in one tab of a browser. */
export class Editor {
  readonly page: Page;
  readonly #origin: string;
  /** Text that is entered into the prompts (`prompt()`) of the page from now on. */
  answer = '';
  /** Messages of all alerts, confirmations and prompts of the page so far, in order. Each of them is accepted. */
  readonly questions: string[] = [];

  private constructor(page: Page, origin: string) {
    this.page = page;
    this.#origin = origin;
    page.on('dialog', (dialog) => {
      this.questions.push(dialog.message());
      void dialog.accept(dialog.type() === 'prompt' ? this.answer : undefined);
    });
  }

  /** Resolves to an editor in a new browser context; `cookie`: Cookie header of an existing session of the desk. */
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

  /** Adds the cookies of a session to the browser, as if the editor had signed in in another tab. */
  async signIn(cookie: string): Promise<void> {
    await this.page.context().addCookies(browserCookies(cookie, this.#origin));
  }

  /** Opens an empty tab in a browser context and resolves to its editor. Does not sign in. */
  static async sitDown(context: BrowserContext, origin: string): Promise<Editor> {
    return new Editor(await context.newPage(), origin);
  }

  /**
   * Opens a view of the editor; `place`: its route after `#/`, such as `collections/stories/new`. Opens a blank page
   * first, so that the editor is loaded again.
   */
  async open(place: string): Promise<void> {
    await this.page.goto('about:blank');
    await this.page.goto(`${this.#origin}/admin/#/${place}`);
  }

  async openNewStory(): Promise<void> {
    await this.open('collections/stories/new');
    await this.field('标题').waitFor();
  }

  /** Opens a story in the editor; `place`: its unit and id, as `unit/id`. */
  async openStory(place: string): Promise<void> {
    await this.open(`collections/stories/entries/${place}/index`);
    await this.field('标题').waitFor();
  }

  /** Returns the field whose label begins with a text. */
  field(label: string): Locator {
    return this.page.getByLabel(new RegExp(`^${label}`, 'u'));
  }

  get body(): Locator {
    return this.page.getByTestId('writing');
  }

  get refusals(): Locator {
    return this.page.locator('[class*=ControlErrorsList]');
  }

  /** Shows the preview beside the form, unless it is shown already. */
  async showPreview(): Promise<void> {
    if (await this.page.locator('#preview-pane').isVisible()) return;
    await this.page.getByRole('button', { name: '网页预览' }).click();
    await this.page.locator('#preview-pane').waitFor();
  }

  /** Returns the list of what the entry still lacks. */
  get missing(): Locator {
    return this.page.getByTestId('faults');
  }

  get preview(): FrameLocator {
    return this.page.frameLocator('#preview-pane').frameLocator('iframe');
  }

  /** Replaces the whole body by a text, and waits until the counter shows the length of the text. */
  async writeBody(text: string): Promise<void> {
    await this.body.click();
    await this.page.keyboard.press('ControlOrMeta+a');
    await this.page.keyboard.press('Delete');
    await this.page.keyboard.insertText(text);
    await this.counted([...text].length);
  }

  /** Waits until the counter of the body shows a number of characters (字). */
  async counted(characters: number): Promise<void> {
    await this.page
      .getByTestId('counter')
      .filter({ hasText: new RegExp(`^${characters} /`, 'u') })
      .waitFor();
  }

  /** Adds photos, and waits until all of them are shown and the photo field is enabled again. */
  async addPhotos(...photos: readonly PickedFile[]): Promise<void> {
    const before = await this.page.getByTestId('photo').count();
    await this.pick(...photos);
    await this.page
      .getByTestId('photo')
      .nth(before + photos.length - 1)
      .waitFor();
    await this.page.locator('[data-testid=photo-input]:enabled').waitFor({ state: 'attached' });
  }

  /** Selects files in the photo field. Does not wait until they are checked or uploaded. */
  async pick(...files: readonly PickedFile[]): Promise<void> {
    await this.page.getByTestId('photo-input').setInputFiles([...files]);
  }

  /** Fills in the required fields of a photo; `number`: position of the photo, from 1. */
  async describePhoto(number: number): Promise<void> {
    await this.field(`照片 ${number} 替代文字`).fill('一张示例照片');
    await this.field(`照片 ${number} 图片说明`).fill('示例照片，不是文中的活动，只作演示用');
    await this.field(`照片 ${number} 摄影`).fill('示例');
    await this.field(`照片 ${number} 肖像许可`).selectOption('public');
  }

  /** Fills in all required fields of a story, except its body and photos; `unit`: code of the unit. */
  async describeStory(title: string, unit = 'jiefang'): Promise<void> {
    await this.field('标题').fill(title);
    await this.field('日期').fill('2021-03-17');
    // Authors get no list of units, because their unit is fixed.
    const units = this.page.getByTestId('choose-unit');
    if ((await units.count()) > 0) await units.selectOption(unit);
    await this.page.getByTestId('choose-activity').selectOption('legal-aid');
    await this.field('地点').fill('示例工地');
    await this.field('摘要').fill('三伏天里，志愿者把绿豆汤送到了工地。');
    await this.field('撰稿').fill('示例甲');
    await this.field('校对').fill('示例乙');
  }

  /** Clicks 保存 and does not wait for the response. */
  async clickSave(): Promise<void> {
    await this.page.getByRole('button', { name: '保存', exact: true }).click();
  }

  /** Saves the entry. Resolves to the HTTP status of the desk's response. */
  async save(): Promise<number> {
    const [status] = await Promise.all([this.#answered('persistEntry'), this.clickSave()]);
    return status;
  }

  /** Saves a new entry and waits for the notice 已保存. Resolves to the unit and id of the entry, as `unit/id`. */
  async saveNew(): Promise<string> {
    await this.save();
    await this.page.waitForURL(/\/entries\/.+/u);
    await this.page.getByText('已保存').first().waitFor();
    return /\/entries\/(.+)\/index/u.exec(this.page.url())?.[1] ?? '';
  }

  /** Moves the entry to another state, and waits until the editor shows that state. */
  async setState(state: State): Promise<void> {
    const button = this.page.locator('[class*=StatusButton]');
    await button.click();
    await this.page.getByRole('menuitem', { name: state }).click();
    await button.filter({ hasText: state }).waitFor();
  }

  /** Publishes the entry. Resolves to the text of the notice that reports the success. */
  async publish(): Promise<string> {
    await this.page.getByRole('button', { name: '发布', exact: true }).click();
    await this.page.getByRole('menuitem').first().click();
    const notice = this.page.getByTestId('notice-done');
    await notice.waitFor();
    return notice.innerText();
  }

  /** Waits for the desk's response to an action, such as `persistEntry`. Resolves to its HTTP status. */
  async #answered(action: string): Promise<number> {
    const response = await this.page.waitForResponse((candidate) => {
      if (!candidate.url().endsWith('/api/v1')) return false;
      return protocolCall.parse(candidate.request().postDataJSON()).action === action;
    });
    return response.status();
  }
}

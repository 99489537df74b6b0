// Drives the browser of one person by the texts on the screen.
import type { Browser, FrameLocator, Locator, Page } from 'playwright-core';
import { browserCookies, DeskClient } from '../../../tests/fixtures/desk/desk-client.ts';

/** Window sizes in CSS pixels; pictures are taken at twice the resolution. */
export const DESKTOP = { width: 1080, height: 800 } as const;
export const TELEPHONE = { width: 390, height: 780 } as const;

/** A file as somebody picks it. */
export interface PickedFile {
  name: string;
  mimeType: string;
  buffer: Buffer;
}

export class Seat {
  readonly page: Page;
  readonly #origin: string;
  /** Answer to the browser's next prompt. */
  answer = '';

  private constructor(page: Page, origin: string) {
    this.page = page;
    this.#origin = origin;
    page.on('dialog', (dialog) => void dialog.accept(dialog.type() === 'prompt' ? this.answer : undefined));
  }

  /** Opens a window with a fresh profile; `cookie`: the session of somebody who is signed in. */
  static async at(
    browser: Browser,
    origin: string,
    cookie = '',
    viewport: { width: number; height: number } = DESKTOP,
  ): Promise<Seat> {
    const context = await browser.newContext({
      locale: 'zh-CN',
      timezoneId: 'Asia/Shanghai',
      colorScheme: 'light',
      reducedMotion: 'reduce',
      deviceScaleFactor: 2,
      viewport,
    });
    if (cookie !== '') await context.addCookies(browserCookies(cookie, origin));
    return new Seat(await context.newPage(), origin);
  }

  /** Resizes the window, in CSS pixels. */
  async resize(width: number = DESKTOP.width, height: number = DESKTOP.height): Promise<void> {
    await this.page.setViewportSize({ width, height });
  }

  /** Scrolls an element to the middle of the window. */
  async show(what: Locator): Promise<void> {
    await what.evaluate((element) => element.scrollIntoView({ block: 'center' }));
  }

  /** Returns the section of a desk page that has a heading. */
  section(heading: RegExp): Locator {
    return this.page.locator('section').filter({ has: this.page.getByRole('heading', { name: heading }) });
  }

  /** Opens an address of the desk, such as `/desk/`. */
  async open(path: string): Promise<void> {
    await this.page.goto('about:blank');
    await this.page.goto(new URL(path, this.#origin).href);
  }

  /** Opens a place of the editor, such as `collections/stories/new`, and waits until a field is there. */
  async edit(place: string, field: string): Promise<void> {
    await this.open(`/admin/#/${place}`);
    await this.field(field).first().waitFor();
  }

  /** Returns a client with the session of this browser. */
  async client(): Promise<DeskClient> {
    const cookies = await this.page.context().cookies(this.#origin);
    return new DeskClient(this.#origin, cookies.map(({ name, value }) => `${name}=${value}`).join('; '));
  }

  /** Returns the field whose label begins with these words. */
  field(label: string): Locator {
    return this.page.getByLabel(new RegExp(`^${label}`, 'u'));
  }

  button(name: string): Locator {
    return this.page.getByRole('button', { name, exact: true });
  }

  get body(): Locator {
    return this.page.getByTestId('writing');
  }

  get status(): Locator {
    return this.page.locator('[class*=StatusButton]');
  }

  get preview(): FrameLocator {
    return this.page.frameLocator('#preview-pane');
  }

  /** Returns the card of a photo, counted from 1. */
  photo(number: number): Locator {
    return this.page.getByTestId('photo').nth(number - 1);
  }

  async pick(...files: readonly PickedFile[]): Promise<void> {
    await this.page.getByTestId('photo-input').setInputFiles([...files]);
  }

  /** Writes paragraphs into an empty body. */
  async writeBody(paragraphs: readonly string[]): Promise<void> {
    await this.body.click();
    for (const [index, paragraph] of paragraphs.entries()) {
      if (index > 0) await this.page.keyboard.press('Enter');
      await this.page.keyboard.insertText(paragraph);
    }
    await this.page
      .getByTestId('counter')
      .filter({ hasText: /^[1-9]/u })
      .waitFor();
  }

  /** Saves and waits for the answer. */
  async save(): Promise<void> {
    await this.button('保存').click();
    await this.page.getByText('已保存').first().waitFor();
  }

  /** Moves the open entry to another state and waits until it is shown. */
  async setState(state: string): Promise<void> {
    await this.status.click();
    await this.page.getByRole('menuitem', { name: state }).click();
    await this.status.filter({ hasText: state }).waitFor();
  }

  /** Shows the preview of the page, unless it is shown already, and waits for it. */
  async previewed(): Promise<void> {
    if (!(await this.page.locator('#preview-pane').isVisible())) await this.button('网页预览').click();
    await this.preview.frameLocator('iframe').locator('main h1').waitFor();
  }

  async leave(): Promise<void> {
    await this.page.context().close();
  }
}

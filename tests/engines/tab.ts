import { setTimeout as pause } from 'node:timers/promises';
import { DriverSilent, type Driver, type Engine, type Json, type Key, type Opening } from './driver.ts';

/** Time limit of each wait, in milliseconds: far more than a busy machine needs. */
const TIMEOUT = 60_000;
/** Interval between two checks of a page, in milliseconds. */
const INTERVAL = 100;

/** An element to find: a selector (CSS, or XPath if it begins with `//`), and a text that the element contains. */
interface Sought {
  readonly [name: string]: string;
  selector: string;
  words: string;
}

/** Returns whether any match of the selector is visible and contains the text. Runs in the page. */
function isSeen({ selector, words }: Sought): boolean {
  const found: Node[] = [];
  if (selector.startsWith('//')) {
    const nodes = document.evaluate(selector, document, null, XPathResult.ORDERED_NODE_SNAPSHOT_TYPE);
    for (let index = 0; index < nodes.snapshotLength; index += 1) found.push(nodes.snapshotItem(index) ?? document);
  } else {
    found.push(...Array.from(document.querySelectorAll(selector)));
  }
  return found.some(
    (node) =>
      node instanceof HTMLElement &&
      node.getClientRects().length > 0 &&
      getComputedStyle(node).visibility === 'visible' &&
      (node.textContent ?? '').includes(words),
  );
}

/**
 * Scrolls the first match of a CSS selector to the middle of the viewport. Returns whether there is a match. Runs in
 * the page.
 */
function scrollsTo({ selector }: Sought): boolean {
  const element = document.querySelector(selector);
  element?.scrollIntoView({ block: 'center', behavior: 'instant' });
  return element !== null;
}

/**
 * Resolves to whether the first match has stayed in its place for two frames and a click in its middle would reach it.
 * First scrolls it into the viewport if necessary. Runs in the page.
 */
async function isReachable({ selector }: Sought): Promise<boolean> {
  const element = selector.startsWith('//')
    ? document.evaluate(selector, document, null, XPathResult.FIRST_ORDERED_NODE_TYPE).singleNodeValue
    : document.querySelector(selector);
  if (!(element instanceof HTMLElement)) return false;
  const seen = (): DOMRect | undefined => element.getClientRects()[0];
  const before = seen();
  if (before === undefined) return false;
  if (before.top < 0 || before.bottom > innerHeight) element.scrollIntoView({ block: 'center', behavior: 'instant' });
  const start = seen();
  await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
  const end = seen();
  if (start === undefined || end === undefined || start.top !== end.top || start.left !== end.left) return false;
  const hit = document.elementFromPoint(end.left + end.width / 2, end.top + end.height / 2);
  if (hit !== null && (element.contains(hit) || hit.contains(element))) return true;
  // Something that stays in its place, such as a toolbar, is over the element: a person would scroll, too.
  element.scrollIntoView({ block: 'center', behavior: 'instant' });
  return false;
}

/**
 * A tab of a real browser. Before a method clicks, fills in or looks at an element, it waits until the page is ready
 * for that, for TIMEOUT at most. The methods of Driver, which this class uses, need not wait.
 */
export class Tab {
  readonly #driver: Driver;
  readonly #engine: Engine;
  readonly #origin: string;

  private constructor(driver: Driver, engine: Engine, origin: string) {
    this.#driver = driver;
    this.#engine = engine;
    this.#origin = origin;
  }

  /** Opens a tab in a new browser, passes it to `visit`, and closes the browser even if `visit` rejects. */
  static async use(engine: Engine, opening: Opening, visit: (tab: Tab) => Promise<void>): Promise<void> {
    const driver = await engine.open(opening);
    try {
      await visit(new Tab(driver, engine, opening.origin));
    } finally {
      await driver.close();
    }
  }

  get faults(): readonly string[] {
    return this.#driver.faults;
  }

  /** Opens a path of the site or a complete URL; resolves when the page is loaded. */
  async goTo(address: string): Promise<void> {
    await this.#driver.goTo(address.startsWith('/') ? this.#origin + address : address);
  }

  /**
   * Goes back in the history. Does not wait for the page to load: a page from the back/forward cache is not loaded
   * again.
   */
  async back(): Promise<void> {
    await this.ask(() => void setTimeout(() => history.back()), null);
  }

  /**
   * Runs a function in the page and resolves to its result. The function is sent as text, so it can use its argument
   * and the globals of the page, but no variables of the test.
   */
  async ask<Argument extends Json>(question: (argument: Argument) => unknown, argument: Argument): Promise<unknown> {
    return this.#driver.evaluate(`(${question.toString()})(${JSON.stringify(argument)})`);
  }

  /**
   * Waits until a function in the page returns true; `what`: the awaited condition, for the error message.
   *
   * @throws Error after TIMEOUT, with `what`, the URL and the text of the page.
   */
  async until<Argument extends Json>(
    what: string,
    question: (argument: Argument) => unknown,
    argument: Argument,
  ): Promise<void> {
    await this.#insist(what, async () => (await this.ask(question, argument)) === true);
  }

  /** Waits until an element that matches the selector and contains the text is visible. */
  async sees(selector: string, words = ''): Promise<void> {
    await this.until(`${selector} ${words}`, isSeen, { selector, words });
  }

  /** Waits until no element that matches the selector is visible. */
  async seesNo(selector: string): Promise<void> {
    await this.#insist(`no ${selector}`, async () => (await this.ask(isSeen, { selector, words: '' })) === false);
  }

  /** Waits until path, query and fragment of the page's URL, decoded, are equal to `address`. */
  async isAt(address: string): Promise<void> {
    await this.until(
      `the address ${address}`,
      ([wanted = '']) => decodeURIComponent(location.pathname + location.search + location.hash) === wanted,
      [address],
    );
  }

  /** Waits until a click would reach an element, and clicks it. */
  async click(selector: string): Promise<void> {
    await this.until(`a way to click ${selector}`, isReachable, { selector, words: '' });
    await this.#driver.click(selector);
  }

  async scrollTo(selector: string): Promise<void> {
    await this.until(`a way to ${selector}`, scrollsTo, { selector, words: '' });
  }

  async press(...keys: readonly Key[]): Promise<void> {
    for (const key of keys) await this.#driver.press(key);
  }

  /** Types into the focused element. */
  async type(text: string): Promise<void> {
    await this.#driver.type(text);
  }

  /** Replaces the text of a field, and waits until the field has the new text. */
  async fill(selector: string, text: string): Promise<void> {
    await this.click(selector);
    await this.press({ control: 'a' });
    await this.type(text);
    await this.hasValue(selector, text);
  }

  /** Types a day (`YYYY-MM-DD`) into a date field, and waits until the field has that value. */
  async fillDay(selector: string, day: string): Promise<void> {
    await this.#focus(selector);
    await this.type(this.#engine.typedDay(day));
    await this.hasValue(selector, day);
  }

  /** Selects an option of a `<select>` with the keyboard; `value`: the `value` of the option. */
  async choose(selector: string, value: string): Promise<void> {
    await this.#focus(selector);
    await this.press('Home');
    await this.#insist(`${value} in ${selector}`, async () => {
      if (await this.#valueIs(selector, value)) return true;
      await this.press('ArrowDown');
      return false;
    });
  }

  /** Waits until a field has this value. */
  async hasValue(selector: string, value: string): Promise<void> {
    await this.#insist(`“${value}” in ${selector}`, async () => this.#valueIs(selector, value));
  }

  async upload(selector: string, ...paths: readonly string[]): Promise<void> {
    await this.#driver.upload(selector, paths);
  }

  async screenshot(): Promise<Uint8Array> {
    return this.#driver.screenshot();
  }

  async #focus(selector: string): Promise<void> {
    await this.sees(selector);
    await this.until(
      `the focus on ${selector}`,
      ([css = '']) => {
        const field = document.querySelector(css);
        if (field instanceof HTMLElement) field.focus();
        return field !== null && field === document.activeElement;
      },
      [selector],
    );
  }

  async #valueIs(selector: string, value: string): Promise<boolean> {
    const answer = await this.ask(
      ([css = '', wanted = '']) => {
        const field = document.querySelector(css);
        return field !== null && Reflect.get(field, 'value') === wanted;
      },
      [selector, value],
    );
    return answer === true;
  }

  /**
   * Repeats an attempt until it resolves to true. Also repeats it if it rejects, for example because the page is just
   * being left.
   *
   * @throws DriverSilent if an attempt does; Error after TIMEOUT.
   */
  async #insist(what: string, attempt: () => Promise<boolean>): Promise<void> {
    const end = Date.now() + TIMEOUT;
    let error: unknown;
    while (Date.now() < end) {
      try {
        if (await attempt()) return;
      } catch (caught) {
        if (caught instanceof DriverSilent) throw caught;
        error = caught;
      }
      await pause(INTERVAL);
    }
    const seen = await this.ask(() => `${location.href}\n${document.body.innerText.slice(0, 1500)}`, null);
    throw new Error(`Waited in vain for ${what}. Seen: ${String(seen)}`, { cause: error });
  }
}

import { setTimeout as pause } from 'node:timers/promises';
import { DriverSilent, type Driver, type Engine, type Json, type Key, type Opening } from './driver.ts';

/** Time limit for every wait, in milliseconds: far more than a busy machine needs. */
const PATIENCE = 60_000;
/** Interval between two checks of a page, in milliseconds. */
const INTERVAL = 100;

/**
 * What to look for in a page: a selector, which is CSS or XPath if it begins with `//`, and the text of the element.
 */
interface Sought {
  readonly [name: string]: string;
  selector: string;
  words: string;
}

/** Runs in the page: is an element with this text visible? */
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

/** Runs in the page: scrolls the first match to the middle; returns whether there is one. */
function scrollsTo({ selector }: Sought): boolean {
  const element = document.querySelector(selector);
  element?.scrollIntoView({ block: 'center', behavior: 'instant' });
  return element !== null;
}

/** Runs in the page: is the first match still for two frames, and would a click in its middle reach it? */
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
  return hit !== null && (element.contains(hit) || hit.contains(element));
}

/** A tab of a real browser whose methods wait until what they need is there. */
export class Tab {
  readonly #driver: Driver;
  readonly #engine: Engine;
  readonly #origin: string;

  private constructor(driver: Driver, engine: Engine, origin: string) {
    this.#driver = driver;
    this.#engine = engine;
    this.#origin = origin;
  }

  /** Opens a tab in a new browser, passes it to `visit`, and closes the browser in any case. */
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

  /** Opens a path of the site or a complete address. */
  async goTo(address: string): Promise<void> {
    await this.#driver.goTo(address.startsWith('/') ? this.#origin + address : address);
  }

  /** Goes back. Does not wait: a page from the back/forward cache is not loaded again. */
  async back(): Promise<void> {
    await this.ask(() => void setTimeout(() => history.back()), null);
  }

  /** Runs a function in the page and returns its result. The function can use only its argument. */
  async ask<Argument extends Json>(question: (argument: Argument) => unknown, argument: Argument): Promise<unknown> {
    return this.#driver.evaluate(`(${question.toString()})(${JSON.stringify(argument)})`);
  }

  /** Waits until a function in the page returns true. @throws Error names what was awaited and what the page shows. */
  async until<Argument extends Json>(
    what: string,
    question: (argument: Argument) => unknown,
    argument: Argument,
  ): Promise<void> {
    await this.#insist(what, async () => (await this.ask(question, argument)) === true);
  }

  /** Waits until an element with this text is visible. */
  async sees(selector: string, words = ''): Promise<void> {
    await this.until(`${selector} ${words}`, isSeen, { selector, words });
  }

  /** Waits until no such element is visible. */
  async seesNo(selector: string): Promise<void> {
    await this.#insist(`no ${selector}`, async () => (await this.ask(isSeen, { selector, words: '' })) === false);
  }

  /** Waits until the address without its origin is this one. */
  async isAt(address: string): Promise<void> {
    await this.until(
      `the address ${address}`,
      ([wanted = '']) => decodeURIComponent(location.pathname + location.search + location.hash) === wanted,
      [address],
    );
  }

  /** Clicks an element once a click reaches it. */
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

  /** Replaces the text of a field. */
  async fill(selector: string, text: string): Promise<void> {
    await this.click(selector);
    await this.press({ control: 'a' });
    await this.type(text);
    await this.hasValue(selector, text);
  }

  /** Types a day (`YYYY-MM-DD`) into a date field. */
  async fillDay(selector: string, day: string): Promise<void> {
    await this.#focus(selector);
    await this.type(this.#engine.typedDay(day));
    await this.hasValue(selector, day);
  }

  /** Selects an option of a list by keyboard; `value`: its value in the form. */
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

  /** Repeats an attempt until it returns true. Errors are retried too: a page being left throws. */
  async #insist(what: string, attempt: () => Promise<boolean>): Promise<void> {
    const end = Date.now() + PATIENCE;
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

import { setTimeout as pause } from 'node:timers/promises';
import { DriverSilent, type Driver, type Engine, type Json, type Key, type Opening } from './driver.ts';

/** How long something may take to come about, in milliseconds: far more than a busy machine needs. */
const PATIENCE = 60_000;
/** How often a page is looked at meanwhile, in milliseconds. */
const INTERVAL = 100;

/** Where in a page: CSS, or XPath where it begins with `//`, and words that stand there. */
interface Sought {
  readonly [name: string]: string;
  selector: string;
  words: string;
}

/** Runs in the page: can an element with these words be seen? */
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

/** Runs in the page: scrolls until the first such element is in the middle; is there one? */
function scrollsTo({ selector }: Sought): boolean {
  const element = document.querySelector(selector);
  element?.scrollIntoView({ block: 'center', behavior: 'instant' });
  return element !== null;
}

/** Runs in the page: does a click into the first such element reach it, and does it stand still? */
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

/** A tab of a real browser, in which everything is waited for. */
export class Tab {
  readonly #driver: Driver;
  readonly #engine: Engine;
  readonly #origin: string;

  private constructor(driver: Driver, engine: Engine, origin: string) {
    this.#driver = driver;
    this.#engine = engine;
    this.#origin = origin;
  }

  /** Opens a tab in a browser of its own and does something there; the browser is closed in any case. */
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

  /** Goes to an address of the site, or to a whole one. */
  async goTo(address: string): Promise<void> {
    await this.#driver.goTo(address.startsWith('/') ? this.#origin + address : address);
  }

  /** Goes back; a page that was kept is not loaded again, so that there is nothing general to wait for. */
  async back(): Promise<void> {
    await this.ask(() => void setTimeout(() => history.back()), null);
  }

  /** Asks the page; the function knows nothing but its argument. */
  async ask<Argument extends Json>(question: (argument: Argument) => unknown, argument: Argument): Promise<unknown> {
    return this.#driver.evaluate(`(${question.toString()})(${JSON.stringify(argument)})`);
  }

  /** Waits until the page answers true. @throws Error says what did not come about, and what is seen instead. */
  async until<Argument extends Json>(
    what: string,
    question: (argument: Argument) => unknown,
    argument: Argument,
  ): Promise<void> {
    await this.#insist(what, async () => (await this.ask(question, argument)) === true);
  }

  /** Waits until an element can be seen, and these words in it. */
  async sees(selector: string, words = ''): Promise<void> {
    await this.until(`${selector} ${words}`, isSeen, { selector, words });
  }

  /** Waits until there is no such element to be seen. */
  async seesNo(selector: string): Promise<void> {
    await this.#insist(`no ${selector}`, async () => (await this.ask(isSeen, { selector, words: '' })) === false);
  }

  /** Waits until the address is this one, without the origin. */
  async isAt(address: string): Promise<void> {
    await this.until(
      `the address ${address}`,
      ([wanted = '']) => decodeURIComponent(location.pathname + location.search + location.hash) === wanted,
      [address],
    );
  }

  /** Clicks, once a click reaches the element. */
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

  /** Types into whatever has the focus. */
  async type(text: string): Promise<void> {
    await this.#driver.type(text);
  }

  /** Replaces what stands in a field. */
  async fill(selector: string, text: string): Promise<void> {
    await this.click(selector);
    await this.press({ control: 'a' });
    await this.type(text);
    await this.hasValue(selector, text);
  }

  /** Writes a day (`YYYY-MM-DD`) into a date field. */
  async fillDay(selector: string, day: string): Promise<void> {
    await this.#focus(selector);
    await this.type(this.#engine.typedDay(day));
    await this.hasValue(selector, day);
  }

  /** Chooses in a list by keyboard; `value` as the form sends it. */
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

  /** Tries until it succeeds; a page that is just being left answers with an error. */
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

import { z } from 'zod';
import { DRIVER_TIMEOUT, DriverSilent } from './driver.ts';

const answer = z.object({ value: z.unknown() });
const failure = z.object({ value: z.object({ error: z.string(), message: z.string() }) });
const session = z.object({ sessionId: z.string() });
/**
 * Parses a reference to an element, and returns the id of the element. The reference is an object with one property,
 * whose name the standard defines.
 */
const reference = z.record(z.string(), z.string()).transform((value) => Object.values(value)[0] ?? '');

/** Code points that WebDriver uses for keys that write no character (WebDriver, “Keyboard actions”). */
const CODES = new Map(
  Object.entries({
    Backspace: '\uE003',
    Tab: '\uE004',
    Enter: '\uE007',
    Shift: '\uE008',
    Control: '\uE009',
    Escape: '\uE00C',
    End: '\uE010',
    Home: '\uE011',
    ArrowLeft: '\uE012',
    ArrowUp: '\uE013',
    ArrowRight: '\uE014',
    ArrowDown: '\uE015',
    Delete: '\uE017',
  }),
);

/** A W3C WebDriver session with the commands that journeys need. */
export class WebDriverSession {
  readonly #driver: string;
  #path = '';

  private constructor(driver: string) {
    this.#driver = driver;
  }

  /** Starts a session; `driver`: origin of the running driver, such as `http://127.0.0.1:4444`. */
  static async begin(driver: string, capabilities: Record<string, unknown>): Promise<WebDriverSession> {
    const started = new WebDriverSession(driver);
    const { sessionId } = session.parse(
      await started.#call('POST', '/session', { capabilities: { alwaysMatch: capabilities } }),
    );
    started.#path = `/session/${sessionId}`;
    return started;
  }

  /**
   * Sends a command to the driver. Resolves to the `value` of the response.
   *
   * @throws DriverSilent if there is no response within DRIVER_TIMEOUT; Error with the driver's message if the command
   *   fails.
   */
  async #call(method: 'GET' | 'POST' | 'DELETE', command: string, body?: unknown): Promise<unknown> {
    const response = await fetch(this.#driver + this.#path + command, {
      method,
      signal: AbortSignal.timeout(DRIVER_TIMEOUT),
      ...(body === undefined ? {} : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
    }).catch((cause: unknown) => {
      throw new DriverSilent(`The driver at ${this.#driver} does not answer ${method} ${command}.`, { cause });
    });
    const content: unknown = await response.json();
    if (response.ok) return answer.parse(content).value;
    const { error, message } = failure.parse(content).value;
    throw new Error(`${command}: ${error}: ${message}`);
  }

  async goTo(url: string): Promise<void> {
    await this.#call('POST', '/url', { url });
  }

  async #find(selector: string): Promise<string> {
    const using = selector.startsWith('//') ? 'xpath' : 'css selector';
    return reference.parse(await this.#call('POST', '/element', { using, value: selector }));
  }

  async click(selector: string): Promise<void> {
    await this.#call('POST', `/element/${await this.#find(selector)}/click`, {});
  }

  /** Types a text into an element. For a file field, the text is the paths of the files to select, one per line. */
  async send(selector: string, text: string): Promise<void> {
    await this.#call('POST', `/element/${await this.#find(selector)}/value`, { text });
  }

  /** Presses all modifiers, then each key and releases it, then releases the modifiers. */
  async press(keys: readonly string[], modifiers: readonly string[] = []): Promise<void> {
    const held = modifiers.map((name) => CODES.get(name) ?? name);
    const actions = [
      ...held.map((value) => ({ type: 'keyDown', value })),
      ...keys
        .map((name) => CODES.get(name) ?? name)
        .flatMap((value) => [
          { type: 'keyDown', value },
          { type: 'keyUp', value },
        ]),
      ...held.map((value) => ({ type: 'keyUp', value })),
    ];
    await this.#call('POST', '/actions', { actions: [{ type: 'key', id: 'keyboard', actions }] });
  }

  async evaluate(expression: string): Promise<unknown> {
    const script = `const done = arguments[0];
      Promise.resolve().then(() => ${expression}).then((value) => done({ value }), (error) => done({ error: String(error) }));`;
    const outcome = z
      .object({ value: z.unknown(), error: z.string().optional() })
      .parse(await this.#call('POST', '/execute/async', { script, args: [] }));
    if (outcome.error !== undefined) throw new Error(outcome.error);
    return outcome.value;
  }

  async screenshot(): Promise<Uint8Array> {
    return Buffer.from(z.base64().parse(await this.#call('GET', '/screenshot')), 'base64');
  }

  async end(): Promise<void> {
    await this.#call('DELETE', '');
  }
}

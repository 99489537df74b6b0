// Runs an attack in a separate process until its parent sends `stop`. Started by attack.ts.
import { setTimeout as pause } from 'node:timers/promises';
import { DeskClient, writtenStory } from '../../tests/fixtures/desk/desk-client.ts';
import { attack, type Attack } from './attack.ts';
import { BODIES, LONG_BODIES, OPPOSED, YAMLS } from './worst-texts.ts';

/** Length in characters of the passwords that take longest to check: random ones of the greatest permitted length. */
const PASSWORD_LENGTH = 128;
/** Number of passwords that strangers send at the same time at the beginning. */
const AT_ONCE = 60;
/** Number of passwords that strangers send per second afterwards. */
const PER_SECOND = 3;
/** Number of simultaneous connections of the author. */
const CONNECTIONS = 8;

const answers: Record<string, number> = {};
let over = false;

/** Counts a response by its status. If there is no response, counts it as `no answer`. */
async function noted(what: string, asking: Promise<{ status: number }>): Promise<void> {
  const status = await asking.then(
    (answer) => String(answer.status),
    () => 'no answer',
  );
  const key = `${what} ${status}`;
  answers[key] = (answers[key] ?? 0) + 1;
}

function randomPassword(): string {
  return Array.from({ length: PASSWORD_LENGTH }, () => String.fromCharCode(33 + Math.floor(Math.random() * 94))).join(
    '',
  );
}

async function byStrangers(origin: string): Promise<void> {
  const stranger = new DeskClient(origin);
  const ask = async (): Promise<void> =>
    noted('password', stranger.form('/desk/password', { token: 'x'.repeat(43), password: randomPassword() }));
  const asked = Array.from({ length: AT_ONCE }, ask);
  process.send?.('started');
  while (!over) {
    await pause(1000 / PER_SECOND);
    asked.push(ask());
  }
}

type Asking = [what: string, ask: () => Promise<{ status: number }>];

/**
 * Resolves to all requests that an author can send with the worst texts. Before that, saves two versions of a story and
 * causes a conflict, because some of the requests need them.
 */
async function authorsRequests({ origin, cookie, unit, round }: Extract<Attack, { by: 'author' }>): Promise<Asking[]> {
  const desk = new DeskClient(origin, cookie);
  const two = (value: number): string => String(value).padStart(2, '0');
  const id = (number: number): string => `202502${two(1 + (round % 28))}-0900${two(number)}zz`;
  const story = (number: number, body: string) => writtenStory(unit, id(number), [], {}, body);
  const withYaml = (number: number, yaml: string) => {
    const { raw, ...rest } = story(number, '一句话。');
    return { ...rest, raw: raw.replace('\n---\n', `\n${yaml}\n---\n`) };
  };
  const preview = async ({ unit: of, id: named, raw }: ReturnType<typeof story>): Promise<Response> =>
    desk.request('/api/preview', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ path: `stories/${of}/${named}/index.md`, raw }),
    });

  const opposed = OPPOSED.map((body) => story(0, body));
  const [first, second] = opposed;
  if (!first || !second) throw new Error('There are two opposed texts.');
  await desk.save(first, null);
  await desk.save(second);
  // This save comes too late: the desk keeps its text, and compares it whenever the page of the conflict is requested.
  const late = await desk.save(first, '0'.repeat(40));
  const body: unknown = late.body;
  const conflict = typeof body === 'object' && body !== null && 'address' in body ? String(body.address) : undefined;
  const history = `/desk/history/stories/${unit}/${id(0)}`;
  const page = await (await desk.request(history)).text();
  const [to = '', from = ''] = Array.from(page.matchAll(/version=([0-9a-f]{40})/gu), ([, commit = '']) => commit);

  const bodies = [...BODIES, ...LONG_BODIES].map((one, at) => story(10 + at, one));
  const yamls = YAMLS.map((one, at) => withYaml(30 + at, one));
  return [
    ...bodies.flatMap((one): Asking[] => [
      ['preview', async () => preview(one)],
      ['save', async () => desk.save(one)],
      ['review', async () => desk.move(one, 'pending_review')],
    ]),
    ...yamls.flatMap((one): Asking[] => [
      ['preview', async () => preview(one)],
      ['save', async () => desk.save(one)],
    ]),
    ['stale save', async () => desk.save(first, '0'.repeat(40))],
    ['comparison', async () => desk.request(`${history}?from=${from}&to=${to}`)],
    ...(conflict === undefined ? [] : [['conflict', async () => desk.request(conflict)] satisfies Asking]),
  ];
}

async function byAuthor(by: Extract<Attack, { by: 'author' }>): Promise<void> {
  const requests = await authorsRequests(by);
  let next = 0;
  const connection = async (): Promise<void> => {
    while (!over) {
      const [what, ask] = requests[next % requests.length] ?? ['nothing', async () => ({ status: 0 })];
      next += 1;
      await noted(what, ask());
    }
  };
  process.send?.('started');
  await Promise.all(Array.from({ length: CONNECTIONS }, connection));
}

process.on('message', (message) => {
  if (message === 'stop') {
    over = true;
    process.send?.(answers);
    return;
  }
  const asked = attack.parse(message);
  void (asked.by === 'author' ? byAuthor(asked) : byStrangers(asked.origin));
});

// When copies of unsaved work are written and deleted, with stores that answer late, fail or never answer.
import { beforeEach, expect, test } from 'vitest';
import { BROWSER_DELAY, CopyKeeper, DESK_DELAY, type WatchedForm } from '../../../src/cms/unsaved/copy-keeper.ts';
import type { UnsavedCopy } from '../../../src/cms/unsaved/unsaved-copy.ts';

type Place = 'browser' | 'desk';

const PLACE = { collection: 'stories', slug: 'jiefang/1/index' };

let keeper: CopyKeeper;
let stored: Record<Place, Map<string, UnsavedCopy>>;
let broken: Set<Place>;
/** What the stores were asked to do, in order. */
let asked: string[];
let timers: { at: number; run: () => void }[];
let clock: number;
let login: string;
/** Resolves the writes to the desk that wait; empty if writes are answered at once. */
let waiting: (() => void)[] | undefined;

beforeEach(() => {
  stored = { browser: new Map(), desk: new Map() };
  [broken, asked, timers, clock, login, waiting] = [new Set(), [], [], 0, 'zhang', undefined];
  let ids = 0;
  const put = async (name: Place, copy: UnsavedCopy): Promise<void> => {
    asked.push(`${name} ${copy.text}`);
    if (broken.has(name)) throw new Error('no room');
    const answers = waiting;
    if (name === 'desk' && answers) await new Promise<void>((resolve) => answers.push(resolve));
    stored[name].set(copy.id, copy);
  };
  const drop = async (name: Place, dropped: readonly string[]): Promise<void> => {
    if (broken.has(name)) throw new Error('no answer');
    for (const id of dropped) stored[name].delete(id);
  };
  keeper = new CopyKeeper({
    browser: {
      put: async (_login, _place, copy) => put('browser', copy),
      drop: async (dropped) => drop('browser', dropped),
    },
    desk: { keep: async (_login, _place, copy) => put('desk', copy), drop: async (dropped) => drop('desk', dropped) },
    login: () => login,
    write: ({ data }) => ({ text: 'text' in data ? String(data.text) : '', key: '' }),
    here: () => ({ browser: 'here', device: '' }),
    newId: () => `copy-${(ids += 1)}`,
    now: () => new Date(clock),
    later(milliseconds, run) {
      const timer = { at: clock + milliseconds, run };
      timers.push(timer);
      return () => (timers = timers.filter((one) => one !== timer));
    },
  });
});

/** Lets all promises go on that wait for nothing else. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 20; turn += 1) await Promise.resolve();
}

async function pass(milliseconds: number): Promise<void> {
  const end = clock + milliseconds;
  for (;;) {
    const [next] = timers.filter(({ at }) => at <= end).sort((left, right) => left.at - right.at);
    if (!next) break;
    clock = next.at;
    timers = timers.filter((timer) => timer !== next);
    next.run();
    await settle();
  }
  clock = end;
  await settle();
}

function form(text: string, more: Partial<WatchedForm> = {}): WatchedForm {
  return { key: 'a', place: PLACE, baseId: 'base', changed: true, data: { text }, ...more };
}

const texts = (name: Place): string[] => Array.from(stored[name].values(), ({ text }) => text);

test('Nothing is kept of a form without changes', async () => {
  keeper.see(form('', { changed: false }));
  keeper.flush();
  await pass(10 * DESK_DELAY);
  keeper.see(undefined);
  await settle();
  expect(asked).toEqual([]);
});

test('A change is in the browser after 1.5 s and at the desk after 30 s, and only if the text is new', async () => {
  keeper.see(form('一'));
  await pass(BROWSER_DELAY - 1);
  expect(asked).toEqual([]);
  await pass(1);
  expect(asked).toEqual(['browser 一']);
  await pass(DESK_DELAY - BROWSER_DELAY);
  expect(asked).toEqual(['browser 一', 'desk 一']);
  await pass(10 * DESK_DELAY);
  expect(asked).toHaveLength(2);
  expect(stored.desk.get('copy-1')).toMatchObject({ revision: 1, baseId: 'base', browser: 'here' });
});

test('Somebody who types without a pause has a copy every 1.5 s all the same', async () => {
  for (let step = 1; step <= 30; step += 1) {
    keeper.see(form(`${step}`));
    await pass(100);
  }
  expect(asked).toEqual(['browser 15', 'browser 30']);
});

test('A change of state without a change of the text writes nothing again', async () => {
  const data = { text: '一' };
  keeper.see(form('', { data }));
  await pass(DESK_DELAY);
  keeper.see(form('', { data }));
  keeper.flush();
  await pass(DESK_DELAY);
  expect(asked).toEqual(['browser 一', 'desk 一']);
});

test.each(['page is hidden', 'form is left', 'another form is opened'])(
  'The text is kept at once when the %s',
  async (how) => {
    keeper.see(form('一'));
    if (how === 'page is hidden') keeper.flush();
    else keeper.see(how === 'form is left' ? undefined : form('二', { key: 'b', changed: false }));
    await settle();
    expect([texts('browser'), texts('desk')]).toEqual([['一'], ['一']]);
    expect(keeper.lastUnsaved()?.data).toEqual(how === 'another form is opened' ? undefined : { text: '一' });
  },
);

test('After a save both copies are gone, and what is typed next is another copy', async () => {
  keeper.see(form('一'));
  await pass(DESK_DELAY);
  expect(keeper.copiesOfSave()).toEqual({ done: ['copy-1'], undecided: [] });
  keeper.see(form('一', { changed: false }));
  await settle();
  expect([texts('browser'), texts('desk')]).toEqual([[], []]);
  expect(keeper.lastUnsaved()).toBeUndefined();
  keeper.see(form('二'));
  await pass(DESK_DELAY);
  expect(Array.from(stored.desk.keys())).toEqual(['copy-2']);
});

test('A copy that is on its way while the work is saved does not come back', async () => {
  waiting = [];
  keeper.see(form('一'));
  await pass(DESK_DELAY);
  keeper.see(form('一', { changed: false }));
  await settle();
  waiting.forEach((answer) => answer());
  await settle();
  expect(texts('desk')).toEqual([]);
});

test('A copy that was taken into the form goes once its text is stored under the form’s own id', async () => {
  for (const name of ['browser', 'desk'] as const) {
    const taken = { id: 'taken', at: '', revision: 9, baseId: null, text: '旧', key: '', browser: '', device: '' };
    stored[name].set('taken', taken);
  }
  broken.add('desk');
  keeper.see(form('旧', { key: 'b' }));
  keeper.replace(['taken']);
  await settle();
  expect([texts('browser'), texts('desk')]).toEqual([['旧'], ['旧']]);
  expect(Array.from(stored.browser.keys())).toEqual(['copy-1']);
  expect(keeper.copiesOfSave().done).toEqual(['copy-1', 'taken']);
  broken.clear();
  await pass(DESK_DELAY);
  expect(Array.from(stored.desk.keys())).toEqual(['copy-1']);
});

test('What fails is tried again, and only if both stores fail the work is unprotected', async () => {
  let changes = 0;
  keeper.onChange(() => (changes += 1));
  broken.add('browser');
  keeper.see(form('一'));
  await pass(DESK_DELAY);
  expect(keeper.isUnprotected).toBe(false);
  broken.add('desk');
  keeper.see(form('二'));
  await pass(2 * DESK_DELAY);
  expect(keeper.isUnprotected).toBe(true);
  expect(changes).toBe(2);
  broken.clear();
  await pass(2 * DESK_DELAY);
  expect(keeper.isUnprotected).toBe(false);
  expect([texts('browser'), texts('desk')]).toEqual([['二'], ['二']]);
});

test('Where nobody is known, nothing is kept', async () => {
  login = '';
  keeper.see(form('一'));
  await pass(DESK_DELAY);
  expect(asked).toEqual([]);
});

test('A save names the copies that were offered and not decided about', () => {
  keeper.see(form('一'));
  keeper.offer(['other-1', 'other-2']);
  expect(keeper.copiesOfSave()).toEqual({ done: ['copy-1'], undecided: ['other-1', 'other-2'] });
});

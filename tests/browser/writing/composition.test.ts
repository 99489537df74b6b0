// Text that an input method composes is written once, wherever the caret is, and can be given up.
import { expect } from 'vitest';
import { test } from '../driving/reader.ts';
import { BodyPage } from './body-page.ts';

let body: BodyPage;

test.beforeAll(async ({ browser }) => {
  body = await BodyPage.open(browser);
});

/** What an input method does, in order. */
interface Composition {
  name: string;
  start: string;
  /** Words behind which the caret is; or the first and last words of the selection. */
  at: string | readonly [string, string];
  /** Texts that are shown one after the other while it composes. */
  composed: readonly string[];
  /** The text that is chosen. Empty: the composition is cancelled. */
  chosen: string;
  end: string;
}

const STEPS = ['n', 'ni', "ni'h", "ni'hao"];
const CASES: readonly Composition[] = [
  { name: 'in an empty text', start: '', at: '', composed: STEPS, chosen: '你好', end: '你好' },
  { name: 'in a paragraph', start: '甲乙', at: '甲', composed: STEPS, chosen: '你好', end: '甲你好乙' },
  { name: 'cancelled', start: '甲乙', at: '甲', composed: [...STEPS, ''], chosen: '', end: '甲乙' },
  { name: 'cancelled in an empty text', start: '', at: '', composed: [...STEPS, ''], chosen: '', end: '' },
  { name: 'after bold text', start: '**甲**乙', at: '甲', composed: STEPS, chosen: '你好', end: '**甲你好**乙' },
  { name: 'over a selection', start: '甲乙丙', at: ['乙', '乙'], composed: STEPS, chosen: '你好', end: '甲你好丙' },
  {
    name: 'across paragraphs',
    start: '甲一\n\n乙\n\n丙二',
    at: ['一', '丙'],
    composed: STEPS,
    chosen: '你好',
    end: '甲你好二',
  },
  {
    name: 'across a list',
    start: '甲一\n\n- 乙\n- 丙二',
    at: ['一', '丙'],
    composed: STEPS,
    chosen: '你好',
    end: '甲你好二',
  },
  {
    name: 'in a table',
    start: '| 甲 | 乙 |\n| --- | --- |',
    at: '甲',
    composed: STEPS,
    chosen: '你好',
    end: '| 甲你好 | 乙 |\n| --- | --- |',
  },
  {
    name: 'over cells of a table',
    start: '| 甲一 | 乙 |\n| --- | --- |\n| 丙二 | 丁 |',
    at: ['一', '丙'],
    composed: STEPS,
    chosen: '你好',
    end: '| 甲你好 |  |\n| --- | --- |\n| 二 | 丁 |',
  },
  { name: 'in an item', start: '- 甲\n- 乙', at: '甲', composed: STEPS, chosen: '你好', end: '- 甲你好\n- 乙' },
  { name: 'in a heading', start: '## 甲', at: '甲', composed: STEPS, chosen: '你好', end: '## 甲你好' },
  {
    name: 'full-width blanks at the start',
    start: '',
    at: '',
    composed: ['\u3000'],
    chosen: '\u3000\u3000甲',
    end: '甲',
  },
  { name: 'a sign of Markdown', start: '', at: '', composed: ['x'], chosen: '**甲**', end: '**甲**' },
];

test.for(CASES)('composition: $name', async ({ start, at, composed, chosen, end }) => {
  if (typeof at === 'string') await body.write(start, at === '' ? undefined : at);
  else {
    await body.write(start);
    await body.select(...at);
  }
  const keyboard = await body.keyboardSession();
  for (const text of composed) {
    await keyboard.send('Input.imeSetComposition', { text, selectionStart: text.length, selectionEnd: text.length });
    // Decap renders the form again for many reasons.
    await body.rerender();
    expect(await body.text.innerText()).toContain(text);
  }
  if (chosen !== '') await keyboard.send('Input.insertText', { text: chosen });
  await expect.poll(async () => body.value()).toBe(end);
  // What is typed afterwards follows what was composed.
  await body.type('x');
  await expect.poll(async () => body.value()).toContain(`${chosen.trim()}x`);
  await keyboard.detach();
  expect(body.faults).toEqual([]);
});

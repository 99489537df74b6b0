// What is typed, pressed and chosen in the body field becomes what is saved, and can be undone.
import { expect } from 'vitest';
import { axeFaults } from '../driving/accessibility.ts';
import { test } from '../driving/reader.ts';
import { BodyPage } from './body-page.ts';

// The clipboard is shared by all pages of a browser.
test.override('own', { scope: 'worker' }, {});

let body: BodyPage;

test.beforeAll(async ({ browser }) => {
  body = await BodyPage.open(browser);
});

test.afterAll(() => {
  expect(body.faults).toEqual([]);
});

async function becomes(markdown: string): Promise<void> {
  await expect.poll(async () => body.value()).toBe(markdown);
}

/** Keys are those of Playwright; a string with a space at its start is typed. */
const KEYS: readonly [name: string, start: string, words: string | undefined, keys: readonly string[], end: string][] =
  [
    ['two paragraphs', '', undefined, [' 甲', 'Enter', ' 乙'], '甲\n\n乙'],
    ['a line break', '', undefined, [' 甲', 'Shift+Enter', ' 乙'], '甲\\\n乙'],
    ['a heading by signs', '', undefined, [' ## 题', 'Enter', ' 文'], '## 题\n\n文'],
    ['a small heading by signs', '', undefined, [' ### 题'], '### 题'],
    ['signs that are undone', '', undefined, [' ## ', 'Backspace', ' x'], '## x'.replace('##', '\\##')],
    ['a list by signs', '', undefined, [' - 甲', 'Enter', ' 乙', 'Enter', 'Enter', ' 丙'], '- 甲\n- 乙\n\n丙'],
    ['a numbered list by signs', '', undefined, [' 3. 甲', 'Enter', ' 乙'], '3. 甲\n4. 乙'],
    ['a year is no item', '', undefined, [' 2021. 甲'], '2021\\. 甲'],
    ['a quotation by a sign', '', undefined, [' > 甲', 'Enter', ' 乙', 'Enter', 'Enter', ' 丙'], '> 甲\n>\n> 乙\n\n丙'],
    ['bold type by stars', '', undefined, [' 甲**乙**丙'], '甲**乙**丙'],
    ['bold type by a key', '甲乙丙', undefined, ['ControlOrMeta+b', ' 丁', 'ControlOrMeta+b', ' 戊'], '甲乙丙**丁**戊'],
    ['italic type by a key', '甲', undefined, ['ControlOrMeta+i', ' 乙'], '甲*乙*'],
    ['underlining has no effect', '甲', undefined, ['Shift+Home', 'ControlOrMeta+u', 'End', ' 乙'], '甲乙'],
    ['an item becomes deeper', '- 甲\n- 乙', '乙', ['Tab'], '- 甲\n  - 乙'],
    ['no third level', '- 甲\n  - 乙\n  - 丙', '丙', ['Tab', ' 丁'], '- 甲\n  - 乙\n  - 丙丁'],
    ['an item with a list becomes no deeper', '- 甲\n- 乙\n  - 丙', '乙', ['Tab', ' 丁'], '- 甲\n- 乙丁\n  - 丙'],
    ['an item becomes less deep', '- 甲\n  - 乙', '乙', ['Shift+Tab'], '- 甲\n- 乙'],
    ['Backspace takes an item out', '- 甲\n- 乙', '甲', ['ArrowDown', 'Home', 'Backspace', ' 丙'], '- 甲\n\n丙乙'],
    ['Backspace below a list', '- 甲\n- 乙\n\n丙', '丙', ['Home', 'Backspace'], '- 甲\n- 乙丙'],
    ['Backspace at a heading', '## 甲', '甲', ['Home', 'Backspace'], '甲'],
    ['Backspace joins paragraphs', '甲\n\n乙', '乙', ['Home', 'Backspace'], '甲乙'],
    [
      'Tab moves to the next cell',
      '| 甲 | 乙 |\n| --- | --- |\n| 丙 | 丁 |',
      '甲',
      ['Tab', 'End', ' 戊'],
      '| 甲 | 乙戊 |\n| --- | --- |\n| 丙 | 丁 |',
    ],
    [
      'Tab in the last cell adds a row',
      '| 甲 |\n| --- |\n| 乙 |',
      '乙',
      ['Tab', ' 丙'],
      '| 甲 |\n| --- |\n| 乙 |\n| 丙 |',
    ],
    [
      'Shift+Tab moves back',
      '| 甲 | 乙 |\n| --- | --- |',
      '乙',
      ['Shift+Tab', 'End', ' 丙'],
      '| 甲丙 | 乙 |\n| --- | --- |',
    ],
    ['Enter in a cell', '| 甲 | 乙 |\n| --- | --- |', '甲', ['Enter', ' 丙'], '| 甲<br>丙 | 乙 |\n| --- | --- |'],
    [
      'Backspace at the start of a cell',
      '| 甲 | 乙 |\n| --- | --- |',
      '乙',
      ['Home', 'Backspace', ' 丙'],
      '| 甲 | 丙乙 |\n| --- | --- |',
    ],
    [
      'Delete at the end of a cell',
      '| 甲 | 乙 |\n| --- | --- |',
      '甲',
      ['Delete', ' 丙'],
      '| 甲丙 | 乙 |\n| --- | --- |',
    ],
    [
      'the arrow key leaves a table',
      '| 甲 |\n| --- |\n| 乙 |',
      '乙',
      ['ArrowDown', ' 丙'],
      '| 甲 |\n| --- |\n| 乙 |\n\n丙',
    ],
    [
      'Ctrl+Enter leaves a table',
      '| 甲 |\n| --- |\n\n乙',
      '甲',
      ['ControlOrMeta+Enter', ' 丙'],
      '| 甲 |\n| --- |\n\n丙乙',
    ],
    ['blanks at the start of a paragraph', '', undefined, ['  \u3000 甲'], '甲'],
    ['blanks at the start of a cut line', '甲 乙', '甲', ['Enter'], '甲\n\n乙'],
    ['several blanks', '', undefined, [' 甲  乙'], '甲\u00a0 乙'],
    ['a kept block is selected and deleted', '甲\n\n```\n码\n```\n\n乙', '甲', ['ArrowDown', 'Delete'], '甲\n\n乙'],
    ['everything is deleted', '甲\n\n- 乙', undefined, ['ControlOrMeta+a', 'Delete'], ''],
    ['undo and redo', '', undefined, [' 甲乙', 'ControlOrMeta+z', 'ControlOrMeta+y'], '甲乙'],
    ['undo gives the file back', '甲\n乙  \n\n\n* 丙', '丙', [' 丁', 'ControlOrMeta+z'], '甲\n乙  \n\n\n* 丙'],
  ];

test.for(KEYS)('keys: %s', async ([, start, words, keys, end]) => {
  await body.write(start, words);
  for (const key of keys) {
    if (key.startsWith(' ')) await body.type(key.slice(1));
    else await body.press(key);
  }
  await becomes(end);
});

const TABLE = '| 甲 | 乙 |\n| --- | :-: |\n| 丙 | 丁 |';
const TOOLS: readonly [
  name: string,
  start: string,
  selected: string | undefined,
  tools: readonly string[],
  end: string,
][] = [
  ['a heading', '甲\n\n乙', '甲', ['heading'], '## 甲\n\n乙'],
  ['a heading, made small', '甲', '甲', ['heading', 'heading3'], '### 甲'],
  ['a heading and back', '甲', '甲', ['heading', 'heading'], '甲'],
  ['a heading of two lines', '甲\\\n乙', '甲', ['heading'], '## 甲 乙'],
  ['bold', '甲乙丙', '乙', ['strong'], '甲**乙**丙'],
  ['bold and back', '甲**乙**丙', '乙', ['strong'], '甲乙丙'],
  ['italic', '甲乙丙', '乙', ['emphasis'], '甲*乙*丙'],
  ['a quotation', '甲', '甲', ['quotation'], '> 甲'],
  ['a quotation and back', '> 甲', '甲', ['quotation'], '甲'],
  ['bullets', '甲', '甲', ['bullets'], '- 甲'],
  ['bullets and back', '- 甲', '甲', ['bullets'], '甲'],
  ['numbers instead of bullets', '- 甲\n- 乙', '甲', ['numbers'], '1. 甲\n2. 乙'],
  ['the level of an item', '- 甲\n- 乙', '乙', ['indent', 'outdent', 'indent'], '- 甲\n  - 乙'],
  ['a rule', '甲', '甲', ['rule'], '甲\n\n---'],
  ['a row above the first', TABLE, '甲', ['row-above'], '|  |  |\n| --- | :---: |\n| 甲 | 乙 |\n| 丙 | 丁 |'],
  ['a row below', TABLE, '甲', ['row-below'], '| 甲 | 乙 |\n| --- | :---: |\n|  |  |\n| 丙 | 丁 |'],
  ['a column on the left', TABLE, '乙', ['column-left'], '| 甲 |  | 乙 |\n| --- | --- | :---: |\n| 丙 |  | 丁 |'],
  ['a column on the right', TABLE, '乙', ['column-right'], '| 甲 | 乙 |  |\n| --- | :---: | --- |\n| 丙 | 丁 |  |'],
  ['the first row deleted', TABLE, '甲', ['delete-row'], '| 丙 | 丁 |\n| --- | :---: |'],
  ['a column deleted', TABLE, '甲', ['delete-column'], '| 乙 |\n| :---: |\n| 丁 |'],
  ['all columns deleted', TABLE, '甲', ['delete-column', 'delete-column'], ''],
  ['a table deleted', `甲\n\n${TABLE.replace('甲', '子')}`, '子', ['delete-table'], '甲'],
  ['undo and redo', '甲', '甲', ['strong', 'undo', 'redo'], '**甲**'],
];

test.for(TOOLS)('toolbar: %s', async ([, start, selected, tools, end]) => {
  await body.write(start);
  if (selected !== undefined) await body.select(selected);
  for (const tool of tools) await body.tool(tool).click();
  await becomes(end);
});

test('A new table is filled with the Tab key', async () => {
  await body.write('甲');
  await body.tool('table').click();
  for (const text of ['一', '二', '三', '四']) {
    await body.type(text);
    await body.press('Tab');
  }
  await becomes('甲\n\n| 一 | 二 | 三 |\n| --- | --- | --- |\n| 四 |  |  |\n|  |  |  |');
  await body.press('ControlOrMeta+Enter');
  await body.type('乙');
  await expect.poll(async () => body.value()).toMatch(/\|\n\n乙$/u);
});

/** Ways to replace the text of several selected cells; `typed`: what is then in the first of them. */
const REPLACED: readonly [name: string, typed: string, replace: () => Promise<void>][] = [
  ['Delete', '', async () => body.press('Delete')],
  ['a key', 'x', async () => body.press('x')],
  ['新', '新', async () => body.page.keyboard.insertText('新')],
  ['新, composed', '新', async () => body.compose('x', '新')],
  ['Backspace on the screen', '', async () => body.backspaceOnScreen()],
];

test.for(
  REPLACED.flatMap(([name, ...rest]) => [
    [name, true, ...rest] as const,
    [`${name}, at once`, false, ...rest] as const,
  ]),
)('Text selected in several cells is replaced, and the cells stay: %s', async ([, isReported, typed, replace]) => {
  await body.write('| 甲一 | 乙二 |\n| --- | --- |\n| 丙三 | 丁四 |');
  if (isReported) await body.select('一', '丙');
  else await body.selectUnreported('一', '丙');
  await replace();
  await becomes(`| 甲${typed} |  |\n| --- | --- |\n| 三 | 丁四 |`);
});

test('The toolbar is one stop of the Tab key, has arrow keys, and says what is on', async () => {
  await body.write('甲**乙**', '乙');
  expect(await body.tool('strong').getAttribute('aria-pressed')).toBe('true');
  expect(await body.tool('emphasis').getAttribute('aria-pressed')).toBe('false');
  expect(await body.page.locator('.writing-bar [tabindex="0"]').count()).toBe(1);
  await body.press('Alt+F10', 'ArrowRight', 'ArrowRight');
  const focused = async (): Promise<string | undefined> =>
    body.page.evaluate(() =>
      document.activeElement instanceof HTMLElement ? document.activeElement.dataset['tool'] : undefined,
    );
  expect(await focused()).toBe('emphasis');
  await body.press('ArrowLeft', 'ArrowLeft', 'ArrowLeft');
  expect(await focused()).toBe('entry');
  await body.press('Home');
  expect(await focused()).toBe('heading');
  await body.press('Enter');
  await becomes('## 甲**乙**');
  expect(await body.tool('heading').getAttribute('aria-pressed')).toBe('true');
});

test('Somebody who uses only a keyboard can leave a list', async () => {
  await body.write('- 甲\n- 乙', '乙');
  await body.press('Escape', 'Tab');
  await becomes('- 甲\n- 乙');
  expect(await body.text.evaluate((element) => element.contains(document.activeElement))).toBe(false);
});

const ADDRESSES: readonly [typed: string, markdown: string][] = [
  ['www.example.cn', '甲[乙](https://www.example.cn)丙'],
  ['gh@example.cn', '甲[乙](mailto:gh@example.cn)丙'],
  ['12351', '甲[乙](tel:12351)丙'],
];

test.for(ADDRESSES)('A link to %s gets its scheme', async ([typed, markdown]) => {
  await body.write('甲乙丙');
  await body.select('乙');
  await body.press('ControlOrMeta+k');
  await body.page.getByLabel('网址、邮箱或电话').fill(typed);
  await body.press('Enter');
  await becomes(markdown);
});

test('An address that leads nowhere is refused while it is typed, and a link can be changed and removed', async () => {
  await body.write('甲乙丙');
  await body.tool('link').click();
  const dialog = body.page.getByRole('dialog', { name: '加链接' });
  const address = dialog.getByLabel('网址、邮箱或电话');
  await address.pressSequentially('ww');
  expect(await dialog.locator('.writing-fault').innerText()).toBe('');
  await address.pressSequentially('w. example');
  await dialog.getByText('网址里有空格').waitFor();
  await address.fill('工会网站');
  await dialog.getByText('这不像网址、邮箱或电话').waitFor();
  await dialog.getByRole('button', { name: '加上' }).click();
  expect(await body.value()).toBe('甲乙丙');
  expect(await axeFaults(body.page, '.writing-dialog')).toEqual([]);
  await address.fill('https://example.cn/a?b=1');
  await dialog.getByLabel('显示的文字').fill('公告');
  await body.press('Enter');
  await becomes('甲乙丙[公告](https://example.cn/a?b=1)');
  await body.type('。');
  await becomes('甲乙丙[公告](https://example.cn/a?b=1)。');
  await body.select('公告');
  await body.tool('link').click();
  await body.page.getByRole('button', { name: '去掉链接' }).click();
  await becomes('甲乙丙公告。');
});

test('Escape closes the dialog, and the caret is where it was', async () => {
  await body.write('甲乙', '甲');
  await body.tool('link').click();
  await body.press('Escape');
  await body.page.locator('.writing-dialog').waitFor({ state: 'detached' });
  await body.type('丙');
  await becomes('甲丙乙');
});

test('One press makes headings of numbered lines, and undo takes them back, and then the pasted text', async () => {
  await body.write('前', '前');
  await body.copy({ text: '一、概况\n办了三天。\n（一）送水\n两桶。' });
  await body.press('ControlOrMeta+End');
  await body.press('Enter');
  await body.paste();
  await body.page.getByRole('button', { name: '把这 2 行排成小标题' }).click();
  await becomes('前\n\n## 一、概况\n\n办了三天。\n\n### （一）送水\n\n两桶。');
  expect(await body.notice.innerText()).toBe('');
  await body.press('ControlOrMeta+z');
  await becomes('前\n\n一、概况\n\n办了三天。\n\n（一）送水\n\n两桶。');
  expect(await body.notice.innerText()).toContain('有 2 行像小标题');
  await body.press('ControlOrMeta+z');
  await expect.poll(async () => body.value()).toMatch(/^前\n?$/u);
  expect(await body.notice.innerText()).toBe('');
  await body.press('ControlOrMeta+y');
  expect(await body.notice.innerText()).toContain('有 2 行像小标题');
});

test('The notice leads to the photo field, and can be dismissed', async () => {
  await body.write('甲');
  await body.copy({ html: '<p>乙</p><img src="https://x.example/a.jpg" width="300">' });
  await body.paste();
  await becomes('甲乙');
  await body.copy({ text: '丙' });
  await body.press('ControlOrMeta+End');
  await body.paste();
  await becomes('甲乙丙');
  await body.page.getByRole('button', { name: '去放照片' }).click();
  expect(await body.page.evaluate(() => document.activeElement?.id)).toBe('photos-field-1');
  await body.page.getByRole('button', { name: '知道了' }).click();
  expect(await body.notice.innerText()).toBe('');
});

/** Places into which HTML with a heading, a list, a table and a quotation is pasted. */
const PLACES: readonly [name: string, markdown: string, words: string][] = [
  ['a paragraph', '开头结尾', '开头'],
  ['a heading', '## 开头结尾', '开头'],
  ['an item', '- 开头结尾\n- 后面', '开头'],
  ['an item of the second level', '- 前面\n  - 开头结尾', '开头'],
  ['a quotation', '> 开头结尾', '开头'],
  ['a table cell', '| 开头结尾 | 旁边 |\n| --- | --- |', '开头'],
];

test.for(PLACES)('Nothing is lost of what is pasted into %s', async ([, markdown, words]) => {
  const pasted =
    '<h2>题目</h2><p>段落</p><ul><li>项<ul><li>子项</li></ul></li></ul><blockquote>引文</blockquote><table><tr><td>格</td><td>子</td></tr></table>';
  const letters = (text: string): string =>
    [...text.matchAll(/\p{Script=Han}/gu)]
      .map(([one]) => one)
      .sort()
      .join('');
  await body.write(markdown);
  await body.copy({ html: pasted });
  await body.write(markdown, words);
  await body.paste();
  await expect.poll(async () => letters(await body.value())).toBe(letters(markdown + pasted));
  expect(await body.text.locator('li li li').count()).toBe(0);
  await body.press('ControlOrMeta+z');
  await becomes(markdown);
});

test('What is copied here is pasted here as it was', async () => {
  const markdown = '## 甲\n\n- 乙\n  1. **丙**[丁](https://example.cn/)\n\n| 戊 |\n| --- |\n\n```\n码\n```\n\n~~己~~';
  await body.write(markdown);
  await body.press('ControlOrMeta+a', 'ControlOrMeta+x');
  await becomes('');
  await body.paste();
  await becomes(markdown);
});

test('What is copied as plain text has its lines, and what cannot be changed too', async () => {
  await body.write('甲\\\n乙\n\n~~丙~~');
  await body.press('ControlOrMeta+a', 'ControlOrMeta+c');
  await body.write('');
  await body.paste(true);
  await becomes('甲\n\n乙\n\n丙');
});

test('Empty paragraphs, which no page shows, are not made', async () => {
  await body.write('甲', '甲');
  await body.press('Enter', 'Enter', 'Enter');
  await body.page.getByText('网页上段与段之间不空行').waitFor();
  expect(await body.text.locator('p').count()).toBe(2);
  await body.type('乙');
  await becomes('甲\n\n乙');
});

test('200 kB of HTML are pasted and undone', async () => {
  const words = '志愿者把绿豆汤送到了工地。';
  const html = Array.from(
    { length: 2000 },
    (_, index) =>
      `<p style="margin:0;color:#333;font-size:${index}px;font-family:仿宋_GB2312"><span>${words}${index}</span></p>`,
  ).join('');
  expect(html.length).toBeGreaterThan(180_000);
  await body.write('甲');
  await body.copy({ html });
  await body.paste();
  await expect.poll(async () => (await body.value()).split('\n\n').length).toBe(2000);
  await body.page.getByTestId('counter').filter({ hasText: '请删减' }).waitFor();
  await body.press('ControlOrMeta+z');
  await becomes('甲');
});

test('Files and text from outside are dropped where the mouse is', async () => {
  await body.write('甲\n\n乙');
  const drop = async (fill: { text?: string; file?: string }): Promise<void> =>
    body.page.evaluate(({ text, file }) => {
      const transfer = new DataTransfer();
      if (text !== undefined) transfer.setData('text/html', text);
      if (file !== undefined)
        transfer.items.add(new File(['x'], file, { type: file.endsWith('.jpg') ? 'image/jpeg' : '' }));
      const target = document.querySelector('.writing p:last-of-type');
      const { left, top, height } = target?.getBoundingClientRect() ?? new DOMRect();
      target?.dispatchEvent(
        new DragEvent('drop', {
          bubbles: true,
          cancelable: true,
          dataTransfer: transfer,
          clientX: left + 60,
          clientY: top + height / 2,
        }),
      );
    }, fill);
  await drop({ text: '<b>丙</b><img width=200 src="https://x.example/a.png">' });
  await becomes('甲\n\n乙**丙**');
  expect(await body.notice.innerText()).toContain('有 1 张图片没有放进正文');
  await drop({ file: '一.jpg' });
  await becomes('甲\n\n乙**丙**');
  expect(await body.notice.innerText()).toContain('有 1 张图片没有放进正文');
  await drop({ file: '稿.wps' });
  expect(await body.notice.innerText()).toContain('文件“稿.wps”没有放进正文');
});

test('A value from outside is taken, and one that shows the same leaves caret and history alone', async () => {
  await body.write('甲', '甲');
  await body.type('乙');
  await body.set('甲乙\n');
  await body.type('丙');
  await becomes('甲乙丙\n');
  await body.set('一、外面来的');
  await expect.poll(async () => body.text.innerText()).toBe('一、外面来的');
  await body.page.getByRole('button', { name: '把这 1 行排成小标题' }).click();
  await becomes('## 一、外面来的');
});

test('A click below a table starts a paragraph', async () => {
  await body.write('| 甲 |\n| --- |');
  const { x = 0, y = 0, height = 0 } = (await body.text.boundingBox()) ?? {};
  await body.page.mouse.click(x + 50, y + height - 10);
  await body.type('乙');
  await becomes('| 甲 |\n| --- |\n\n乙');
});

test('A kept block is shown as on the page, explained, and can be deleted', async () => {
  await body.write('甲\n\n<div>乙<script>alert(1)</script></div>\n\n~~丙~~');
  const kept = body.text.locator('.kept');
  expect(await kept.count()).toBe(2);
  expect(await kept.first().locator('.kept-shown').innerText()).toBe('乙');
  expect(await kept.last().locator('.kept-shown s').innerText()).toBe('丙');
  expect(await body.changes()).toBe(0);
  await kept.first().getByRole('button', { name: '删去这一段' }).click();
  await becomes('甲\n\n~~丙~~');
});

test('The field is usable with a screen reader, in light and dark', async () => {
  for (const colorScheme of ['light', 'dark'] as const) {
    await body.page.emulateMedia({ colorScheme });
    await body.write(`## 题\n\n甲[乙](https://example.cn/)\n\n- 丙\n\n> 丁\n\n${TABLE}\n\n~~戊~~`);
    await body.select('丙');
    expect(await axeFaults(body.page, '.body-control')).toEqual([]);
  }
  expect(await body.page.getByRole('textbox', { name: '正文' }).count()).toBe(1);
  await body.page.emulateMedia({ colorScheme: 'light' });
});

test('A text over the limit, and one that cannot be written as it is shown, are not saved', async () => {
  await body.write('字'.repeat(2000));
  expect(await body.refusal()).toBeUndefined();
  await body.type('多');
  await becomes(`${'字'.repeat(2000)}多`);
  expect(await body.refusal()).toMatch(/正文有 2001 字，超过上限 2000 字/u);
  await body.write('甲');
  await body.breakWriting();
  await body.type('乙');
  await becomes('甲乙');
  expect(await body.refusal()).toMatch(/正文里有一处排版存不下来.*还没有保存/u);
  await body.page.getByText('正文里有一处排版存不下来').waitFor();
});

test('On a telephone the toolbar is above the on-screen keyboard, and covers no caret', async ({ browser }) => {
  const phone = await BodyPage.open(browser, { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true });
  const lines = Array.from({ length: 40 }, (_, index) => `第 ${index} 段`).join('\n\n');
  await phone.write(lines);
  const height = 340;
  // The keyboard of a telephone makes the visual viewport smaller than the window.
  await phone.page.evaluate((covered) => {
    const { visualViewport } = window;
    if (!visualViewport) return;
    Object.defineProperty(visualViewport, 'height', { value: window.innerHeight - covered });
    visualViewport.dispatchEvent(new Event('resize'));
  }, height);
  const bar = phone.page.locator('.writing-bar');
  const bottom = async (): Promise<number> => {
    const { y = 0, height: tall = 0 } = (await bar.boundingBox()) ?? {};
    return Math.round(y + tall);
  };
  await expect.poll(bottom).toBe(844 - height);
  const small = await bar
    .locator('button')
    .evaluateAll((buttons) =>
      buttons
        .map((button) => button.getBoundingClientRect())
        .filter(({ width, height: tall }) => width < 44 || tall < 44),
    );
  expect(small).toEqual([]);
  expect(await phone.page.evaluate(() => document.documentElement.scrollWidth)).toBe(390);
  // The caret stays above the toolbar while somebody writes on.
  await phone.press('Enter');
  await phone.type('新');
  const caret = async (): Promise<number> =>
    phone.page.evaluate(() => getSelection()?.getRangeAt(0).getBoundingClientRect().bottom ?? Infinity);
  await expect.poll(caret).toBeLessThan(((await bar.boundingBox())?.y ?? 0) + 1);
  await phone.tool('strong').tap();
  await phone.type('粗');
  await expect.poll(async () => phone.value()).toMatch(/新\*\*粗\*\*$/u);
  // A notice is seen wherever the caret is.
  await phone.copy({ html: '<img src="https://x.example/a.jpg" width="300">' });
  await phone.paste();
  await phone.page.getByRole('button', { name: '知道了' }).waitFor();
  expect((await phone.notice.boundingBox())?.y).toBeGreaterThanOrEqual(0);
  await phone.close();
});

// From a Word file to 送审: the form is filled, guesses are marked and checked, and other files are refused.
import { join } from 'node:path';
import type { Browser, Locator, Page } from 'playwright-core';
import { expect } from 'vitest';
import { stringify } from 'yaml';
import { editorBundle } from '../../../src/desk/api/editor-bundle.ts';
import { PROJECT_ROOT } from '../../../src/render/compile/build-cache.ts';
import { SHRUNK_BY_WORD } from '../../../src/word/notes.ts';
import { siteData } from '../../fixtures/content.ts';
import { texturedPhoto } from '../../fixtures/desk/desk.ts';
import { writtenStory, type DeskClient } from '../../fixtures/desk/desk-client.ts';
import { DeskSite } from '../../fixtures/desk/desk-site.ts';
import { zipOf, wordFile } from '../../fixtures/word/word-file.ts';
import { body, centred, inlinePicture, paragraph, plain, right, title } from '../../fixtures/word/word-xml.ts';
import { axeFaults } from '../driving/accessibility.ts';
import { dropFiles } from '../driving/dropped-files.ts';
import { Editor, type PickedFile } from '../driving/editor.ts';
import { noteFaults } from '../driving/faults.ts';
import { test } from '../driving/reader.ts';

const AUTHOR = { login: 'author', name: '示例作者', role: 'author', unit: 'jiefang' } as const;
const REVIEWER = { login: 'reviewer', name: '李审核', role: 'reviewer' } as const;
const NOTICE = { longSide: 1920, shortSide: 1080, min: 2, max: 3 };
const DOCX = 'application/vnd.openxmlformats-officedocument.wordprocessingml.document';

const admin = await editorBundle(join(PROJECT_ROOT, '.cache/admin'));

let site: DeskSite;
let browser: Browser;
let author: DeskClient;
let reviewer: DeskClient;
/** Faults (driving/faults.ts) of all pages. */
const faults: string[] = [];

function file(name: string, bytes: Uint8Array | string, mimeType = DOCX): PickedFile {
  return { name, mimeType, buffer: Buffer.from(bytes) };
}

/** Resolves to a document with two photos and one that Word has made smaller, by-lines, and a line of two names. */
async function story(): Promise<PickedFile> {
  const paragraphs = ['把红布铺上去，压好四个角，摆上台签。', '这天有风，气温8度。', '两位律师坐在桌子后面。'];
  const bytes = wordFile({
    body: [
      title('把法律咨询台摆到工地上'),
      body('3月17日傍晚，解放区总工会的志愿者来到示例工地。'),
      paragraph(inlinePicture('rIdP1', { alt: '律师看合同' })),
      centred('律师在灯下为工友看劳动合同（李岚 摄）'),
      ...paragraphs.map(body),
      plain('王芳 李明'),
      ...paragraphs.map(body),
      paragraph(inlinePicture('rIdP2')),
      paragraph(inlinePicture('rIdP3', { crop: 'l="20000"' })),
      ...paragraphs.map(body),
      plain('活动地点：示例工地'),
      right('校对：赵六'),
    ].join(''),
    media: {
      'image1.jpeg': await texturedPhoto(1920, 1080),
      'image2.jpeg': await texturedPhoto(2000, 1200),
      'image3.jpeg': await texturedPhoto(1299, 731),
    },
    modified: '2021-03-20T08:00:00Z',
  });
  return file('咨询台.docx', bytes);
}

test.beforeAll(async ({ browser: running }) => {
  browser = running;
  site = await DeskSite.open((content) => content.write('site.yml', stringify(siteData({ photo: NOTICE }))));
  site.furnish(admin);
  [author, reviewer] = await Promise.all([site.client(AUTHOR), site.client(REVIEWER)]);
});

test.afterAll(async () => {
  await browser?.close();
  await site?.dispose();
});

async function sitting(client: DeskClient, viewport: { width: number; height: number }): Promise<Editor> {
  const editor = await Editor.withSession(browser, client, { viewport });
  await noteFaults(editor.page, site.desk.origin, faults);
  return editor;
}

/** Counts of what a person does in a page. */
interface Counts {
  clicks: number;
  keys: number;
}

/** Counts the clicks and keys of a page from now on, also after it is loaded again. */
async function counting(page: Page): Promise<Counts> {
  const counts = { clicks: 0, keys: 0 };
  await page.exposeFunction('noteInput', (type: string) => {
    counts[type === 'keydown' ? 'keys' : 'clicks'] += 1;
  });
  await page.addInitScript(() => {
    for (const type of ['pointerdown', 'keydown']) {
      document.addEventListener(
        type,
        ({ isTrusted }) => {
          const note: unknown = Reflect.get(window, 'noteInput');
          if (isTrusted && typeof note === 'function') note(type);
        },
        true,
      );
    }
  });
  return counts;
}

const panel = ({ page }: Editor): Locator => page.getByTestId('word');
const mark = ({ page }: Editor, name: string): Locator => page.getByTestId(`to-check-${name}`);

const lines = ({ page }: Editor): Locator => page.getByTestId('word-lines');
const openNotes = ({ page }: Editor): Locator => page.getByTestId('open-notes');

/** Types into a field as a person does: a click and keys. Chinese characters come without keys and count as one each. */
async function type(editor: Editor, label: string, text: string, counts: Counts): Promise<void> {
  await editor.field(label).click();
  await editor.page.keyboard.type(text);
  counts.keys += [...text].filter((character) => /\p{Script=Han}/u.test(character)).length;
}

/** Chooses an option of a list: two clicks, which the browser does not report. */
async function choose(list: Locator, value: string, counts: Counts): Promise<void> {
  await list.selectOption(value);
  counts.clicks += 2;
}

/** Waits until the panel names these guesses, and no others. */
async function unchecked(editor: Editor, ...names: readonly string[]): Promise<void> {
  const list = editor.page.getByTestId('word-unchecked');
  await list.getByText(`还有 ${names.length} 处请核对：`).waitFor();
  expect(await list.getByRole('button').allInnerTexts()).toEqual(names);
}

/** Returns the least height in CSS pixels of the buttons, and faults of accessibility, in a part of the page. */
async function measured(editor: Editor, part: string): Promise<{ least: number; faults: unknown[] }> {
  const heights = await editor.page
    .locator(`${part} :is(button, .word-pick)`)
    .evaluateAll((all) => all.map((one) => one.getBoundingClientRect().height));
  return { least: Math.min(...heights), faults: await axeFaults(editor.page, part) };
}

test('An author makes a story of a Word file, checks the guesses, saves it and sends it to review', async () => {
  const editor = await sitting(author, { width: 1440, height: 1000 });
  const { page } = editor;
  const counts = await counting(page);
  const document = await story();
  await page.goto(`${site.desk.origin}/desk/`);
  const start = Date.now();
  await page.getByRole('link', { name: '从 Word 导入故事' }).click();
  await page.getByTestId('word').waitFor();
  expect(await page.evaluate(() => window.document.activeElement?.getAttribute('type'))).toBe('file');
  const chooser = page.waitForEvent('filechooser');
  await page.locator('.word-pick').click();
  await (await chooser).setFiles(document);

  await panel(editor).getByText('已从“咨询台.docx”读入：标题、日期、地点、校对、正文。').waitFor();
  expect(await editor.field('标题').inputValue()).toBe('把法律咨询台摆到工地上');
  expect(await editor.field('日期').inputValue()).toBe('2021-03-17');
  expect(await editor.field('地点').inputValue()).toBe('示例工地');
  expect(await editor.field('校对').inputValue()).toBe('赵六');
  expect(await panel(editor).innerText()).toContain('文档里没有找到：撰稿、摘要。');
  expect(await panel(editor).innerText()).toContain('有 1 张照片在 Word 里裁剪过');
  // Two photos are accepted. The one that Word has made smaller is not, and a sentence names the way to the original.
  await page.getByTestId('photo-errors').getByText(SHRUNK_BY_WORD).waitFor();
  expect(await page.getByTestId('photo').count()).toBe(2);
  expect(await editor.field('照片 1 图片说明').inputValue()).toBe('律师在灯下为工友看劳动合同');
  expect(await editor.field('照片 1 摄影').inputValue()).toBe('李岚');
  expect(await editor.field('照片 1 替代文字').inputValue()).toBe('律师看合同');

  await unchecked(editor, '日期', '图片说明和摄影');
  expect(await mark(editor, 'date').innerText()).toContain('按正文的月日，年份是推测的');
  await page.getByTestId('word-unchecked').getByRole('button', { name: '日期' }).press('Enter');
  await page.keyboard.press('Enter');
  await unchecked(editor, '图片说明和摄影');
  expect(await editor.field('日期').evaluate((field) => field === window.document.activeElement)).toBe(true);

  await lines(editor).getByRole('button', { name: '“王芳 李明”：撰稿' }).click();
  expect(await editor.field('撰稿').inputValue()).toBe('王芳 李明');
  await lines(editor).getByRole('button', { name: '放回正文' }).click();
  expect(await editor.field('撰稿').inputValue()).toBe('');
  await lines(editor).getByRole('button', { name: '“王芳 李明”：撰稿' }).click();
  await lines(editor).getByText('已写进撰稿：王芳 李明。').waitFor();
  expect(await measured(editor, '[data-testid=word]')).toEqual({ least: expect.any(Number), faults: [] });

  await choose(page.getByTestId('choose-activity'), 'legal-aid', counts);
  await type(editor, '摘要', '律师到工地，为工友看合同。', counts);
  await type(editor, '照片 2 替代文字', '工地路口', counts);
  await type(editor, '照片 2 图片说明', '志愿者在工地的路口摆好桌子', counts);
  await type(editor, '照片 2 摄影', '李岚', counts);
  for (const number of [1, 2]) await choose(editor.field(`照片 ${number} 肖像许可`), 'public', counts);
  const place = await editor.saveNew();

  // What is to be checked is kept in a comment, as an import keeps it, and is there again on another computer.
  await openNotes(editor).filter({ hasText: '1 条未处理' }).waitFor();
  await mark(editor, 'photos').waitFor();
  await editor.setState('待审');
  await page.getByText('还有 1 处没有核对：图片说明和摄影').waitFor();
  process.stdout.write(`From Word to 送审: ${counts.clicks} clicks, ${counts.keys} keys, ${Date.now() - start} ms.\n`);
  expect(counts.clicks).toBeLessThan(36);
  expect(counts.keys).toBeLessThan(154);

  const [unit = '', id = ''] = place.split('/');
  const draft = (await site.desk.draft({ unit, id, raw: '' })) ?? '';
  expect(draft).toContain('title: 把法律咨询台摆到工地上');
  expect(draft).toContain('date: 2021-03-17');
  expect(draft).toContain('author: 王芳 李明');
  expect(draft).toContain('caption: 律师在灯下为工友看劳动合同');
  expect(draft).not.toContain('_word');
  expect(draft.split('---\n').at(-1)).not.toContain('王芳');

  await editor.openStory(place);
  await mark(editor, 'photos').waitFor();
  expect(await mark(editor, 'date').count()).toBe(0);
  await mark(editor, 'photos').getByRole('button').click();
  await openNotes(editor).filter({ hasText: '1 条，都已处理' }).waitFor();
  await editor.page.context().close();
});

const SAVE_AS = '请用 Word 或 WPS 打开，选“文件 › 另存为”';
const refusals: readonly [file: PickedFile, sentence: string][] = [
  [file('旧.doc', Uint8Array.of(0xd0, 0xcf, 0x11, 0xe0, ...new Uint8Array(600)), 'application/msword'), SAVE_AS],
  [file('稿.pdf', '%PDF-1.7\n', 'application/pdf'), '这是 PDF，文字的段落和照片的原图都取不出来'],
  [file('包.zip', zipOf({ '稿.txt': '正文' }), 'application/zip'), '这是压缩包，不是 Word 文档'],
  [file('坏.docx', wordFile({ body: plain('正文') }).subarray(0, 300)), '文档不完整或已损坏'],
  [file('表.txt', '正文', 'text/plain'), '这不是 Word 文档'],
];

test('Guesses of an import are marked too; its comment gives way to a shorter one', async () => {
  const imported = writtenStory('jiefang', '20200520-120000ab', [], { title: '井台边' });
  expect((await site.desk.save(imported, null)).status).toBe(200);
  const content = '由 Word 文件“井台.docx”导入。\n请核对：标题（按第一行）、日期（按落款）。';
  const place = { collection: 'stories', slug: `jiefang/${imported.id}/index` };
  expect((await site.desk.call('addNote', { ...place, note: { content } })).status).toBe(200);
  const editor = await sitting(author, { width: 1440, height: 1000 });
  await editor.openStory(`jiefang/${imported.id}`);
  await unchecked(editor, '标题', '日期');
  await mark(editor, 'title').getByRole('button', { name: '核对过了：标题' }).click();
  await mark(editor, 'title').waitFor({ state: 'detached' });
  await openNotes(editor).filter({ hasText: '1 条未处理' }).waitFor();
  await editor.page.getByTestId('note').getByText('请核对：日期（按落款）。').waitFor();
  await editor.openStory(`jiefang/${imported.id}`);
  await unchecked(editor, '日期');

  // Another document: its guesses take the place of the earlier ones, in the same comment.
  const again = wordFile({ body: plain('新的井台') + body('志愿者修好了老井。') + right('2020年5月22日') });
  await editor.page.getByTestId('word-input').setInputFiles(file('新.docx', again));
  await editor.page.getByRole('button', { name: '换成 Word 里的' }).click();
  await unchecked(editor, '标题', '日期');
  expect(await editor.save()).toBe(200);
  await editor.page.getByTestId('note').getByText('由 Word 文件“新.docx”导入。').waitFor();
  await openNotes(editor).filter({ hasText: '1 条未处理' }).waitFor();
  await mark(editor, 'title').getByRole('button').click();
  await mark(editor, 'date').getByRole('button').click();
  await openNotes(editor).filter({ hasText: '2 条，都已处理' }).waitFor();
  await editor.page.context().close();
});

test('At a phone: other files are refused, a filled form is replaced only with consent, and can be taken back', async () => {
  const editor = await sitting(reviewer, { width: 390, height: 844 });
  const { page } = editor;
  await editor.openNewStory();
  for (const [given, sentence] of refusals) {
    await dropFiles(page, '[data-testid=photo-drop]', [given]);
    await page.getByTestId('word-refused').getByText(`“${given.name}”：`).waitFor();
    expect(await page.getByTestId('word-refused').innerText()).toContain(sentence);
  }
  await dropFiles(page, 'body', [file('一.docx', 'PK'), file('二.docx', 'PK')]);
  await page.getByTestId('word-refused').getByText('一次只能读入一个文档').waitFor();
  await page.getByTestId('word-refused').getByRole('button', { name: '知道了' }).click();
  expect(await page.getByTestId('word-refused').count()).toBe(0);

  await editor.field('标题').fill('原来的标题');
  await editor.field('地点').fill('原来的地点');
  await dropFiles(page, 'body', [await story()]);
  const dialog = page.getByRole('dialog', { name: '换成 Word 里的内容吗？' });
  await dialog.getByText('表里已经写了标题、地点。').waitFor();
  await dialog.getByRole('button', { name: '不换了' }).click();
  expect(await editor.field('标题').inputValue()).toBe('原来的标题');
  await dropFiles(page, 'body', [await story()]);
  await dialog.getByRole('button', { name: '换成 Word 里的' }).click();
  await expect.poll(async () => editor.field('标题').inputValue()).toBe('把法律咨询台摆到工地上');
  await mark(editor, 'date').waitFor();
  await page.getByTestId('photo').first().waitFor();
  for (const part of ['[data-testid=word]', '[data-testid=word-lines]', '.to-check']) {
    const { least, faults: found } = await measured(editor, part);
    expect(least).toBeGreaterThanOrEqual(44);
    expect(found).toEqual([]);
  }
  const width = await page.evaluate(() => window.document.documentElement.scrollWidth);
  expect(width).toBeLessThanOrEqual(390);

  // A field that is changed counts as checked.
  await editor.field('日期').fill('2021-03-16');
  await mark(editor, 'date').waitFor({ state: 'detached' });
  await panel(editor).getByRole('button', { name: '取回原来的内容' }).click();
  await expect.poll(async () => editor.field('标题').inputValue()).toBe('原来的标题');
  expect(await editor.field('地点').inputValue()).toBe('原来的地点');
  expect(await editor.field('日期').inputValue()).toBe('');
  await page.getByTestId('photo').waitFor({ state: 'detached' });
  expect(await page.getByTestId('word-unchecked').count()).toBe(0);
  await expect.poll(async () => page.locator('[data-testid=photo-input]:enabled').count()).toBe(1);
  expect(await page.getByTestId('photo').count()).toBe(0);
  await editor.page.context().close();
});

test('All this went without an error, a breach of a policy or a request to another host', () => {
  const expected = [
    // The desk's response if an entry has no draft.
    `404: ${site.desk.origin}/api/v1`,
  ];
  expect(faults.filter((fault) => !expected.includes(fault))).toEqual([]);
});

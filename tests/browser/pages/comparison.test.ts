// The desk's comparison of two versions as a page: seen, read aloud, by keyboard, on a telephone and on paper.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { entryRefOf } from '../../../src/desk/domain/entry-ref.ts';
import { compareVersions } from '../../../src/desk/history/version-diff.ts';
import { readVersion, type ReadVersion } from '../../../src/desk/history/version.ts';
import { comparisonView } from '../../../src/desk/pages/comparison/comparison-view.ts';
import { deskPageHtml } from '../../../src/desk/pages/shell/page-shell.ts';
import { PROJECT_ROOT } from '../../../src/render/compile/build-cache.ts';
import { markdown, photoData, storyData, type FrontMatter } from '../../fixtures/content.ts';
import { axeFaults } from '../driving/accessibility.ts';
import { test } from '../driving/reader.ts';

const STYLES = ['src/styles/colours.css', 'src/desk/pages/desk.css', 'src/desk/pages/history.css'];
const ID = '20210401-080001aa';
const name = entryRefOf('stories', `jiefang/${ID}`);
const LONG = '志愿者们一早就到了工地，把三大桶绿豆汤抬下车，一碗一碗地端到工人手里。';
const UNCHANGED = Array.from({ length: 8 }, (_, index) => `第${index}段：${LONG}`).join('\n\n');
const TABLE = '| 项目 | 数量 |\n|---|--:|\n| 绿豆汤 |';

function version(changes: FrontMatter, body: string): ReadVersion | undefined {
  const text = markdown(storyData(ID, 'jiefang', { photos: [photoData('a.jpg')], ...changes }), body);
  return readVersion(name, { commit: '0'.repeat(40), text, photos: new Map([['a.jpg', '1']]) });
}

function comparison(): string {
  const before = version(
    { title: '绿豆汤送到工地' },
    `## 一早出发\n\n天很热。\n\n${UNCHANGED}\n\n- 汤三桶\n\n${TABLE} 120 份 |\n\n移走的一段，${LONG}\n\n完。`,
  );
  const after = version(
    { title: '酸梅汤送到工地', photos: [photoData('a.jpg'), photoData('b.jpg')] },
    `### 一早出发\n\n移走的一段，${LONG}\n\n天很冷。\n\n${UNCHANGED}\n\n- 汤三桶\n- 草帽\n\n${TABLE} 150 份 |\n\n完。[谢谢](https://example.org/${'a'.repeat(80)})`,
  );
  const side = { commit: '0'.repeat(40), erased: new Map<string, string>() };
  const sides = { before: { ...side, title: '旧' }, after: { ...side, title: '新' } };
  const content = comparisonView(name, compareVersions('stories', before, after), sides);
  const styles = STYLES.map((file) => readFileSync(join(PROJECT_ROOT, file), 'utf8')).join('\n');
  return deskPageHtml({ title: '比较', content }).replace(/<link rel="stylesheet"[^>]*>/u, `<style>${styles}</style>`);
}

test('A comparison is marked by more than colour, folds what is unchanged, and breaks no rule of axe', async ({
  page,
}) => {
  await page.setViewportSize({ width: 390, height: 844 });
  await page.setContent(comparison());
  const decoration = async (selector: string): Promise<string> =>
    page
      .locator(selector)
      .first()
      .evaluate((element) => getComputedStyle(element).textDecorationLine);
  expect(await decoration('.prose del')).toBe('line-through');
  expect(await decoration('.prose ins')).toBe('underline');
  expect(await page.locator('.prose p', { hasText: '天很' }).first().ariaSnapshot()).toMatch(
    /天很.*deletion: 〔去掉〕 ?热 ?〔完〕.*insertion: 〔加上〕 ?冷 ?〔完〕/su,
  );
  const fold = page.getByText('略去 6 段没有改动的');
  expect(await page.getByText('第3段').isVisible()).toBe(false);
  expect((await fold.boundingBox())?.height).toBeGreaterThanOrEqual(44);
  await fold.focus();
  await page.keyboard.press('Enter');
  expect(await page.getByText('第3段').isVisible()).toBe(true);
  for (const width of [390, 1440]) {
    await page.setViewportSize({ width, height: 844 });
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(width);
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme });
      expect(await axeFaults(page)).toEqual([]);
    }
  }
  // The text for screen readers is not copied.
  const copied = await page.evaluate(() => {
    getSelection()?.selectAllChildren(document.querySelector('.prose') ?? document.body);
    return getSelection()?.toString() ?? '';
  });
  expect(copied).toContain('天很热冷。');
  expect(copied).not.toMatch(/〔|（原来/u);
  await page.emulateMedia({ media: 'print' });
  expect(await decoration('.prose del')).toBe('line-through');
  expect(await decoration('.prose ins')).toBe('underline');
});

// A Word document of about 50 MB with three photos of 24 megapixels is read, judged and sent with its progress shown
// (the time is printed; on two idle cores it should be below 25 s); reading can be cancelled.
import { join } from 'node:path';
import { writeFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import sharp from 'sharp';
import { expect } from 'vitest';
import { stringify } from 'yaml';
import { editorBundle } from '../../../src/desk/api/editor-bundle.ts';
import { PROJECT_ROOT } from '../../../src/render/compile/build-cache.ts';
import { siteData } from '../../fixtures/content.ts';
import { DeskSite } from '../../fixtures/desk/desk-site.ts';
import { wordFile } from '../../fixtures/word/word-file.ts';
import { body, centred, inlinePicture, paragraph, title } from '../../fixtures/word/word-xml.ts';
import { Editor } from '../driving/editor.ts';
import { test } from '../driving/reader.ts';

const NOTICE = { longSide: 1920, shortSide: 1080, min: 2, max: 3 };

const admin = await editorBundle(join(PROJECT_ROOT, '.cache/admin'));

/** Resolves to a JPEG of 24 megapixels and some 17 MB. The colour differs for each number. */
async function large(number: number): Promise<Uint8Array> {
  const noise = { type: 'gaussian', mean: 110 + 20 * number, sigma: 20 } as const;
  return sharp({ create: { width: 6000, height: 4000, channels: 3, noise, background: '#000' } })
    .jpeg({ quality: 95 })
    .toBuffer();
}

test('A document of 50 MB is read with progress, and reading can be cancelled', async ({ browser }) => {
  const folder = mkdtempSync(join(tmpdir(), 'large-word-'));
  const site = await DeskSite.open((content) => content.write('site.yml', stringify(siteData({ photo: NOTICE }))));
  try {
    site.furnish(admin);
    const photos = [await large(0), await large(1), await large(2)];
    const path = join(folder, '大.docx');
    const bytes = wordFile({
      body: [
        title('播种的人'),
        body('2021年4月2日，志愿者走进苗圃。'),
        ...photos.flatMap((_, index) => [
          paragraph(inlinePicture(`rIdP${index + 1}`)),
          centred(`志愿者播种的第${index + 1}个现场（韩雪摄）`),
        ]),
      ].join(''),
      media: Object.fromEntries(photos.map((photo, index) => [`image${index + 1}.jpeg`, photo])),
    });
    writeFileSync(path, bytes);
    const editor = await Editor.withSession(browser, site.desk, { viewport: { width: 1440, height: 1000 } });
    const { page } = editor;
    const progress = page.getByTestId('word-progress');
    await editor.openNewStory();

    await page.getByTestId('word-input').setInputFiles(path);
    await progress.getByRole('button', { name: '不读了' }).click();
    await page.getByTestId('word-input').waitFor({ state: 'attached' });
    expect(await editor.field('标题').inputValue()).toBe('');

    const start = performance.now();
    await page.getByTestId('word-input').setInputFiles(path);
    await progress.waitFor();
    await page.getByTestId('word-read').waitFor();
    const read = performance.now();
    await progress.getByText('正在检查和上传照片：还有 2 张，共 3 张').waitFor();
    await progress.waitFor({ state: 'detached' });
    const end = performance.now();
    const count = await page.getByTestId('photo').count();
    const refused = await page.getByTestId('photo-errors').innerText();
    process.stdout.write(
      `${(bytes.length / 1e6).toFixed(1)} MB: read ${Math.round(read - start)} ms, all ${Math.round(end - start)} ms, ${count} photos. ${refused}\n`,
    );
    expect(count).toBe(3);
  } finally {
    await site.dispose();
    rmSync(folder, { recursive: true, force: true });
  }
});

// Pictures for authors.
import type { Browser } from 'playwright-core';
import sharp from 'sharp';
import type { DeskClient } from '../../../tests/fixtures/desk/desk-client.ts';
import { keepBeside, shoot, take } from './camera.ts';
import {
  fileStory,
  move,
  note,
  paragraphsOf,
  PASSWORD,
  PHOTOGRAPHER,
  people,
  placeOf,
  sampleStory,
  save,
  type Place,
  type SampleDesk,
} from './sample-desk.ts';
import { Seat, TELEPHONE, type PickedFile } from './seat.ts';

/** The story that is written while pictures are taken, and the one that was returned. */
const WRITTEN = sampleStory('shanyang/20210702-084500qr');
export const RETURNED = sampleStory('shanyang/20200403-101811de');
const RETURNED_FILE = `stories/${RETURNED.unit}/${RETURNED.id}/index.md`;
const REASON = '摘要里没有写热线是哪一天开的，请补上；标题里的时间，请和值班记录核对一下。';

const WISH: Place = { collection: 'wishes', slug: '20210628-151020mn' };
const WISH_TEXT = `id: ${WISH.slug}
group: 空巢老人
alias: 北街的陈奶奶
wish: 想要一把能坐着择菜的矮凳子，别太沉。
unit: shanyang
state: open
updated: 2021-06-28
`;

/** Returns the place of an entry in the editor's addresses. */
export function entryAddress({ collection, slug }: Place): string {
  return `collections/${collection}/entries/${slug}`;
}

/** Returns a value of the written story's front matter. */
function said(key: string): string {
  return new RegExp(`^${key}: (.+)$`, 'mu').exec(WRITTEN.raw)?.[1] ?? '';
}

/** Follows the link of an invitation; returns the author, signed in. */
export async function acceptInvitation(browser: Browser, desk: SampleDesk, link: string): Promise<Seat> {
  const { login, name } = people.author;
  const seat = await Seat.at(browser, desk.origin);
  await seat.page.goto(link);
  await seat.field('登录名').fill(login);
  await seat.field('姓名').fill(name);
  await seat.field('密码').fill(PASSWORD);
  const { page } = seat;
  await seat.resize(600);
  await take('invitation', page, { of: [page.locator('main h1'), page.locator('main form')] });
  await seat.resize();
  await seat.button('接受并登录').click();
  await page.getByRole('heading', { name: '工作台' }).waitFor();
  return seat;
}

/** Files the drafts of the author's start page: a story that is returned, and a wish in review. */
export async function fileAuthorsDrafts(author: DeskClient, reviewer: DeskClient): Promise<void> {
  const place = placeOf(RETURNED);
  const earlier = (raw: string): string =>
    raw.replace(/^title: .*$/mu, 'title: 夜班热线的一个晚上').replace('她没有问“喂”，也没有问“您是哪位”。', '');
  const first = await fileStory(author, RETURNED, { change: earlier });
  const photos = [...first.matchAll(/src: (\S+)/gu)].map(([, src = '']) => src);
  const whole = [...RETURNED.photos.keys()].reduce(
    (raw, name, at) => raw.replace(name, photos[at] ?? name),
    RETURNED.raw,
  );
  await save(author, place, RETURNED_FILE, whole);
  await move(author, place, 'pending_review');
  await note(reviewer, place, '两张照片都清楚。第二张是竖的，请放在后面，不要调到前面来。');
  await move(reviewer, place, 'draft', REASON);
  await note(author, place, '时间核对过了，值班记录上写的是2点07分。');
  await save(author, WISH, `wishes/${WISH.slug}.yml`, WISH_TEXT);
  await move(author, WISH, 'pending_review');
}

/** Picks photos for the story that is written: one is too small, two are right. */
async function addPhotos(seat: Seat): Promise<void> {
  const { page } = seat;
  const files = [...WRITTEN.photos].map(([, buffer], at): PickedFile => ({
    name: `IMG_20${71 + at}.jpg`,
    mimeType: 'image/jpeg',
    buffer,
  }));
  const [wide] = files;
  if (!wide) throw new Error('The story has no photos.');
  const small = await sharp(wide.buffer).resize({ width: 1080 }).jpeg({ quality: 80 }).toBuffer();
  await seat.pick({ name: '微信图片_20210628.jpg', mimeType: 'image/jpeg', buffer: small });
  const refused = page.getByTestId('photo-errors');
  await refused.getByRole('button', { name: '复制给发照片的人' }).waitFor();
  await seat.show(refused);
  await take('photo-refused', page, {
    of: [page.getByTestId('photos')],
    margin: 30,
    marks: [
      refused.getByRole('button', { name: '复制给发照片的人' }),
      refused.getByRole('button', { name: '仍要上传，请审核人豁免' }),
    ],
  });
  await seat.pick(...files);
  await seat.photo(files.length).waitFor();
  await page.locator('[data-testid=photo-input]:enabled').waitFor({ state: 'attached' });
  const about = [...WRITTEN.raw.matchAll(/alt: (.+)\n {4}caption: (.+)\n/gu)];
  for (const [at, [, alt = '', caption = '']] of about.entries()) {
    await seat.field(`照片 ${at + 1} 替代文字`).fill(alt);
    await seat.field(`照片 ${at + 1} 图片说明`).fill(caption);
    await seat.field(`照片 ${at + 1} 摄影`).fill(PHOTOGRAPHER);
    await seat.field(`照片 ${at + 1} 肖像许可`).selectOption('public');
  }
  await seat.show(seat.photo(1));
  await take('photo', page, { of: [seat.photo(1)] });
}

/** Writes a new story up to the moment at which it waits for review. */
export async function writeStory(seat: Seat): Promise<void> {
  const { page } = seat;
  await seat.edit('collections/stories/new', '标题');
  await seat.field('标题').fill(WRITTEN.title);
  await seat.field('日期').fill(said('date'));
  await seat.field('地点').fill(said('place'));
  await page.getByTestId('choose-activity').selectOption(said('activity'));
  await seat.field('摘要').fill(said('summary'));
  await take('new-story', page, { marks: [seat.button('保存'), seat.field('标题'), page.getByTestId('faults')] });

  await addPhotos(seat);
  // Few enough for the count below to be in the picture.
  await seat.writeBody(paragraphsOf(WRITTEN).slice(0, 4));
  const body = page.locator('.body-control');
  await seat.show(body);
  await take('body', page, {
    of: [body],
    margin: 24,
    marks: [body.getByTestId('counter'), body.locator('[data-tool=entry]')],
  });

  await seat.save();
  await seat.status.click();
  await page.getByRole('menuitem', { name: '待审' }).click();
  const missing = page.getByTestId('faults');
  await missing.getByRole('button', { name: '缺少校对' }).waitFor();
  await take('faults', page, { marks: [missing] });
  await seat.field('撰稿').fill(said('author'));
  await seat.field('校对').fill(said('proofreader'));
  await seat.save();
}

/** Takes the start page and sends the story to review. */
export async function sendStory(seat: Seat): Promise<void> {
  const { page } = seat;
  const opened = page.url();
  await seat.open('/desk/');
  await seat.resize(1080, 940);
  await take('start', page, {
    marks: [
      page.locator('nav'),
      page.locator('main .message').first(),
      page.locator('.places').first(),
      seat.section(/^退回来了/u),
      seat.section(/^草稿/u),
      seat.section(/^已送审/u),
    ],
  });
  await seat.resize();
  await page.goto(opened);
  await seat.field('标题').waitFor();
  await seat.previewed();
  await seat.status.click();
  await take('send', page, { marks: [seat.status, page.getByRole('menuitem', { name: '待审' })] });
  await page.getByRole('menuitem', { name: '待审' }).click();
  await seat.status.filter({ hasText: '待审' }).waitFor();
}

/** Takes the returned story: reason, notes, history, a save without a connection, a save that comes too late. */
export async function mendStory(seat: Seat, reviewer: DeskClient): Promise<void> {
  const { page } = seat;
  const place = placeOf(RETURNED);
  await seat.edit(entryAddress(place), '标题');
  await seat.previewed();
  const returned = page.getByTestId('returned');
  await returned.waitFor();
  await take('returned', page, { marks: [returned] });
  const notes = page.getByTestId('notes').locator('details');
  await seat.field('写批注').fill('摘要里补上了“2月初开”，请再看看。');
  await seat.show(notes);
  await take('notes', page, { of: [notes], margin: 6 });

  await seat
    .field('摘要')
    .fill('热线2月初开，一部座机、一张行军床、一壶凉了又热的水。接电话最难学的本事，是不急着开口。');
  await seat.save();
  await seat.open(`/desk/history/stories/${RETURNED.unit}/${RETURNED.id}`);
  await take('history', page);

  await seat.edit(entryAddress(place), '标题');
  await seat.field('地点').fill('山阳区职工心灵驿站二楼值班室');
  await page.context().setOffline(true);
  await seat.button('保存').click();
  await page.getByTestId('notice-error').waitFor();
  await take('line-cut', page, { marks: [seat.button('保存')] });
  await page.context().setOffline(false);
  await seat.save();

  await seat.edit(entryAddress(place), '标题');
  const text = (await reviewer.draft({ unit: RETURNED.unit, id: RETURNED.id, raw: '' })) ?? '';
  await save(reviewer, place, RETURNED_FILE, text.replace(/^title: .*$/mu, 'title: 凌晨2点07分，她先听了40秒的沉默'));
  await seat.field('地点').fill('山阳区职工心灵驿站');
  await seat.button('保存').click();
  const link = page.getByTestId('notice-error').getByRole('link', { name: '打开比较' });
  const [comparison] = await Promise.all([page.context().waitForEvent('page'), link.click()]);
  await comparison.getByRole('button', { name: '把勾选的几处放进草稿' }).waitFor();
  await comparison.setViewportSize({ width: 1080, height: 940 });
  await take('conflict', comparison);
  await comparison.close();
}

/** Takes the desk on a phone. */
export async function onTelephone(browser: Browser, desk: SampleDesk, author: DeskClient): Promise<void> {
  const seat = await Seat.at(browser, desk.origin, author.cookie, TELEPHONE);
  await seat.open('/desk/');
  const start = await shoot(seat.page);
  await seat.edit(entryAddress(placeOf(RETURNED)), '标题');
  await seat.show(seat.field('标题'));
  const form = await shoot(seat.page);
  await seat.show(seat.photo(1));
  const photo = await shoot(seat.page);
  await keepBeside('phone', [start, form, photo]);
  await seat.leave();
}

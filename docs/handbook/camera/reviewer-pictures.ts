// Pictures for reviewers.
import sharp from 'sharp';
import type { DeskClient } from '../../../tests/fixtures/desk/desk-client.ts';
import { entryAddress, RETURNED } from './author-pictures.ts';
import { MARGIN_FOR_MARKS, take } from './camera.ts';
import { fileStory, move, note, people, placeOf, sampleStory, type Person, type SampleDesk } from './sample-desk.ts';
import type { Seat } from './seat.ts';

const APPROVED = sampleStory('library/20210424-094500jk');
const WAITING = sampleStory('xiuwu/20200513-090145fg');
const READY = sampleStory('machinery/20201118-093000kl');
const DRAFT = sampleStory('health/20210408-150700gh');
const WAIVED = sampleStory('wenxian/20200318-140233cd');

/** Files stories of other units, in every state. */
export async function fileOthersDrafts(
  desk: SampleDesk,
  administrator: DeskClient,
  reviewer: DeskClient,
): Promise<void> {
  const join = async (person: Person): Promise<DeskClient> => desk.join(administrator, person);
  const [librarian, farmer, welder, nurse, grower] = [
    await join(people.librarian),
    await join(people.farmer),
    await join(people.welder),
    await join(people.nurse),
    await join(people.grower),
  ];
  await fileStory(librarian, APPROVED);
  await move(librarian, placeOf(APPROVED), 'pending_review');
  await fileStory(farmer, WAITING);
  await move(farmer, placeOf(WAITING), 'pending_review');
  await fileStory(welder, READY);
  await move(welder, placeOf(READY), 'pending_review');
  await move(reviewer, placeOf(READY), 'pending_publish');
  await fileStory(nurse, DRAFT);
  const [old] = WAIVED.photos.keys();
  await fileStory(grower, WAIVED, {
    forWaiver: true,
    photo: async (bytes, name) =>
      name === old ? sharp(bytes).resize({ width: 1400 }).jpeg({ quality: 92 }).toBuffer() : bytes,
  });
  await note(grower, placeOf(WAIVED), '第一张是2009年用数码相机拍的，只有这么大，原来的文件已经找不到了，想请您豁免。');
}

/** Takes the start page, the board, approval, publication, withdrawal, a waiver and a comparison. */
export async function reviewStories(seat: Seat): Promise<void> {
  const { page } = seat;
  await seat.open('/desk/');
  await seat.resize(1080, 1330);
  await take('review-start', page, {
    marks: [/^等您审核/u, /^可以发布/u, /^退回待改/u, /^草稿/u].map((heading) => seat.section(heading)),
  });
  await seat.resize();

  await seat.open('/desk/board/');
  await page.getByRole('link', { name: READY.title }).waitFor();
  await take('board', page);

  await seat.edit(entryAddress(placeOf(APPROVED)), '标题');
  await seat.previewed();
  await seat.status.click();
  await take('approve', page, { marks: [seat.status, page.getByRole('menuitem', { name: '已通过' })] });
  await page.getByRole('menuitem', { name: '已通过' }).click();
  await seat.status.filter({ hasText: '已通过' }).waitFor();

  await seat.edit(entryAddress(placeOf(READY)), '标题');
  await seat.previewed();
  await seat.button('发布').click();
  await take('publish', page, { marks: [seat.button('发布'), page.getByRole('menuitem', { name: '立即发布' })] });
  await page.getByRole('menuitem', { name: '立即发布' }).click();
  await page.getByTestId('notice-done').waitFor();
  await take('live', page, { marks: [page.getByTestId('notice-done')] });

  await seat.edit(entryAddress(placeOf(READY)), '标题');
  await seat.previewed();
  await take('withdraw', page, { marks: [page.getByRole('button', { name: '撤稿…' })], numbers: 'right' });

  await seat.edit(entryAddress(placeOf(WAIVED)), '标题');
  await seat.field('照片 1 豁免理由').fill('2009年的老照片，原来的文件已经找不到了');
  await seat.resize(1080, 1000);
  await seat.show(seat.photo(1));
  await take('waiver', page, { of: [seat.photo(1)], marks: [seat.field('照片 1 豁免理由')] });
  await seat.resize();

  await seat.open(`/desk/history/stories/${RETURNED.unit}/${RETURNED.id}`);
  await page
    .getByLabel(/^旧的一版/u)
    .last()
    .check();
  await page.getByRole('button', { name: '比较选中的两版' }).click();
  await page.getByRole('heading', { name: /^比较/u }).waitFor();
  await take('comparison', page);
}

/** Takes the reports and a new notice. */
export async function lookAtReports(seat: Seat): Promise<void> {
  const { page } = seat;
  await seat.open('/desk/reports?year=2021');
  await take('reports', page);
  const reminder = seat.section(/^催报/u);
  await reminder.getByRole('link', { name: /4月15日/u }).click();
  await seat.show(reminder);
  await take('reminder', page, { of: [reminder], margin: MARGIN_FOR_MARKS, marks: [seat.button('复制催报文字')] });

  await seat.edit('collections/notices/new', '标题');
  await seat.field('网址里的名字').fill('2021-03');
  await seat.field('标题').fill('关于报送2021年第二季度活动典型材料的通知（示例）');
  await seat.field('文号').fill('示例〔2021〕3号');
  await seat.field('发文机关').fill('市总工会（示例）');
  await seat.field('成文日期').fill('2021-06-21');
  await seat.field('印发日期').fill('2021-06-22');
  await seat.resize(1080, 740);
  await seat.show(seat.field('文号'));
  await take('notice', page);
  await seat.resize();
}

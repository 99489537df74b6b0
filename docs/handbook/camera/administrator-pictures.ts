// Pictures for administrators.
import type { Browser } from 'playwright-core';
import { MARGIN_FOR_MARKS, take } from './camera.ts';
import { PASSWORD, people, type SampleDesk } from './sample-desk.ts';
import { Seat } from './seat.ts';

/** Makes the first administrator; returns the seat, signed in. */
export async function beginDesk(browser: Browser, desk: SampleDesk): Promise<Seat> {
  const { login, name } = people.administrator;
  const seat = await Seat.at(browser, desk.origin);
  const { page } = seat;
  await page.goto(desk.link);
  await seat.field('登录名').fill(login);
  await seat.field('姓名').fill(name);
  await seat.field('密码').fill(PASSWORD);
  await seat.resize(600, 900);
  await take('first', page, { of: [page.locator('main h1'), page.locator('main form')] });
  await seat.resize();
  await seat.button('设立并登录').click();
  await page.getByRole('heading', { name: '工作台' }).waitFor();
  await seat.show(seat.button('清空示例'));
  await take('clear-sample', page, {
    of: [seat.section(/^示例内容/u)],
    margin: MARGIN_FOR_MARKS,
    marks: [seat.button('清空示例')],
  });
  return seat;
}

/** Invites the author; returns the link. */
export async function inviteAuthor(seat: Seat): Promise<string> {
  const { page } = seat;
  const { name, role, unit } = people.author;
  await seat.open('/desk/people');
  await page.getByLabel('姓名', { exact: true }).fill(name);
  await page.getByLabel('角色', { exact: true }).selectOption(role);
  await page.getByLabel('单位', { exact: true }).selectOption(unit);
  await seat.button('生成邀请链接').click();
  const link = await page.locator('#link').innerText();
  await take('people-link', page, {
    of: [page.locator('section.message')],
    marks: [seat.button('复制链接')],
  });
  return link;
}

/** Takes people, record, a unit and the settings. */
export async function administer(seat: Seat): Promise<void> {
  const { page } = seat;
  await seat.open('/desk/people');
  await page.getByLabel('姓名', { exact: true }).fill('马玉兰');
  await page.getByLabel('单位', { exact: true }).selectOption('qinyang');
  await take('people', page, {
    numbers: 'right',
    marks: [
      page.locator('form[action="/desk/people/invite"]'),
      seat.button('改').first(),
      seat.button('重设密码的链接').first(),
      seat.button('停用').first(),
    ],
  });
  await seat.open('/desk/audit');
  await take('audit', page);
  await seat.edit('collections/units/entries/wenxian', '全称');
  await take('unit', page);
  await seat.edit('collections/site/entries/site', '网站名称');
  await seat.show(seat.field('允许自审'));
  await take('settings', page);
}

// npm run handbook: takes the pictures of the handbooks again, at a separate desk with sample content.
import { chromium } from 'playwright-core';
import { chromiumOptions } from '../../../tests/browser/driving/chromium.ts';
import { administer, beginDesk, inviteAuthor } from './administrator-pictures.ts';
import {
  acceptInvitation,
  fileAuthorsDrafts,
  mendStory,
  onTelephone,
  sendStory,
  writeStory,
} from './author-pictures.ts';
import { removeOthers } from './camera.ts';
import { fileOthersDrafts, lookAtReports, reviewStories } from './reviewer-pictures.ts';
import { people, SampleDesk } from './sample-desk.ts';
import { Seat } from './seat.ts';

const desk = await SampleDesk.start();
const options = chromiumOptions();
// Chromium shows dates as in China if its Chinese texts are installed (Debian: chromium-l10n).
const browser = await chromium.launch({
  ...options,
  args: [...(options.args ?? []), '--lang=zh-CN'],
  env: { ...process.env, LANGUAGE: 'zh_CN', LANG: 'zh_CN.UTF-8' },
});
browser.on('context', (context) => context.setDefaultTimeout(60_000));
try {
  const administrator = await beginDesk(browser, desk);
  const boss = await administrator.client();
  const author = await acceptInvitation(browser, desk, await inviteAuthor(administrator));
  const reviewer = await desk.join(boss, people.reviewer);
  await desk.join(boss, people.second);
  await fileAuthorsDrafts(await author.client(), reviewer);
  await fileOthersDrafts(desk, boss, reviewer);
  await writeStory(author);
  await sendStory(author);
  const reviewing = await Seat.at(browser, desk.origin, reviewer.cookie);
  await mendStory(author, reviewer);
  await reviewStories(reviewing);
  await lookAtReports(reviewing);
  await onTelephone(browser, desk, await author.client());
  await administer(administrator);
  await removeOthers();
} finally {
  await browser.close();
  await desk.close();
}

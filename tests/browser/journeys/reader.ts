// The journey of readers in any browser engine: home, story, photo, sharing, search, display settings, lines of titles.
import { describe, expect, inject, test } from 'vitest';
import { DRIVER_SILENT, type Engine } from '../../engines/driver.ts';
import { OLDER_BROWSER } from '../../engines/older-browser.ts';
import { Tab } from '../../engines/tab.ts';
import { faultyLines, overlapsAfterDigit } from './lines.ts';

/** A sample story: path, title, words that are only in its body, and activity. */
const STORY = '/stories/20210319-213000ef/';
const TITLE = '灯亮到九点半，这张桌子一直没收';
const WORDS = '卖烤红薯';
const ACTIVITY = 'legal-aid';
/** Paths of the pages whose lines are checked. The last one is a story. */
const PAGES = ['/', '/stories/', '/years/2021/', '/examples/20210506-080808ef/', '/units/wuzhi/', STORY];

const PHOTO = 'a[data-enlarge]';
const NEWS = '#share [role=status]';
const FIELD = '#search [name=q]';
const FACET = '#search [name=activity]';
const FOUND = `ol#results a[href="${STORY}"]`;
const option = (name: string): string => `//form[@aria-label="阅读设置"]//label[normalize-space()="${name}"]`;

/** Window (in CSS pixels) and age of a reader's browser. */
export interface Reader {
  name: string;
  width: number;
  height: number;
  /** Whether the features that the oldest supported browsers lack are removed (engines/older-browser.ts). */
  older: boolean;
}

export const TELEPHONE: Reader = { name: '390 px', width: 390, height: 844, older: false };
export const DESKTOP: Reader = { name: '1440 px', width: 1440, height: 900, older: false };
export const OLD_TELEPHONE: Reader = { ...TELEPHONE, name: '390 px, oldest supported browser', older: true };

/** Opens the home page and clicks the first link to STORY. */
async function goToStory(tab: Tab): Promise<void> {
  await tab.goTo('/');
  await tab.click(`main a[href="${STORY}"]`);
  await tab.isAt(STORY);
  await tab.sees('h1', TITLE);
}

/**
 * Enlarges a photo, goes to the next photo and back, and closes it with Escape. Then enlarges it again and closes it
 * with Back. At the end the home page is open.
 */
async function looksAtPhotos(tab: Tab): Promise<void> {
  await goToStory(tab);
  await tab.click(PHOTO);
  await tab.sees('#lightbox', '第 1 张，共 2 张');
  await tab.until(
    'the photo, large',
    () => {
      const photo = document.querySelector('#lightbox img');
      return photo instanceof HTMLImageElement && photo.complete && photo.naturalWidth > 0;
    },
    null,
  );
  await tab.press('ArrowRight');
  await tab.sees('#lightbox', '第 2 张，共 2 张');
  await tab.press('Home');
  await tab.sees('#lightbox', '第 1 张，共 2 张');
  await tab.press('Escape');
  await tab.seesNo('#lightbox');
  await tab.click(PHOTO);
  await tab.sees('#lightbox', '第 1 张，共 2 张');
  await tab.back();
  await tab.seesNo('#lightbox');
  await tab.isAt(STORY);
  await tab.back();
  await tab.isAt('/');
}

/** Clicks a photo in a browser without dialogs: its link opens the JPEG file. Goes back to the story. */
async function opensPhoto(tab: Tab): Promise<void> {
  await goToStory(tab);
  await tab.click(PHOTO);
  await tab.until('the photo', () => /^\/photos\/.*\.jpg$/u.test(location.pathname), null);
  await tab.back();
  await tab.isAt(STORY);
}

/**
 * Clicks the copy button of a story, then opens the story again and clicks its share button. Expects that each button
 * copies the URL of the page at its first click.
 */
async function passesOn(tab: Tab): Promise<void> {
  for (const way of ['[data-copy]', '[data-share]']) {
    await goToStory(tab);
    await tab.scrollTo(way);
    // The script of the button is loaded while the reader scrolls to it.
    await tab.until('what a tap needs', () => document.querySelector('template[data-on=soon]') === null, null);
    await tab.click(way);
    await tab.sees(NEWS, '链接已复制');
    await tab.click('[name=q]');
    await tab.press({ control: 'v' });
    await tab.until(
      'the address in the search box',
      () => document.querySelector<HTMLInputElement>('[name=q]')?.value === location.href,
      null,
    );
  }
}

/** Searches from the home page, narrows the results, opens one of them and goes back to the list. */
async function searches(tab: Tab): Promise<void> {
  await tab.goTo('/');
  await tab.press('/');
  await tab.type('法律');
  await tab.press('Enter');
  await tab.isAt('/search/?q=法律');
  await tab.sees('#status', '找到');
  await tab.choose(FACET, ACTIVITY);
  await tab.isAt(`/search/?q=法律&activity=${ACTIVITY}`);
  await tab.sees('#chips');
  await tab.sees(FOUND);
  await tab.fill(FIELD, WORDS);
  await tab.isAt(`/search/?q=${WORDS}&activity=${ACTIVITY}`);
  await tab.sees(FOUND);
  await tab.sees('ol#results mark', WORDS);
  await tab.click(FOUND);
  await tab.isAt(STORY);
  await tab.back();
  await tab.sees(FOUND);
  await tab.hasValue(FIELD, WORDS);
  await tab.hasValue(FACET, ACTIVITY);
}

/** Chooses large type and a dark background, and checks that both also apply to the next page. */
async function chooses(tab: Tab): Promise<void> {
  await tab.goTo('/');
  await tab.click('[data-choices]');
  await tab.click(option('大'));
  await tab.click(option('深色'));
  const looks = async (): Promise<void> =>
    tab.until(
      'large type on a dark background',
      () =>
        getComputedStyle(document.documentElement).fontSize === '20px' &&
        getComputedStyle(document.body).backgroundColor === 'rgb(24, 21, 18)',
      null,
    );
  await looks();
  await tab.press('Escape');
  await tab.seesNo(option('大'));
  expect(await tab.ask(faultyLines, null)).toEqual([]);
  await tab.click(`main a[href="${STORY}"]`);
  await tab.isAt(STORY);
  await looks();
  expect(await tab.ask(faultyLines, null)).toEqual([]);
}

/** Checks the lines of several pages, and on the last one that characters after a digit do not overlap. */
async function readsTitles(tab: Tab): Promise<void> {
  const faults: Record<string, unknown> = {};
  for (const page of PAGES) {
    await tab.goTo(page);
    faults[page] = await tab.ask(faultyLines, null);
  }
  expect(faults).toEqual(Object.fromEntries(PAGES.map((page) => [page, []])));
  expect(await overlapsAfterDigit(tab)).toBe(false);
}

/** A part of the journey: title of its test, and function with its steps. */
type Part = [name: string, go: (tab: Tab) => Promise<void>];

/** Registers the tests of the journey in an engine, for each of the readers. Each part runs in a new browser. */
export function testReaders(engine: Engine, readers: readonly Reader[]): void {
  const { origin } = inject('sampleSite');

  describe.each(readers)(`${engine.name}, $name`, ({ older, ...size }) => {
    const photos: Part = older
      ? ['A photo of a story reached from home opens as a page', opensPhoto]
      : ['Photos of a story reached from home can be viewed enlarged by click and by keys', looksAtPhotos];
    // Removed methods do not change where lines break.
    const titles: Part[] = older
      ? []
      : [['Titles break after punctuation, and nothing overlaps or extends beyond the page', readsTitles]];
    test.each<Part>([
      photos,
      ['A story can be shared at the first tap', passesOn],
      ['Stories can be found, narrowed, read, and found again by Back', searches],
      ['Large type and a dark background also apply to the next page', chooses],
      ...titles,
    ])('%s', { retry: { count: 2, condition: DRIVER_SILENT } }, async (_way, go) => {
      const opening = { ...size, origin, ...(older ? { before: OLDER_BROWSER } : {}) };
      await Tab.use(engine, opening, async (tab) => {
        await go(tab);
        expect(tab.faults).toEqual([]);
      });
    });
  });
}

// What readers do, in any engine: home, story, photo, share, search, choices; and how lines come out.
import { describe, expect, inject, test } from 'vitest';
import { DRIVER_SILENT, type Engine } from '../../engines/driver.ts';
import { OLDER_BROWSER } from '../../engines/older-browser.ts';
import { Tab } from '../../engines/tab.ts';
import { faultyLines, overlapsBehindDigit } from './lines.ts';

/** A sample story with words that stand in its body only. */
const STORY = '/stories/20210319-213000ef/';
const TITLE = '灯亮到九点半，这张桌子一直没收';
const WORDS = '卖烤红薯';
const ACTIVITY = 'legal-aid';
/** Pages with titles and figures. */
const PAGES = ['/', '/stories/', '/years/2021/', '/examples/20210506-080808ef/', '/units/wuzhi/', STORY];

const PHOTO = 'a[data-enlarge]';
const NEWS = '#share [role=status]';
const FIELD = '#search [name=q]';
const FACET = '#search [name=activity]';
const FOUND = `ol#results a[href="${STORY}"]`;
const option = (name: string): string => `//form[@aria-label="阅读设置"]//label[normalize-space()="${name}"]`;

/** What somebody reads with. */
export interface Reader {
  name: string;
  width: number;
  height: number;
  /** In a browser as old as the oldest one that is promised. */
  older: boolean;
}

export const TELEPHONE: Reader = { name: '390 px', width: 390, height: 844, older: false };
export const DESKTOP: Reader = { name: '1440 px', width: 1440, height: 900, older: false };
export const OLD_TELEPHONE: Reader = { ...TELEPHONE, name: '390 px, without what is newer than promised', older: true };

/** Goes from home to a story as one does: by its title or photo. */
async function goToStory(tab: Tab): Promise<void> {
  await tab.goTo('/');
  await tab.click(`main a[href="${STORY}"]`);
  await tab.isAt(STORY);
  await tab.sees('h1', TITLE);
}

/** Looks at photos large, by click and by keys, and comes back to where they were. */
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

/** Where nothing can open over a page, a photo opens by itself. */
async function opensPhoto(tab: Tab): Promise<void> {
  await goToStory(tab);
  await tab.click(PHOTO);
  await tab.until('the photo', () => /^\/photos\/.*\.jpg$/u.test(location.pathname), null);
  await tab.back();
  await tab.isAt(STORY);
}

/** Passes a story on: each way at the first tap, and what was copied is its address. */
async function passesOn(tab: Tab): Promise<void> {
  for (const way of ['[data-copy]', '[data-share]']) {
    await goToStory(tab);
    await tab.scrollTo(way);
    // It is fetched while the reader comes near.
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

/** Searches from home, narrows what is found, reads one and goes back to the rest. */
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

/** Chooses large type on dark ground, which holds on the next page. */
async function chooses(tab: Tab): Promise<void> {
  await tab.goTo('/');
  await tab.click('[data-choices]');
  await tab.click(option('大'));
  await tab.click(option('深色'));
  const looks = async (): Promise<void> =>
    tab.until(
      'large type on dark ground',
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

/** Reads titles and figures on pages of several kinds. */
async function readsTitles(tab: Tab): Promise<void> {
  const faults: Record<string, unknown> = {};
  for (const page of PAGES) {
    await tab.goTo(page);
    faults[page] = await tab.ask(faultyLines, null);
  }
  expect(faults).toEqual(Object.fromEntries(PAGES.map((page) => [page, []])));
  expect(await overlapsBehindDigit(tab)).toBe(false);
}

/** A part of the journey, and what it shows. */
type Way = [what: string, go: (tab: Tab) => Promise<void>];

/** Registers the journey of some readers with an engine: each way of it in a browser of its own. */
export function testReaders(engine: Engine, readers: readonly Reader[]): void {
  const { origin } = inject('sampleSite');

  describe.each(readers)(`${engine.name}, $name`, ({ older, ...size }) => {
    const photos: Way = older
      ? ['A photo of a story that is reached from home opens by itself', opensPhoto]
      : ['Photos of a story that is reached from home are looked at by click and by keys', looksAtPhotos];
    // No method has to do with lines.
    const titles: Way[] = older
      ? []
      : [['Titles break behind their marks, nothing overlaps or stands beside the page', readsTitles]];
    test.each<Way>([
      photos,
      ['A story is passed on at the first tap', passesOn],
      ['Stories are found, narrowed, read, and found again by Back', searches],
      ['Large type and dark ground hold on the next page', chooses],
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

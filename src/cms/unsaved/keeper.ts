import { setCopiesOfSave } from '../backend/copies-of-save.ts';
import { currentEditor } from '../backend/current-editor.ts';
import { onFormChange } from '../store/form-store.ts';
import { BrowserCopies } from './browser-copies.ts';
import { CopyKeeper } from './copy-keeper.ts';
import { deskCopies } from './desk-copies.ts';
import { plainData, watchedForm, writtenCopy } from './form-copy.ts';
import { browserId, browserWords, randomId } from './this-browser.ts';
import type { CopyPlace, UnsavedCopy } from './unsaved-copy.ts';

const browser = new BrowserCopies();

/** Keeps copies of the unsaved work in the form of this window. */
export const keeper = new CopyKeeper({
  browser,
  desk: deskCopies,
  login: () => currentEditor().login,
  write: ({ place, data }) => writtenCopy(place.collection, plainData(data)),
  here: () => ({ browser: browserId(), device: browserWords(navigator.userAgent) }),
  newId: randomId,
  now: () => new Date(),
  later(milliseconds, run) {
    const timer = setTimeout(run, milliseconds);
    return () => clearTimeout(timer);
  },
});

/** Resolves to the person's copies in this browser and at the desk, each empty if they cannot be read. */
export async function storedCopies(place: CopyPlace): Promise<[UnsavedCopy[], UnsavedCopy[]]> {
  const none = (): UnsavedCopy[] => [];
  return Promise.all([
    browser.of(currentEditor().login, place, new Date()).catch(none),
    deskCopies.of(place).catch(none),
  ]);
}

/**
 * Starts to watch the form, and the page: what is not stored yet is stored when the page is hidden or closed. Saves
 * name the copies that they make needless.
 */
export function keepUnsavedWork(): void {
  setCopiesOfSave(() => keeper.copiesOfSave());
  onFormChange(() => keeper.see(watchedForm()));
  addEventListener('pagehide', () => keeper.flush());
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'hidden') keeper.flush();
  });
}

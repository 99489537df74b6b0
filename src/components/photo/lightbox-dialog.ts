// The dialog that shows the photos of a page large, one at a time (used by lightbox.ts).
import { queryElement } from '../layout/query-element.ts';

const MARKUP = `
<button type="button" class="close">
  <svg viewBox="0 0 24 24" aria-hidden="true"><path d="m5 5 14 14M19 5 5 19" /></svg>
  关闭
</button>
<div class="stage"></div>
<p class="words"></p>
<button type="button" class="previous">
  <svg viewBox="0 0 24 24" aria-hidden="true"><path d="m15 4-8 8 8 8" /></svg>
  上一张
</button>
<p id="lightbox-place" role="status"></p>
<button type="button" class="next">
  下一张
  <svg viewBox="0 0 24 24" aria-hidden="true"><path d="m9 4 8 8-8 8" /></svg>
</button>`;

/**
 * The dialog and the elements in it that lightbox.ts changes. `words` is the caption, `place` the number of the photo.
 */
export interface LightboxDialog {
  dialog: HTMLDialogElement;
  stage: HTMLElement;
  words: HTMLElement;
  place: HTMLElement;
  previous: HTMLButtonElement;
  next: HTMLButtonElement;
}

/** Adds the closed dialog to the page. Returns the dialog and its parts. */
export function makeDialog(): LightboxDialog {
  const dialog = document.createElement('dialog');
  dialog.id = 'lightbox';
  dialog.setAttribute('aria-label', '照片大图');
  dialog.setAttribute('aria-describedby', 'lightbox-place');
  dialog.innerHTML = MARKUP;
  document.body.append(dialog);
  return {
    dialog,
    stage: queryElement(dialog, '.stage', HTMLElement),
    words: queryElement(dialog, '.words', HTMLElement),
    place: queryElement(dialog, '[role=status]', HTMLElement),
    previous: queryElement(dialog, '.previous', HTMLButtonElement),
    next: queryElement(dialog, '.next', HTMLButtonElement),
  };
}

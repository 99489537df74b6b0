/** Key in localStorage under which Decap keeps which pane is beside the form, and its value for “none”. */
const PANE = 'cms.right-pane';
const NONE = 'none';

/** Hides the preview beside the form, unless this browser has stored what the editor chose before. */
export function showPreviewOnDemand(): void {
  if (localStorage.getItem(PANE) === null) localStorage.setItem(PANE, NONE);
}

import { currentEditor } from '../backend/current-editor.ts';

/** Returns the key of session storage for what the signed-in editor typed about an entry (`collection/slug`). */
function storageKey(entry: string): string {
  return `unsent-comment ${currentEditor().login} ${entry}`;
}

/**
 * Returns the text that the editor typed about an entry and did not send. It is shown again when the editor returns to
 * the entry. It stays in the browser tab, also while the tab shows a list of the desk.
 */
export function unsentComment(entry: string): string {
  return sessionStorage.getItem(storageKey(entry)) ?? '';
}

/** Stores what the editor has typed about an entry; an empty text when it was sent. */
export function keepUnsentComment(entry: string, text: string): void {
  try {
    if (text === '') sessionStorage.removeItem(storageKey(entry));
    else sessionStorage.setItem(storageKey(entry), text);
  } catch {
    // The storage is full: the text stays in the field only.
  }
}

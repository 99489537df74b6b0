// Runs in the browser, loaded on demand: the actions of ArticleTools.astro and ShareBox.astro.
import { queryElement } from '../layout/query-element.ts';

const news = queryElement(document, '#share [role=status]', HTMLElement);
/** The page's canonical URL: without query parameters that the current URL may have. */
const address = queryElement(document, 'link[rel=canonical]', HTMLLinkElement).href;

/** Shows a message. Sets it again after 50 ms, so that screen readers announce it even if it is the same as before. */
function say(sentence: string): void {
  news.textContent = '';
  setTimeout(() => (news.textContent = sentence), 50);
}

/** Removes the field with the page's URL. */
function hideAddress(): void {
  news.previousElementSibling?.querySelector('input')?.remove();
}

/**
 * Shows the page's URL in a field, selected, because the page may not write to the clipboard (plain HTTP, old
 * browsers).
 */
function showAddress(): void {
  hideAddress();
  const field = document.createElement('input');
  Object.assign(field, { value: address, readOnly: true });
  field.setAttribute('aria-label', '本页链接');
  news.previousElementSibling?.append(field);
  field.select();
  say('链接已选中，请按 Ctrl+C 或长按复制。');
}

async function copy(): Promise<void> {
  try {
    await navigator.clipboard.writeText(address);
    hideAddress();
    say('链接已复制，可以粘贴到微信里。');
  } catch {
    showAddress();
  }
}

/**
 * Opens the device's share dialog. Copies the page's URL instead if the browser has no such dialog or does not allow
 * the page to open it.
 */
async function share(): Promise<void> {
  if (typeof navigator.share !== 'function') return copy();
  try {
    await navigator.share({ title: document.title, url: address });
  } catch (error) {
    // Other errors mean that the reader cancelled.
    if (error instanceof DOMException && error.name === 'NotAllowedError') await copy();
  }
}

const actions = new Map<string, () => unknown>([
  ['[data-copy]', copy],
  ['[data-share]', share],
  ['[data-print]', () => window.print()],
]);
for (const [selector, action] of actions)
  document.querySelector(selector)?.addEventListener('click', () => void action());

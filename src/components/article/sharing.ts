// Runs in the browser on demand: the actions of ArticleTools.astro and ShareBox.astro.
import { queryElement } from '../layout/query-element.ts';

const news = queryElement(document, '#share [role=status]', HTMLElement);
/** The canonical address: without parameters that this reader's address may have. */
const address = queryElement(document, 'link[rel=canonical]', HTMLLinkElement).href;

/** Shows a message. Screen readers announce it even if it is the same as before. */
function say(sentence: string): void {
  news.textContent = '';
  setTimeout(() => (news.textContent = sentence), 50);
}

/** Removes the field with the address. */
function hideAddress(): void {
  news.previousElementSibling?.querySelector('input')?.remove();
}

/** Shows the address, selected, if the page may not write to the clipboard (plain http, old browsers). */
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

/** Opens the device's share dialog; copies the address if there is none or if this page may not open it. */
async function share(): Promise<void> {
  if (typeof navigator.share !== 'function') return copy();
  try {
    await navigator.share({ title: document.title, url: address });
  } catch (error) {
    // Other errors: the reader cancelled.
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

// Runs in the browser, once a reader wants it: what ArticleTools.astro and ShareBox.astro offer.
import { queryElement } from '../layout/query-element.ts';

const news = queryElement(document, '#share [role=status]', HTMLElement);
/** As search engines are told it: without anything that came along in this reader's address. */
const address = queryElement(document, 'link[rel=canonical]', HTMLLinkElement).href;

/** Says something to eyes and screen readers alike, also where it was said before. */
function say(sentence: string): void {
  news.textContent = '';
  setTimeout(() => (news.textContent = sentence), 50);
}

/** Takes away the address that was offered to be copied by hand. */
function withdrawAddress(): void {
  news.previousElementSibling?.querySelector('input')?.remove();
}

/** Where a page may not write to the clipboard (plain http, old browsers): the address stands selected. */
function offerAddress(): void {
  withdrawAddress();
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
    withdrawAddress();
    say('链接已复制，可以粘贴到微信里。');
  } catch {
    offerAddress();
  }
}

/** The device's own way to send a page on; where it has none, or does not let this page, the address is copied. */
async function share(): Promise<void> {
  if (typeof navigator.share !== 'function') return copy();
  try {
    await navigator.share({ title: document.title, url: address });
  } catch (error) {
    // Else the reader has changed his or her mind.
    if (error instanceof DOMException && error.name === 'NotAllowedError') await copy();
  }
}

const deeds = new Map<string, () => unknown>([
  ['[data-copy]', copy],
  ['[data-share]', share],
  ['[data-print]', () => window.print()],
]);
for (const [selector, deed] of deeds) document.querySelector(selector)?.addEventListener('click', () => void deed());

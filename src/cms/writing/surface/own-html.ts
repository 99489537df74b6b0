import { isKeptMarkdown } from '../../../writing/document/read-document.ts';

/** The elements that the body field copies. */
const ELEMENTS = new Set([
  ...['p', 'h2', 'h3', 'ul', 'ol', 'li', 'blockquote', 'table', 'tbody', 'tr', 'th', 'td', 'hr', 'br', 'a'],
  ...['strong', 'em', 'div', 'meta'],
]);

function isOwnElement(element: Element): boolean {
  if (element.localName !== 'div') return ELEMENTS.has(element.localName);
  const kept = element.getAttribute('data-kept');
  return kept !== null && isKeptMarkdown(kept);
}

/**
 * Returns whether HTML of the clipboard was copied in a body field. Other editors with ProseMirror also write
 * `data-pm-slice`, but with elements that the body field does not have.
 */
export function isOwnHtml({ body }: Document): boolean {
  return body.querySelector('[data-pm-slice]') !== null && Array.from(body.querySelectorAll('*')).every(isOwnElement);
}

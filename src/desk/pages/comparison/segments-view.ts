import type { TextSegment } from '../../../text/comparison/compare-words.ts';
import { segmentsHtml } from '../../../text/comparison/compared-html.ts';
import { Html, html } from '../shell/html.ts';

/**
 * Returns a compared text. `both`: with deletions struck out and insertions underlined; `before` and `after`: the text
 * of that version alone, with the parts that differ from the other version marked; `plain`: the text of the newer
 * version, without marks.
 */
export function segmentsView(segments: readonly TextSegment[], shown: 'both' | 'before' | 'after' | 'plain'): Html {
  const left = shown === 'both' ? undefined : shown === 'before' ? 'new' : 'gone';
  const parts = segments.filter(({ is }) => is !== left);
  if (parts.length === 0) return html`<span class="quiet">（空）</span>`;
  const markup = segmentsHtml(shown === 'plain' ? parts.map(({ text }) => ({ is: 'same', text })) : parts);
  return html`<span class="kept-space">${new Html(markup)}</span>`;
}

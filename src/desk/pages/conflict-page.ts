import { dateAndTimeInChina } from '../domain/china-time.ts';
import type { EntryRef } from '../domain/entry-ref.ts';
import type { Difference } from '../history/version-diff.ts';
import { conflictAddress, type Conflict } from '../editing/save-conflicts.ts';
import type { Editor } from '../domain/editor.ts';
import { comparisonView } from './comparison/comparison-view.ts';
import type { ErasedWords, Sides } from './comparison/sides.ts';
import { attributes, html, type Html } from './shell/html.ts';
import { deskPageHtml, type Message } from './shell/page-shell.ts';
import { editorAddress, historyAddress } from './shell/addresses.ts';

/** A text that was not saved, because somebody else had saved first, and the current version of the entry. */
export interface ConflictView {
  name: EntryRef;
  title: string;
  conflict: Conflict;
  /** The commit of the current version, and the id of its content. */
  current: { commit: string; content: string };
  /** The differences from the current version (before) to the refused text (after). */
  differences: readonly Difference[];
  /**
   * The keys of the fields that the refused text and the current version have each changed, compared with the version
   * that both started from. Undefined if that version is not known.
   */
  changed: { mine: ReadonlySet<string>; theirs: ReadonlySet<string> } | undefined;
  erased: ErasedWords;
}

/** Returns words that say who has changed a field, or undefined if that is unknown. */
function whoChanged(key: string, { changed, conflict }: ConflictView): string | undefined {
  if (!changed) return undefined;
  const { mine, theirs } = changed;
  if (mine.has(key) && theirs.has(key)) return '两边都改过';
  return mine.has(key) ? `只有${conflict.by.name}改过` : '只有别人改过';
}

/** Returns the checkbox that takes a field of the refused text. It is checked if only the refused text changed it. */
function choiceView(view: ConflictView, { key, label }: Difference): Html {
  const { changed } = view;
  const only = changed !== undefined && changed.mine.has(key) && !changed.theirs.has(key);
  const note = whoChanged(key, view);
  const words = `${label}用没有保存的这一版`;
  const box = html`<input
    ${attributes({ type: 'checkbox', name: 'field', value: key, checked: only, 'aria-label': words })}
  />`;
  return html`
    <span class="choices">
      <label>${box}用没有保存的</label> ${note !== undefined && html`<span class="mark">${note}</span>`}
    </span>
  `;
}

/**
 * Returns the page that shows a refused text beside the current version. A form saves all or some fields of the refused
 * text.
 */
export function conflictPage(editor: Editor, view: ConflictView, message?: Message): string {
  const { name, title, conflict, current, differences, erased } = view;
  const own = conflict.by.login === editor.login;
  const sides: Sides = {
    before: { title: '现在的一版', commit: current.commit, erased },
    after: {
      title: own ? '您写的（没有保存）' : `${conflict.by.name}写的（没有保存）`,
      commit: conflict.commit,
      erased,
    },
  };
  const button = (take: string, text: string): Html =>
    html`<button type="submit" name="take" value="${take}" class="action">${text}</button>`;
  const comparison = html`
    <form method="post" action="${conflictAddress(conflict)}">
      <input type="hidden" name="stands" value="${current.content}" />
      ${comparisonView(name, differences, sides, (difference) => choiceView(view, difference))}
      <h2>怎么办</h2>
      <p>${button('some', '把勾选的几处放进草稿')}${button('all', '全部用没有保存的这一版')}</p>
      <p class="quiet">存下的是新的草稿，不会发布；现在的一版仍留在历史里。</p>
    </form>
  `;
  return deskPageHtml({
    title: `两个人同时改：${title}`,
    editor,
    message,
    content: html`
      <p>${conflict.by.name}在 ${dateAndTimeInChina(conflict.at)} 点了保存，那时别人已经改过，所以没有存进去。</p>
      <p><a href="${editorAddress(name)}">打开现在的稿件</a> · <a href="${historyAddress(name)}">历史</a></p>
      ${differences.length === 0 ? html`<p>这一版和现在的没有不同，用不着再做什么。</p>` : comparison}
    `,
  });
}

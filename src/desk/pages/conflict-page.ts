import { dateAndTimeInChina } from '../domain/china-time.ts';
import type { EntryRef } from '../domain/entry-ref.ts';
import type { Difference } from '../history/version-diff.ts';
import { conflictAddress, type Conflict } from '../editing/save-conflicts.ts';
import type { Editor } from '../domain/editor.ts';
import { photosView, stretchesView, type Sides } from './diff-view.ts';
import { h, deskPageHtml, type Message, type ReactNode } from './page-shell.ts';
import { editorAddress, historyAddress } from './links.ts';

/** A refused text and the current version. */
export interface ConflictView {
  name: EntryRef;
  title: string;
  conflict: Conflict;
  /** The commit that is current, and the id of its content. */
  current: { commit: string; content: string };
  /** From the current version to the refused text. */
  differences: readonly Difference[];
  /** The fields that each has changed since the version that both were made from; undefined if it is unknown. */
  changed: { mine: ReadonlySet<string>; theirs: ReadonlySet<string> } | undefined;
}

/** Says who has changed a field; undefined if that is unknown. */
function whoChanged(key: string, { changed, conflict }: ConflictView): string | undefined {
  if (!changed) return undefined;
  const { mine, theirs } = changed;
  if (mine.has(key) && theirs.has(key)) return '两边都改过';
  return mine.has(key) ? `只有${conflict.by.name}改过` : '只有别人改过';
}

function differenceView(view: ConflictView, { key, label, stretches, photos }: Difference, sides: Sides): ReactNode {
  const { name, changed } = view;
  const only = changed !== undefined && changed.mine.has(key) && !changed.theirs.has(key);
  const note = whoChanged(key, view);
  return h(
    'section',
    { key },
    h('h2', null, label, note === undefined ? null : h('span', { className: 'mark' }, note)),
    photos
      ? photosView(name, photos, sides)
      : h(
          'div',
          { className: 'texts' },
          h('div', null, h('h3', null, sides.before.title), stretchesView(stretches, 'before')),
          h('div', null, h('h3', null, sides.after.title), stretchesView(stretches, 'after')),
        ),
    h(
      'p',
      { className: 'choices' },
      h(
        'label',
        null,
        h('input', { type: 'checkbox', name: 'field', value: key, defaultChecked: only }),
        `${label}用没有保存的这一版`,
      ),
    ),
  );
}

/** The page of a text that was not saved beside the current version, with a form that saves all or some fields of it. */
export function conflictPage(editor: Editor, view: ConflictView, message?: Message): string {
  const { name, title, conflict, current, differences } = view;
  const own = conflict.by.login === editor.login;
  const sides: Sides = {
    before: { title: '现在的一版', commit: current.commit },
    after: { title: own ? '您写的（没有保存）' : `${conflict.by.name}写的（没有保存）`, commit: conflict.commit },
  };
  const links = h(
    'p',
    null,
    h('a', { href: editorAddress(name) }, '打开现在的稿件'),
    ' · ',
    h('a', { href: historyAddress(name) }, '历史'),
  );
  const form = h(
    'form',
    { method: 'post', action: conflictAddress(conflict) },
    h('input', { type: 'hidden', name: 'stands', value: current.content }),
    differences.map((difference) => differenceView(view, difference, sides)),
    h('h2', null, '怎么办'),
    h(
      'p',
      null,
      h('button', { type: 'submit', name: 'take', value: 'some', className: 'action' }, '把勾选的几处放进草稿'),
      h('button', { type: 'submit', name: 'take', value: 'all', className: 'action' }, '全部用没有保存的这一版'),
    ),
    h('p', { className: 'quiet' }, '存下的是新的草稿，不会发布；现在的一版仍留在历史里。'),
  );
  return deskPageHtml({
    title: `两个人同时改：${title}`,
    editor,
    message,
    content: h(
      'div',
      null,
      h(
        'p',
        null,
        `${conflict.by.name}在 ${dateAndTimeInChina(conflict.at)} 点了保存，那时别人已经改过，所以没有存进去。`,
      ),
      links,
      differences.length === 0
        ? h('p', null, '这一版和现在的没有不同，用不着再做什么。')
        : h(
            'div',
            null,
            h(
              'p',
              { className: 'quiet' },
              h('del', null, '划掉的'),
              '只在现在的一版里，',
              h('ins', null, '下面画线的'),
              '只在没有保存的这一版里；相同的栏目不列出。',
            ),
            form,
          ),
    ),
  });
}

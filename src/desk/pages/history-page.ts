import { collections } from '../../model/collections/collections.ts';
import { dateAndTimeInChina } from '../domain/china-time.ts';
import { stateWords, type Draft } from '../drafts/drafts.ts';
import type { EntryRef } from '../domain/entry-ref.ts';
import type { TimelineItem, ChangeKind } from '../history/timeline.ts';
import type { Difference } from '../history/version-diff.ts';
import { conflictAddress, type Conflict } from '../editing/save-conflicts.ts';
import type { Editor } from '../domain/editor.ts';
import { comparisonView, plainPhotosView, plainView, type Sides } from './diff-view.ts';
import { actionButton } from './form.ts';
import { h, deskPageHtml, type Message, type ReactNode } from './page-shell.ts';
import { editorAddress, historyAddress } from './links.ts';

/** An entry with its history. */
export interface HistoryView {
  name: EntryRef;
  /** The title of the newest version. */
  title: string;
  items: readonly TimelineItem[];
}

const changeWords: Readonly<Record<ChangeKind, string>> = {
  saved: '保存草稿',
  submitted: '送审',
  approved: '审核通过',
  returned: '退回',
  takenBack: '取回，改回草稿',
  followed: '草稿跟上已发布的版本',
  published: '发布',
  changed: '改动已发布的内容',
  withdrawn: '撤稿',
  deleted: '删除已发布的内容',
  discarded: '删除草稿',
};

/** Returns the words for an item of the history. */
function wordsOf({ change, subject, isVersion }: TimelineItem): string {
  if (change === 'saved' && /^(?:恢复|采用)/u.test(subject)) return subject;
  if (change === 'saved' && !isVersion) return '保存草稿，没有改动';
  return change === 'changed' ? subject : changeWords[change];
}

function whenAndWho({ at, author }: Pick<TimelineItem, 'at' | 'author'>): ReactNode {
  return [h('time', { key: 'at', dateTime: at }, dateAndTimeInChina(at)), author.name === '' ? '' : ` ${author.name}`];
}

function versionTitle(item: TimelineItem): string {
  return `${dateAndTimeInChina(item.at)} ${item.author.name} ${wordsOf(item)}`;
}

function versionLinks(name: EntryRef, { commit }: TimelineItem, earlier: TimelineItem | undefined): ReactNode {
  const address = historyAddress(name);
  return h(
    'p',
    { className: 'actions' },
    h('a', { href: `${address}?version=${commit}` }, '看这一版'),
    earlier ? h('a', { href: `${address}?from=${earlier.commit}&to=${commit}` }, '这一版改了什么') : null,
  );
}

function itemView(name: EntryRef, item: TimelineItem, versions: readonly TimelineItem[]): ReactNode {
  const { commit, isVersion, reason, line } = item;
  const place = versions.indexOf(item);
  const pick = (side: 'from' | 'to', text: string, chosen: boolean): ReactNode =>
    h(
      'label',
      null,
      h('input', {
        type: 'radio',
        name: side,
        value: commit,
        defaultChecked: chosen,
        'aria-label': `${text}：${versionTitle(item)}`,
      }),
      text,
    );
  return h(
    'li',
    { key: `${line} ${commit} ${item.change}`, className: isVersion ? 'version' : 'event' },
    h(
      'p',
      null,
      whenAndWho(item),
      ' ',
      h('strong', null, wordsOf(item)),
      line === 'trash' ? h('span', { className: 'mark' }, '已删除的草稿') : null,
    ),
    reason === undefined ? null : h('p', { className: 'message error' }, `理由：${reason}`),
    isVersion ? versionLinks(name, item, versions[place + 1]) : null,
    isVersion && versions.length > 1
      ? h('p', null, pick('from', '旧的一版', place === 1), pick('to', '新的一版', place === 0))
      : null,
  );
}

function conflictList(conflicts: readonly Conflict[]): ReactNode {
  if (conflicts.length === 0) return null;
  return h(
    'section',
    null,
    h('h2', null, `没有存进去的（${conflicts.length}）`),
    h('p', { className: 'quiet' }, '和别人同时改，没有保存成的文字都留在这里。'),
    h(
      'ul',
      { className: 'entries' },
      conflicts.map((conflict) =>
        h(
          'li',
          { key: conflict.id },
          h('a', { href: conflictAddress(conflict) }, `${dateAndTimeInChina(conflict.at)} ${conflict.by.name}写的`),
        ),
      ),
    ),
  );
}

/** The page of an entry's history, newest first. */
export function historyPage(
  editor: Editor,
  { name, title, items }: HistoryView,
  conflicts: readonly Conflict[],
  message?: Message,
): string {
  const versions = items.filter(({ isVersion }) => isVersion);
  const several = versions.length > 1;
  const list = h(
    'ol',
    { className: 'timeline' },
    items.map((item) => itemView(name, item, versions)),
  );
  return deskPageHtml({
    title: `历史：${title}`,
    editor,
    message,
    content: h(
      'div',
      null,
      h(
        'p',
        { className: 'quiet' },
        `${collections[name.collection].labelOne} · ${versions.length} 个版本，最近的在前 · `,
        h('a', { href: editorAddress(name) }, '去写稿'),
      ),
      conflictList(conflicts),
      h('h2', null, '经过'),
      several
        ? h(
            'form',
            { method: 'get', action: historyAddress(name) },
            list,
            h('p', null, h('button', { type: 'submit' }, '比较选中的两版')),
          )
        : list,
    ),
  });
}

function back(name: EntryRef): ReactNode {
  return h('p', null, h('a', { href: historyAddress(name) }, '回到历史'));
}

function restoreButton(name: EntryRef, { commit }: TimelineItem, text: string): ReactNode {
  return h(
    'div',
    null,
    actionButton(historyAddress(name), text, { version: commit }),
    h('p', { className: 'quiet' }, '恢复只是把这一版存成新的草稿，不会发布；现在的版本仍留在历史里。'),
  );
}

/** The page of one version, without marks. */
export function versionPage(
  editor: Editor,
  { name, title }: HistoryView,
  item: TimelineItem,
  fields: readonly Difference[],
  message?: Message,
): string {
  const side = { title: '这一版', commit: item.commit };
  return deskPageHtml({
    title: `旧版：${title}`,
    editor,
    message,
    content: h(
      'div',
      null,
      h('p', null, versionTitle(item)),
      back(name),
      restoreButton(name, item, '恢复这一版'),
      fields.map(({ key, label, stretches, photos }) =>
        h(
          'section',
          { key },
          h('h2', null, label),
          photos ? plainPhotosView(name, photos, side) : plainView(stretches),
        ),
      ),
    ),
  });
}

/** The page that compares two versions, field by field. */
export function comparisonPage(
  editor: Editor,
  { name, title }: HistoryView,
  { from, to }: { from: TimelineItem; to: TimelineItem },
  differences: readonly Difference[],
): string {
  const sides: Sides = { before: { title: '旧', commit: from.commit }, after: { title: '新', commit: to.commit } };
  return deskPageHtml({
    title: `比较：${title}`,
    editor,
    content: h(
      'div',
      null,
      h('p', null, `旧：${versionTitle(from)}`, h('br'), `新：${versionTitle(to)}`),
      back(name),
      comparisonView(name, differences, sides),
      h('h2', null, '恢复'),
      restoreButton(name, from, '恢复旧的这一版'),
    ),
  });
}

/** The page that asks before a draft is replaced that others wrote in, or that is in review or approved. */
export function restoreQuestion(
  editor: Editor,
  { name, title }: HistoryView,
  item: TimelineItem,
  draft: Draft,
): string {
  const { author, updatedAt, state, commit } = draft;
  return deskPageHtml({
    title: `恢复：${title}`,
    editor,
    message: {
      kind: 'error',
      text:
        `还没有恢复：这一篇有一份“${stateWords[state]}”的稿件，${author}在 ${dateAndTimeInChina(updatedAt)} 动过。` +
        '恢复以后，它由旧的一版代替，状态回到“草稿”，要重新送审；它自己仍留在历史里。',
    },
    content: h(
      'div',
      null,
      h('p', null, `要恢复的：${versionTitle(item)}`),
      actionButton(historyAddress(name), '仍要恢复', { version: item.commit, sure: commit }),
      back(name),
    ),
  });
}

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

/** An entry whose history is looked at. */
export interface HistoryView {
  name: EntryRef;
  /** What it is called now, or was called last. */
  title: string;
  chapters: readonly TimelineItem[];
}

const deedWords: Readonly<Record<ChangeKind, string>> = {
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

/** What a chapter is called in a line. */
function wordsOf({ deed, subject, isVersion }: TimelineItem): string {
  if (deed === 'saved' && /^(?:恢复|采用)/u.test(subject)) return subject;
  if (deed === 'saved' && !isVersion) return '保存草稿，没有改动';
  return deed === 'changed' ? subject : deedWords[deed];
}

function whenAndWho({ at, author }: Pick<TimelineItem, 'at' | 'author'>): ReactNode {
  return [h('time', { key: 'at', dateTime: at }, dateAndTimeInChina(at)), author.name === '' ? '' : ` ${author.name}`];
}

function versionTitle(chapter: TimelineItem): string {
  return `${dateAndTimeInChina(chapter.at)} ${chapter.author.name} ${wordsOf(chapter)}`;
}

function versionLinks(name: EntryRef, { commit }: TimelineItem, earlier: TimelineItem | undefined): ReactNode {
  const address = historyAddress(name);
  return h(
    'p',
    { className: 'deeds' },
    h('a', { href: `${address}?version=${commit}` }, '看这一版'),
    earlier ? h('a', { href: `${address}?from=${earlier.commit}&to=${commit}` }, '这一版改了什么') : null,
  );
}

function chapterView(name: EntryRef, chapter: TimelineItem, versions: readonly TimelineItem[]): ReactNode {
  const { commit, isVersion, reason, line } = chapter;
  const place = versions.indexOf(chapter);
  const pick = (side: 'from' | 'to', text: string, chosen: boolean): ReactNode =>
    h(
      'label',
      null,
      h('input', {
        type: 'radio',
        name: side,
        value: commit,
        defaultChecked: chosen,
        'aria-label': `${text}：${versionTitle(chapter)}`,
      }),
      text,
    );
  return h(
    'li',
    { key: `${line} ${commit} ${chapter.deed}`, className: isVersion ? 'version' : 'event' },
    h(
      'p',
      null,
      whenAndWho(chapter),
      ' ',
      h('strong', null, wordsOf(chapter)),
      line === 'trash' ? h('span', { className: 'mark' }, '已删除的草稿') : null,
    ),
    reason === undefined ? null : h('p', { className: 'message error' }, `理由：${reason}`),
    isVersion ? versionLinks(name, chapter, versions[place + 1]) : null,
    isVersion && versions.length > 1
      ? h('p', null, pick('from', '旧的一版', place === 1), pick('to', '新的一版', place === 0))
      : null,
  );
}

function keptView(conflicts: readonly Conflict[]): ReactNode {
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

/** Everything that became of an entry, newest first. */
export function historyPage(
  editor: Editor,
  { name, title, chapters }: HistoryView,
  conflicts: readonly Conflict[],
  message?: Message,
): string {
  const versions = chapters.filter(({ isVersion }) => isVersion);
  const several = versions.length > 1;
  const list = h(
    'ol',
    { className: 'chapters' },
    chapters.map((chapter) => chapterView(name, chapter, versions)),
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
      keptView(conflicts),
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

/** One version as it was: its fields without marks. */
export function versionPage(
  editor: Editor,
  { name, title }: HistoryView,
  chapter: TimelineItem,
  fields: readonly Difference[],
  message?: Message,
): string {
  const side = { title: '这一版', commit: chapter.commit };
  return deskPageHtml({
    title: `旧版：${title}`,
    editor,
    message,
    content: h(
      'div',
      null,
      h('p', null, versionTitle(chapter)),
      back(name),
      restoreButton(name, chapter, '恢复这一版'),
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

/** Two versions, field by field. */
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

/** Asks before a version is put on top of a draft that others wrote in, or that is in review. */
export function restoreQuestion(
  editor: Editor,
  { name, title }: HistoryView,
  chapter: TimelineItem,
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
      h('p', null, `要恢复的：${versionTitle(chapter)}`),
      actionButton(historyAddress(name), '仍要恢复', { version: chapter.commit, sure: commit }),
      back(name),
    ),
  });
}

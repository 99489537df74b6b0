import { collections } from '../../model/collections/collections.ts';
import { dateAndTimeInChina } from '../domain/china-time.ts';
import { stateWords, type Draft } from '../drafts/drafts.ts';
import type { EntryRef } from '../domain/entry-ref.ts';
import type { TimelineItem, ChangeKind } from '../history/timeline.ts';
import type { Difference } from '../history/version-diff.ts';
import { conflictAddress, type Conflict } from '../editing/save-conflicts.ts';
import type { Editor } from '../domain/editor.ts';
import { comparisonView } from './comparison/comparison-view.ts';
import type { ErasedWords, Sides } from './comparison/sides.ts';
import { versionView } from './comparison/version-view.ts';
import { actionButton } from './shell/form.ts';
import { attributes, html, type Html } from './shell/html.ts';
import { deskPageHtml, type Message } from './shell/page-shell.ts';
import { editorAddress, historyAddress } from './shell/addresses.ts';

/** An entry with its history, newest item first. */
export interface HistoryView {
  name: EntryRef;
  /** The title of the newest version. */
  title: string;
  items: readonly TimelineItem[];
  erased: ErasedWords;
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

function whenAndWho({ at, author }: TimelineItem): Html {
  return html`<time datetime="${at}">${dateAndTimeInChina(at)}</time>${author.name !== '' && ` ${author.name}`}`;
}

function versionTitle(item: TimelineItem): string {
  return `${dateAndTimeInChina(item.at)} ${item.author.name} ${wordsOf(item)}`;
}

function versionLinks(name: EntryRef, { commit }: TimelineItem, earlier: TimelineItem | undefined): Html {
  const address = historyAddress(name);
  const changes = earlier && html`<a href="${address}?from=${earlier.commit}&amp;to=${commit}">这一版改了什么</a>`;
  return html`<p class="actions"><a href="${address}?version=${commit}">看这一版</a>${changes}</p>`;
}

function itemView(name: EntryRef, item: TimelineItem, versions: readonly TimelineItem[]): Html {
  const { commit, isVersion, reason, line } = item;
  const place = versions.indexOf(item);
  const pick = (side: 'from' | 'to', text: string, checked: boolean): Html => {
    const label = `${text}：${versionTitle(item)}`;
    const box = { type: 'radio', name: side, value: commit, checked, 'aria-label': label };
    return html`<label><input ${attributes(box)} />${text}</label>`;
  };
  const picks = html`<p>${pick('from', '旧的一版', place === 1)}${pick('to', '新的一版', place === 0)}</p>`;
  return html`
    <li class="${isVersion ? 'version' : 'event'}">
      <p>
        ${whenAndWho(item)}
        <strong>${wordsOf(item)}</strong>${line === 'trash' && html`<span class="mark">已删除的草稿</span>`}
      </p>
      ${reason !== undefined && html`<p class="message error">理由：${reason}</p>`}
      ${isVersion && versionLinks(name, item, versions[place + 1])} ${isVersion && versions.length > 1 && picks}
    </li>
  `;
}

function conflictList(conflicts: readonly Conflict[]): Html | undefined {
  if (conflicts.length === 0) return undefined;
  const items = conflicts.map((conflict) => {
    const words = `${dateAndTimeInChina(conflict.at)} ${conflict.by.name}写的`;
    return html`<li><a href="${conflictAddress(conflict)}">${words}</a></li>`;
  });
  return html`
    <section>
      <h2>没有存进去的（${conflicts.length}）</h2>
      <p class="quiet">和别人同时改，没有保存成的文字都留在这里。</p>
      <ul class="entries">
        ${items}
      </ul>
    </section>
  `;
}

/** Returns the page of an entry's history, newest item first. `conflicts` are the texts that were not saved. */
export function historyPage(
  editor: Editor,
  { name, title, items }: HistoryView,
  conflicts: readonly Conflict[],
  message?: Message,
): string {
  const versions = items.filter(({ isVersion }) => isVersion);
  const list = html`
    <ol class="timeline">
      ${items.map((item) => itemView(name, item, versions))}
    </ol>
  `;
  const form = html`
    <form method="get" action="${historyAddress(name)}">
      ${list}
      <p><button type="submit">比较选中的两版</button></p>
    </form>
  `;
  return deskPageHtml({
    title: `历史：${title}`,
    editor,
    message,
    content: html`
      <p class="quiet">
        ${collections[name.collection].labelOne} · ${versions.length} 个版本，最近的在前 ·
        <a href="${editorAddress(name)}">去写稿</a>
      </p>
      ${conflictList(conflicts)}
      <h2>经过</h2>
      ${versions.length > 1 ? form : list}
    `,
  });
}

function back(name: EntryRef): Html {
  return html`<p><a href="${historyAddress(name)}">回到历史</a></p>`;
}

function restoreButton(name: EntryRef, { commit }: TimelineItem, text: string): Html {
  return html`
    ${actionButton(historyAddress(name), text, { version: commit })}
    <p class="quiet">恢复只是把这一版存成新的草稿，不会发布；现在的版本仍留在历史里。</p>
  `;
}

/**
 * Returns the page that shows one version, without a comparison: its fields, compared with nothing, and its Markdown.
 */
export function versionPage(
  editor: Editor,
  { name, title, erased }: HistoryView,
  item: TimelineItem,
  { fields, body }: { fields: readonly Difference[]; body: string },
  message?: Message,
): string {
  const side = { title: '这一版', commit: item.commit, erased };
  return deskPageHtml({
    title: `旧版：${title}`,
    editor,
    message,
    content: html`
      <p>${versionTitle(item)}</p>
      ${back(name)} ${restoreButton(name, item, '恢复这一版')} ${versionView(name, fields, body, side)}
    `,
  });
}

/** Returns the page that compares two versions, field by field. */
export function comparisonPage(
  editor: Editor,
  { name, title, erased }: HistoryView,
  { from, to }: { from: TimelineItem; to: TimelineItem },
  differences: readonly Difference[],
): string {
  const sides: Sides = {
    before: { title: '旧', commit: from.commit, erased },
    after: { title: '新', commit: to.commit, erased },
  };
  return deskPageHtml({
    title: `比较：${title}`,
    editor,
    content: html`
      <p>旧：${versionTitle(from)}<br />新：${versionTitle(to)}</p>
      ${back(name)} ${differences.length === 0 ? html`<p>两版没有不同。</p>` : comparisonView(name, differences, sides)}
      <h2>恢复</h2>
      ${restoreButton(name, from, '恢复旧的这一版')}
    `,
  });
}

/**
 * Returns the page that asks for confirmation before an older version replaces a draft: one that others wrote in, or
 * that is in review or approved.
 */
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
    content: html`
      <p>要恢复的：${versionTitle(item)}</p>
      ${actionButton(historyAddress(name), '仍要恢复', { version: item.commit, sure: commit })} ${back(name)}
    `,
  });
}

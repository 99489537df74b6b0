import { collections } from '../../model/collections/collections.ts';
import { timeInChina } from '../domain/china-time.ts';
import type { EntryTitles, TitledEntry } from '../drafts/entry-titles.ts';
import type { AuditLog } from '../accounts/audit-log.ts';
import type { Editor } from '../domain/editor.ts';
import { h, deskPageHtml, type ReactNode } from './page-shell.ts';
import { historyAddress } from './links.ts';

export interface AuditPageDeps {
  audit: AuditLog;
  titles: EntryTitles;
}

const ON_A_PAGE = 100;

/** Shows the object of an action: an entry by its kind and title, with a link to its history; anything else as noted. */
function objectOf(object: string, titles: ReadonlyMap<string, TitledEntry>): ReactNode {
  const titled = titles.get(object);
  if (!titled) return object;
  const { name, title } = titled;
  return h('a', { href: historyAddress(name) }, `${collections[name.collection].labelOne}：${title}`);
}

/** The page of the audit log, newest first; `before`: the id of the action that the page begins after. */
export async function auditPage(
  editor: Editor,
  { audit, titles }: AuditPageDeps,
  before: number | undefined,
): Promise<string> {
  const actions = audit.latest(ON_A_PAGE, before);
  const known = await titles.of(actions.map(({ object }) => object));
  const last = actions.at(-1);
  return deskPageHtml({
    title: '操作记录',
    editor,
    content: h(
      'div',
      null,
      h('p', { className: 'quiet' }, '登录和每一次更改，最近的在前。记录只增不减，不能修改。'),
      h(
        'table',
        { className: 'stacked' },
        h(
          'thead',
          null,
          h(
            'tr',
            null,
            ['时间', '谁', '做了什么', '对象'].map((text) => h('th', { key: text, scope: 'col' }, text)),
          ),
        ),
        h(
          'tbody',
          null,
          actions.map(({ id, at, login, name, action, object }) =>
            h(
              'tr',
              { key: id },
              h('td', { 'data-label': '时间' }, h('time', { dateTime: at }, `${at.slice(0, 4)}年 ${timeInChina(at)}`)),
              h('td', { 'data-label': '谁' }, name === '' ? login : `${name}（${login}）`),
              h('td', { 'data-label': '做了什么' }, action),
              h('td', { 'data-label': '对象' }, objectOf(object, known)),
            ),
          ),
        ),
      ),
      actions.length === 0 ? h('p', null, '没有更早的记录。') : null,
      last && actions.length === ON_A_PAGE
        ? h('p', null, h('a', { href: `/desk/audit?before=${last.id}` }, '更早的'))
        : null,
    ),
  });
}

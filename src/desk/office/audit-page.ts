import { clock } from '../calendar.ts';
import type { Audit } from '../people/audit.ts';
import type { Editor } from '../people/editor.ts';
import { h, officeHtml } from './page.ts';

const ON_A_PAGE = 100;

/** What was done at the desk, latest first; `before`: the number of the deed that a page begins after. */
export function auditPage(editor: Editor, audit: Audit, before: number | undefined): string {
  const deeds = audit.latest(ON_A_PAGE, before);
  const last = deeds.at(-1);
  return officeHtml({
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
          deeds.map(({ id, at, login, name, deed, object }) =>
            h(
              'tr',
              { key: id },
              h('td', { 'data-label': '时间' }, h('time', { dateTime: at }, `${at.slice(0, 4)}年 ${clock(at)}`)),
              h('td', { 'data-label': '谁' }, name === '' ? login : `${name}（${login}）`),
              h('td', { 'data-label': '做了什么' }, deed),
              h('td', { 'data-label': '对象' }, object),
            ),
          ),
        ),
      ),
      deeds.length === 0 ? h('p', null, '没有更早的记录。') : null,
      last && deeds.length === ON_A_PAGE
        ? h('p', null, h('a', { href: `/desk/audit?before=${last.id}` }, '更早的'))
        : null,
    ),
  });
}

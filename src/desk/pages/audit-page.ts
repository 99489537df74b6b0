import { collections } from '../../model/collections/collections.ts';
import { timeInChina } from '../domain/china-time.ts';
import type { EntryTitles, TitledEntry } from '../catalogue/entry-titles.ts';
import type { AuditLog } from '../accounts/audit-log.ts';
import type { Editor } from '../domain/editor.ts';
import { html, type Content } from './shell/html.ts';
import { deskPageHtml } from './shell/page-shell.ts';
import { historyAddress } from './shell/addresses.ts';

export interface AuditPageDeps {
  audit: AuditLog;
  titles: EntryTitles;
}

const ON_A_PAGE = 100;

/**
 * Returns the object of an action as HTML. An entry is shown by its kind and title, with a link to its history;
 * anything else as the audit log names it.
 */
function objectOf(object: string, titles: ReadonlyMap<string, TitledEntry>): Content {
  const titled = titles.get(object);
  if (!titled) return object;
  const { name, title } = titled;
  return html`<a href="${historyAddress(name)}">${collections[name.collection].labelOne}：${title}</a>`;
}

/**
 * Returns the page of the audit log, newest actions first. `before` is the id of an action: the page lists only older
 * ones.
 */
export async function auditPage(
  editor: Editor,
  { audit, titles }: AuditPageDeps,
  before: number | undefined,
): Promise<string> {
  const actions = audit.latest(ON_A_PAGE, before);
  const known = await titles.of(actions.map(({ object }) => object));
  const last = actions.at(-1);
  const rows = actions.map(
    ({ at, login, name, action, object }) => html`
      <tr>
        <td data-label="时间"><time datetime="${at}">${at.slice(0, 4)}年 ${timeInChina(at)}</time></td>
        <td data-label="谁">${name === '' ? login : `${name}（${login}）`}</td>
        <td data-label="做了什么">${action}</td>
        <td data-label="对象">${objectOf(object, known)}</td>
      </tr>
    `,
  );
  return deskPageHtml({
    title: '操作记录',
    editor,
    content: html`
      <p class="quiet">登录和每一次更改，最近的在前。记录只增不减，不能修改。</p>
      <table class="stacked">
        <thead>
          <tr>
            <th scope="col">时间</th>
            <th scope="col">谁</th>
            <th scope="col">做了什么</th>
            <th scope="col">对象</th>
          </tr>
        </thead>
        <tbody>
          ${rows}
        </tbody>
      </table>
      ${actions.length === 0 && html`<p>没有更早的记录。</p>`}
      ${last && actions.length === ON_A_PAGE && html`<p><a href="/desk/audit?before=${last.id}">更早的</a></p>`}
    `,
  });
}

import { role, roleWords } from '../../model/roles.ts';
import { dateInChina, timeInChina } from '../domain/china-time.ts';
import type { Account } from '../accounts/accounts.ts';
import type { Editor } from '../domain/editor.ts';
import type { Invitation } from '../accounts/invitations.ts';
import { actionButton, choice, field, optionsOf } from './shell/form.ts';
import { html, type Html } from './shell/html.ts';
import { deskPageHtml, type Message } from './shell/page-shell.ts';

/** A link that has just been created. It is shown only once. */
export interface FreshLink {
  about: string;
  address: string;
}

export interface PeopleView {
  editor: Editor;
  accounts: readonly Account[];
  invitations: readonly Invitation[];
  /** The full names of the units, by code. */
  units: ReadonlyMap<string, string>;
  link?: FreshLink | undefined;
  message?: Message | undefined;
}

const roles = role.options.map((value) => [value, roleWords[value]] as const);

function unitsOf(units: ReadonlyMap<string, string>): (readonly [code: string, name: string])[] {
  return [['', '（不属于单位）'], ...units];
}

function invite(units: ReadonlyMap<string, string>): Html {
  const about = { name: 'role', label: '角色', hint: '作者只写本单位；审核看全市；管理员还管人和设置。' };
  return html`
    <form method="post" action="/desk/people/invite">
      <div class="row">
        ${field({ name: 'name', label: '姓名', hint: '写给谁的邀请。', input: { maxlength: 20, autocomplete: 'off' } })}
        ${choice(about, roles, 'author')}
        ${choice({ name: 'unit', label: '单位', hint: '作者一定要有单位。' }, unitsOf(units), '')}
      </div>
      <p><button type="submit">生成邀请链接</button></p>
    </form>
  `;
}

function accountRow(account: Account, { editor, units }: PeopleView): Html {
  const { id, login, name, role: own, unit, disabled, created } = account;
  const ask = `停用${name}的账号？他（她）会马上退出登录。`;
  const toggle = disabled
    ? actionButton('/desk/people/enable', '恢复', { id }, 'plain')
    : actionButton('/desk/people/disable', '停用', { id }, 'plain', ask);
  return html`
    <tr>
      <th scope="row">${name}<small>${login}</small></th>
      <td data-label="角色和单位">
        <form method="post" action="/desk/people/change" class="row">
          <input type="hidden" name="id" value="${id}" />
          <select name="role" aria-label="${name}的角色">
            ${optionsOf(roles, own)}
          </select>
          <select name="unit" aria-label="${name}的单位">
            ${optionsOf(unitsOf(units), unit ?? '')}
          </select>
          <button type="submit" class="plain">改</button>
        </form>
      </td>
      <td data-label="状态">${disabled ? '已停用' : '在用'}<small>${dateInChina(created)} 起</small></td>
      <td>${actionButton('/desk/people/link', '重设密码的链接', { id }, 'plain')}${id !== editor.id && toggle}</td>
    </tr>
  `;
}

function invitationItem({ hash, name, role: own, unit, expires }: Invitation, { units }: PeopleView): Html {
  const position = unit === undefined ? roleWords[own] : `${roleWords[own]}，${units.get(unit) ?? unit}`;
  const until = timeInChina(new Date(expires).toISOString());
  return html`
    <li>
      ${name}（${position}），${until} 以前有效 ${actionButton('/desk/people/revoke', '收回', { token: hash }, 'plain')}
    </li>
  `;
}

function freshLink({ about, address }: FreshLink): Html {
  return html`
    <section class="message">
      <p>${about} 请复制给本人，这里只显示一次：</p>
      <pre id="link">${address}</pre>
      <button type="button" data-copy="link">复制链接</button>
    </section>
  `;
}

/** Returns the page with the form for an invitation, the open invitations, and all accounts. */
export function peoplePage(view: PeopleView): string {
  const { editor, accounts, invitations, units, link, message } = view;
  const open = html`
    <ul class="entries">
      ${invitations.map((invitation) => invitationItem(invitation, view))}
    </ul>
  `;
  return deskPageHtml({
    title: '人员',
    editor,
    message,
    content: html`
      ${link && freshLink(link)}
      <h2>邀请</h2>
      ${invite(units)} ${invitations.length > 0 && open}
      <h2>账号</h2>
      <table class="stacked">
        <thead>
          <tr>
            <th scope="col">姓名</th>
            <th scope="col">角色和单位</th>
            <th scope="col">状态</th>
            <th scope="col"></th>
          </tr>
        </thead>
        <tbody>
          ${accounts.map((account) => accountRow(account, view))}
        </tbody>
      </table>
    `,
  });
}

import { role, roleWords } from '../../model/roles.ts';
import { dateInChina, timeInChina } from '../domain/china-time.ts';
import type { Account } from '../accounts/accounts.ts';
import type { Editor } from '../domain/editor.ts';
import type { Invitation } from '../accounts/invitations.ts';
import { choice, actionButton, field } from './form.ts';
import { h, deskPageHtml, type Message, type ReactNode } from './page-shell.ts';

/** A link that was just made. It is shown once. */
export interface FreshLink {
  about: string;
  address: string;
}

export interface PeopleView {
  editor: Editor;
  accounts: readonly Account[];
  invitations: readonly Invitation[];
  /** Units by code, with their full names. */
  units: ReadonlyMap<string, string>;
  link?: FreshLink | undefined;
  message?: Message | undefined;
}

const roles = role.options.map((value) => [value, roleWords[value]] as const);

function unitsOf(units: ReadonlyMap<string, string>): [string, string][] {
  return [...units];
}

function invite(units: ReadonlyMap<string, string>): ReactNode {
  return h(
    'form',
    { method: 'post', action: '/desk/people/invite' },
    h(
      'div',
      { className: 'row' },
      field({ name: 'name', label: '姓名', hint: '写给谁的邀请。', input: { maxLength: 20, autoComplete: 'off' } }),
      choice(
        { name: 'role', label: '角色', hint: '作者只写本单位；审核看全市；管理员还管人和设置。' },
        roles,
        'author',
      ),
      choice({ name: 'unit', label: '单位', hint: '作者一定要有单位。' }, unitsOf(units), '', '（不属于单位）'),
    ),
    h('p', null, h('button', { type: 'submit' }, '生成邀请链接')),
  );
}

function accountRow(account: Account, { editor, units }: PeopleView): ReactNode {
  const { id, login, name, role: own, unit, disabled, created } = account;
  const self = id === editor.id;
  return h(
    'tr',
    { key: id },
    h('th', { scope: 'row' }, name, h('small', null, login)),
    h(
      'td',
      { 'data-label': '角色和单位' },
      h(
        'form',
        { method: 'post', action: '/desk/people/change', className: 'row' },
        h('input', { type: 'hidden', name: 'id', value: id }),
        h(
          'select',
          { name: 'role', defaultValue: own, 'aria-label': `${name}的角色` },
          roles.map(([value, text]) => h('option', { key: value, value }, text)),
        ),
        h(
          'select',
          { name: 'unit', defaultValue: unit ?? '', 'aria-label': `${name}的单位` },
          h('option', { value: '' }, '（不属于单位）'),
          unitsOf(units).map(([value, text]) => h('option', { key: value, value }, text)),
        ),
        h('button', { type: 'submit', className: 'plain' }, '改'),
      ),
    ),
    h('td', { 'data-label': '状态' }, disabled ? '已停用' : '在用', h('small', null, `${dateInChina(created)} 起`)),
    h(
      'td',
      null,
      actionButton('/desk/people/link', '重设密码的链接', { id }, 'plain'),
      self
        ? null
        : disabled
          ? actionButton('/desk/people/enable', '恢复', { id }, 'plain')
          : actionButton(
              '/desk/people/disable',
              '停用',
              { id },
              'plain',
              `停用${name}的账号？他（她）会马上退出登录。`,
            ),
    ),
  );
}

/** The page of accounts, open invitations and the form for a new one. */
export function peoplePage(view: PeopleView): string {
  const { editor, accounts, invitations, units, link, message } = view;
  return deskPageHtml({
    title: '人员',
    editor,
    message,
    content: h(
      'div',
      null,
      link
        ? h(
            'section',
            { className: 'message' },
            h('p', null, `${link.about} 请复制给本人，这里只显示一次：`),
            h('pre', { id: 'link' }, link.address),
            h('button', { type: 'button', 'data-copy': 'link' }, '复制链接'),
          )
        : null,
      h('h2', null, '邀请'),
      invite(units),
      invitations.length > 0
        ? h(
            'ul',
            { className: 'entries' },
            invitations.map(({ hash, name, role: own, unit, expires }) =>
              h(
                'li',
                { key: hash },
                `${name}（${roleWords[own]}${unit === undefined ? '' : `，${units.get(unit) ?? unit}`}），${timeInChina(new Date(expires).toISOString())} 以前有效 `,
                actionButton('/desk/people/revoke', '收回', { token: hash }, 'plain'),
              ),
            ),
          )
        : null,
      h('h2', null, '账号'),
      h(
        'table',
        { className: 'stacked' },
        h(
          'thead',
          null,
          h(
            'tr',
            null,
            ['姓名', '角色和单位', '状态', ''].map((text) => h('th', { key: text, scope: 'col' }, text)),
          ),
        ),
        h(
          'tbody',
          null,
          accounts.map((account) => accountRow(account, view)),
        ),
      ),
    ),
  });
}
